"""Renders an executed notebook as one HTML file (`render NOTEBOOK HTML HEAD TOP PAGES`), with HTML for its head and for the
top of its page, and the pages of other notebooks by their files, as JSON; or marks it as trusted (`sign NOTEBOOK`)."""

import json
import os
import sys
from html import escape
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

import nbformat

# The page of JupyterLab's template in both of its themes, without what it would fetch from the network: MathJax, Mermaid.
TEMPLATE = """
{%- extends 'lab/index.html.j2' -%}
{%- block html_head_js -%}{%- endblock -%}
{%- block html_head_js_mathjax -%}{%- endblock -%}
{%- block html_head_js_mermaidjs -%}{%- endblock -%}
{%- block html_head_css -%}
{{ resources.include_css("static/theme-dark.css") | replace("<style", '<style media="(prefers-color-scheme: dark)"') }}
<link rel="icon" href="data:,">
{{ resources.xnorlab_head }}
{%- endblock -%}
{%- block body_header -%}
{{ super() }}
{{ resources.xnorlab_top }}
{%- endblock -%}
"""


def render(notebook, target, head, top, pages):
    from jinja2 import pass_context
    from nbconvert import HTMLExporter
    from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

    page_of = json.loads(pages)

    class Renderer(IPythonRenderer):
        """Formulas as MathML, which browsers draw themselves. Links to files lead to their pages, or are text."""

        def link(self, text, url, title=None):
            place = urlsplit(url)
            if place.scheme or place.netloc or not place.path:
                return super().link(text, url, title)
            page = page_of.get(Path(unquote(place.path)).name)
            if page is None:
                return text
            return super().link(text, place._replace(path=quote(page)).geturl(), title)

        def inline_math(self, body):
            return mathml(body, "inline")

        def block_math(self, body):
            return f'<span class="xnorlab-formula">{mathml(body, "block")}</span>'

    class Exporter(HTMLExporter):
        @pass_context
        def markdown2html(self, context, source):
            renderer = Renderer(escape=False, attachments=context.get("cell", {}).get("attachments", {}))
            return MarkdownWithMath(renderer=renderer).render(source)

    exporter = Exporter(raw_template=TEMPLATE)
    document = nbformat.read(notebook, as_version=4)
    resources = {"xnorlab_head": head, "xnorlab_top": top, "metadata": {"name": title_of(document, notebook)}}
    html, _ = exporter.from_notebook_node(document, resources=resources)
    path = Path(target)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        temporary.write_text(html, encoding="utf-8")
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def mathml(tex, display):
    """The formula; its TeX as text where this Python has no converter, or the converter does not know it."""
    try:
        from latex2mathml.converter import convert

        return convert(tex.strip(), display=display)
    except Exception:
        return f"<code>{escape(tex.strip())}</code>"


def title_of(document, notebook):
    """The first heading, else the name of the file."""
    for cell in document.cells[:1]:
        if cell.cell_type == "markdown" and cell.source.startswith("# "):
            return cell.source.splitlines()[0][2:].replace("`", "")
    return Path(notebook).stem


def sign(notebook):
    from nbformat.sign import NotebookNotary

    NotebookNotary().sign(nbformat.read(notebook, as_version=4))


if __name__ == "__main__":
    {"render": render, "sign": sign}[sys.argv[1]](*sys.argv[2:])
