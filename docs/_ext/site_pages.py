"""What the site has beyond the Markdown files in `docs/`, which are written to be read on GitHub too.

It has the documents of the repository's root, a page with the signatures and docstrings of the public API, and the
navigation that follows from the links of `index.md`.
"""

import inspect
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

ROOT = Path(__file__).parents[2]
GENERATED = ROOT / "docs/_generated"
API = GENERATED / "api.md"
API_HEAD = """\
# The public API in detail

Signatures and docstrings of every name in [the list](../public-api.md).
"""
ROW = re.compile(r"^\| `(multinexo_oauth[\w.]*)` \| (.*?) \|", re.MULTILINE)
# Classes whose attributes are documented by Django and by the page that shows how to replace their form.
WITHOUT_MEMBERS = {"multinexo_oauth.admin", "multinexo_oauth.pages.views"}


def root_documents() -> list[str]:
    """Return the Markdown files of the repository's root that are pages; `index.md` takes the README's place."""
    return sorted(path.name for path in ROOT.glob("*.md") if path.name != "README.md")


def write_pages(app: Sphinx, config: object) -> None:
    GENERATED.mkdir(exist_ok=True)
    pages = {name: _from_root((ROOT / name).read_text()) for name in root_documents()}
    for name, text in (pages | {API.name: api_page()}).items():
        page = GENERATED / name
        if not page.exists() or page.read_text() != text:
            page.write_text(text)


def _from_root(text: str) -> str:
    """Return a root document with the links that it needs two folders further down."""
    text = re.sub(r"\]\(docs/", "](../", text)
    return re.sub(r"\]\((?=(?:tests|example_project)/)", "](../../", text)


def api_page() -> str:
    rows = ROW.findall((ROOT / "docs/public-api.md").read_text())
    return "\n".join([API_HEAD, *(line for module, names in rows for line in _module(module, names))])


def _module(module: str, names: str) -> Iterator[str]:
    yield f"## `{module}`\n"
    yield f"```{{eval-rst}}\n.. automodule:: {module}\n   :no-members:\n"
    for name in re.findall(r"`(\w+)`", names):
        yield from _directive(module, name)
    yield "```\n"


def _directive(module: str, name: str) -> Iterator[str]:
    value = getattr(import_module(module), name)
    if inspect.isclass(value):
        yield f".. autoclass:: {module}.{name}"
        if module not in WITHOUT_MEMBERS:
            yield "   :members:"
    elif inspect.isroutine(value):
        yield f".. autofunction:: {module}.{name}"
    elif type(value).__module__ == "builtins":
        # The docstring of a list or a tuple is Python's own.
        yield f".. py:data:: {module}.{name}"
    else:
        yield f".. autodata:: {module}.{name}\n   :no-value:"
    yield ""


def adapt(app: Sphinx, name: str, source: list[str]) -> None:
    """Point links to root documents at their pages, and give `index.md` its navigation."""
    if name.startswith("_generated/"):
        return
    for document in root_documents():
        source[0] = source[0].replace(f"](../{document}", f"](_generated/{document}")
    if name == "index":
        source[0] = _with_navigation(source[0])


def _with_navigation(index: str) -> str:
    """Add a table of contents for each section's list of links."""
    contents = [index]
    for section in index.split("\n## ")[1:]:
        caption, _, rest = section.partition("\n")
        pages = "\n".join(re.findall(r"^- \[.*?\]\((.*?)\.md\)", rest, re.MULTILINE))
        pages = pages.replace("public-api", "public-api\n_generated/api")
        contents.append(f"```{{toctree}}\n:hidden:\n:caption: {caption}\n\n{pages}\n```\n")
    return "\n".join(contents)


def read_markdown_code(app: Sphinx, what: str, name: str, value: Any, options: Any, lines: list[str]) -> None:
    """Docstrings write code between single backticks, as Markdown does, and indented below a colon."""
    text = re.sub(r"(?<!`)`([^`]+)`(?!`)", r"``\1``", "\n".join(lines))
    lines[:] = re.sub(r":\n\n(?= {4})", "::\n\n", text).split("\n")


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("config-inited", write_pages)
    app.connect("source-read", adapt)
    app.connect("autodoc-process-docstring", read_markdown_code)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
