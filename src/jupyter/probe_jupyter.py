"""Prints, as JSON, which versions of the packages xnorlab needs this Python has; null where one is missing."""

import json
import platform
from importlib.metadata import PackageNotFoundError, version


def installed(name):
    try:
        return version(name)
    except PackageNotFoundError:
        return None


names = ["jupyterlab", "nbclient", "nbconvert", "jupyter_client"]
print(json.dumps({"python": platform.python_version(), **{name: installed(name) for name in names}}))
