"""Whatever the app imports is declared: pip then brings a release that it was made for."""

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
# Modules that a site imports by itself, and the extra it installs for them.
OPTIONAL = {
    "redis_cache.py": "redis",
    "rest_framework/schema.py": "openapi",
    "rest_framework/fixtures.py": "test-tools",
}
# Their security fixes come in major releases, several a year: a bound would keep them out.
UNBOUNDED = {"cryptography", "pillow", "pytest"}


def declared(extra=None):
    """Return what is declared, by its canonical name."""
    lines = PROJECT["optional-dependencies"][extra] if extra else PROJECT["dependencies"]
    return {canonicalize_name(it.name): it.specifier for it in map(Requirement, lines)}


def imported():
    """Give each file of the app with each distribution that it imports from."""
    distributions = packages_distributions()
    package = ROOT / "multinexo_oauth"
    for file in sorted(package.rglob("*.py")):
        for module in sorted(modules(ast.parse(file.read_text()))):
            if module not in sys.stdlib_module_names and module != package.name:
                (distribution,) = set(distributions[module])
                yield file.relative_to(package).as_posix(), canonicalize_name(distribution)


def modules(tree):
    """Return the first part of what a file imports, at its top or within a function."""
    plain = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    absolute = (node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and not node.level)
    return {name.partition(".")[0] for name in plain | {node.module for node in absolute}}


@pytest.mark.parametrize(
    ("name", "extra"), sorted({(name, OPTIONAL.get(file)) for file, name in imported()}, key=str)
)
def test_what_a_module_imports_is_declared_from_one_release_to_another(name, extra):
    known = declared() | (declared(extra) if extra else {})
    assert name in known, "is imported and not declared"
    operators = {specifier.operator for specifier in known[name]}
    assert ">=" in operators
    assert "<" in operators or name in UNBOUNDED


def test_oauthlib_has_the_bounds_of_the_releases_that_tox_runs():
    matrix = re.findall(r"^\s*oauthlib\d+: (oauthlib\S+)$", (ROOT / "setup.cfg").read_text(), re.MULTILINE)
    lowest, *_others, highest = sorted(matrix)
    first, last = lowest.partition(",")[0], highest.partition(",")[2]
    assert declared()["oauthlib"] == Requirement(f"{first},{last}").specifier


def test_the_lowest_releases_of_tox_are_the_bounds_of_the_dependencies():
    pinned = [
        line for line in (ROOT / "tests/lowest.txt").read_text().splitlines() if not line.startswith("#")
    ]
    lower = [
        f"{it.name}=={bound.version}"
        for it in map(Requirement, PROJECT["dependencies"])
        for bound in it.specifier
        if bound.operator == ">="
    ]
    assert pinned == lower


def test_every_release_of_python_and_django_that_is_claimed_is_in_the_matrix():
    environments = (ROOT / "setup.cfg").read_text().partition("[testenv]")[0]
    claimed = re.findall(r"(Python|Django) :: (\d+)\.(\d+)", "\n".join(PROJECT["classifiers"]))
    factors = {f"{'py' if name == 'Python' else 'django'}{major}{minor}" for name, major, minor in claimed}
    assert factors
    assert factors == set(re.findall(r"\b(?:py|django)\d+", environments))
