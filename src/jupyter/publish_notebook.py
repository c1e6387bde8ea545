"""Renders an executed notebook as one HTML file (`render NOTEBOOK HTML`) or marks it as trusted (`sign NOTEBOOK`)."""

import os
import sys
from pathlib import Path

import nbformat


def render(notebook, target):
    from nbconvert import HTMLExporter

    # Our figures bring their library along; a module loader fetched from the network would only be in the way.
    exporter = HTMLExporter(require_js_url="")
    html, _ = exporter.from_notebook_node(nbformat.read(notebook, as_version=4))
    path = Path(target)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        temporary.write_text(html, encoding="utf-8")
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def sign(notebook):
    from nbformat.sign import NotebookNotary

    NotebookNotary().sign(nbformat.read(notebook, as_version=4))


if __name__ == "__main__":
    {"render": render, "sign": sign}[sys.argv[1]](*sys.argv[2:])
