"""docs/ARCHITECTURE.md is the map of the tree: each room is on it, and each room on it is there."""

import ast
import re
from collections.abc import Iterator
from graphlib import TopologicalSorter
from importlib.util import resolve_name
from pathlib import Path

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "multinexo_oauth"
MAP = (ROOT / "docs/ARCHITECTURE.md").read_text()
NAMED = set(re.findall(r"`([\w./-]+)`", MAP))

# The map's first table, from the top room down; names of one row are on one floor.
FLOORS = [re.findall(r"`(\w+)/?`", row) for row in re.findall(r"^\| (`\w+/?`.*?) \|", MAP, re.MULTILINE)]


def imports(path: Path) -> Iterator[str]:
    """Give the modules of the package that a file imports, wherever in the file."""
    package = ".".join(path.relative_to(ROOT).parent.parts)
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom):
            module = resolve_name(f"{'.' * node.level}{node.module or ''}", package)
            yield from (
                f"{module}.{name.name}" if _is_module(f"{module}.{name.name}") else module
                for name in node.names
            )
        elif isinstance(node, ast.Import):
            yield from (name.name for name in node.names)


def _is_module(name: str) -> bool:
    path = ROOT / name.replace(".", "/")
    return path.with_suffix(".py").exists() or (path / "__init__.py").exists()


def drawing() -> dict[str, set[str]]:
    """Return which modules each module of the package imports."""
    found = {}
    for path in PACKAGE.rglob("*.py"):
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        ours = {module for module in imports(path) if module.startswith("multinexo_oauth.")}
        found[name] = ours - {name}
    return found


def test_no_modules_import_each_other_in_a_circle() -> None:
    TopologicalSorter(drawing()).prepare()


def test_every_room_imports_rooms_below_it() -> None:
    floor = {room: number for number, rooms in enumerate(FLOORS) for room in rooms}
    upward = {
        f"{module} -> {imported}"
        for module, imported_by_it in drawing().items()
        for imported in imported_by_it
        if module != "multinexo_oauth"
        and floor.get(module.split(".")[1], 0) > floor.get(imported.split(".")[1], len(FLOORS))
    }
    assert not upward


def test_every_room_of_the_package_is_on_the_map() -> None:
    modules = {path.stem for path in PACKAGE.glob("*.py") if not path.stem.startswith("_")}
    folders = {f"{path.name}/" for path in PACKAGE.iterdir() if path.is_dir() and path.name != "__pycache__"}
    assert not (modules | folders) - NAMED


def test_every_room_of_the_tests_is_on_the_map() -> None:
    rooms = {path.name for path in (ROOT / "tests").iterdir() if (path / "__init__.py").exists()}
    of_the_package = {path.name for path in PACKAGE.iterdir() if path.is_dir()}
    others = {f"{name}/" for name in rooms - of_the_package} - {
        "conformance/",
        "example_project/",
        "every_url/",
    }
    assert {name for name in others if name not in NAMED and f"tests/{name[:-1]}" not in NAMED} <= {
        "properties/"
    }


def test_every_place_that_the_map_names_is_there() -> None:
    places = {name for name in NAMED if "/" in name and not name.startswith(("http", "oauth2_provider"))}
    missing = {
        place
        for place in places
        if not any(
            (folder / candidate).exists()
            for folder in (ROOT, PACKAGE, PACKAGE / "pages")
            for candidate in (place, f"{place}.py", f"tests/{place}")
        )
    }
    assert not missing


def test_every_room_of_the_server_is_on_the_map() -> None:
    rooms = {f"server/{path.parent.name}/" for path in (PACKAGE / "server").glob("*/__init__.py")}
    assert not rooms - NAMED


def test_every_file_of_the_servers_rooms_has_a_reason_to_be_found() -> None:
    """A file says in its first line what it holds, unless its one noun says so."""
    files = [path for path in (PACKAGE / "server").rglob("*.py") if path.stem != "__init__"]
    assert {path.name for path in files if not path.read_text().startswith('"""')} == {
        "issuer.py",
        "reuse.py",
    }


def test_no_module_imports_a_test_module() -> None:
    """Steps that several tests share are in a module of their own, named for what it gives."""
    importing = {
        f"{path.relative_to(ROOT)} -> {module}"
        for path in (ROOT / "tests").rglob("*.py")
        if "node_modules" not in path.parts
        for module in imports(path)
        if module.startswith("tests.") and module.rpartition(".")[2].startswith("test_")
    }
    assert not importing
