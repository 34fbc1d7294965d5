"""The report in Markdown, and its place in the documents."""

import os
import platform
import re
from importlib.metadata import version
from pathlib import Path

from .plan import Plan
from .section import Section, table

DOCS = Path(__file__).parent.parent / "docs"
DOCUMENT = DOCS / "PERFORMANCE.md"
CHART = DOCS / "images" / "performance.png"
PACKAGES = [
    "Django",
    "djangorestframework",
    "django-oauth-toolkit",
    "oauthlib",
    "django-rest-knox",
    "djangorestframework-simplejwt",
    "django-allauth",
]
PLACE = re.compile(r"(?<=<!-- benchmarks -->\n).*(?=<!-- end of benchmarks -->)", re.DOTALL)


def report(sections: list[Section], plan: Plan) -> str:
    return "\n".join([about(plan), *(section.markdown() for section in sections), reached(sections)])


def reached(sections: list[Section]) -> str:
    rows = [reach.row for section in sections for reach in section.reaches]
    return "### What it is to reach\n\n" + table(["", "ratio", "at most", "reached"], rows)


def about(plan: Plan) -> str:
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    return (
        f"Medians of {plan.rounds} rounds. Python {platform.python_version()}, {packages}; "
        f"{os.cpu_count()} processors, {platform.system()} {platform.machine()}.\n"
    )


def write(sections: list[Section], plan: Plan) -> None:
    """Put the report into the document, and draw its chart."""
    from .chart import draw

    text = DOCUMENT.read_text()
    DOCUMENT.write_text(PLACE.sub(lambda _old: "\n" + report(sections, plan) + "\n", text))
    draw(sections, CHART)
