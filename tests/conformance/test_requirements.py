"""Requirements, marks and the document hold together."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.conformance.collection import Proof
from tests.conformance.document import PATH, document
from tests.conformance.requirements import BadRequirement, Requirement, read

ROOT = PATH.parent.parent
ENTRY = '[{}]\nspec = "RFC 6749"\nsection = "{}"\ntext = "It is so."\n'
HOOK = "from tests.conformance.collection import refuse_unknown as pytest_collection_modifyitems\n"
MARKED = "from tests.conformance import proves\n\n\n@proves('nothing-known')\ndef test_it(): ...\n"


def test_requirements_stand_in_the_order_of_their_sections(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(ENTRY.format("later", "4.10") + ENTRY.format("sooner", "4.2"))
    text = document(read(tmp_path).values(), {})
    assert text.index("#section-4.2)") < text.index("#section-4.10)")


def test_the_documents_proofs_are_links_in_a_stable_order() -> None:
    proofs = {"so": {Proof("tests/test_b.py", "test_it"), Proof("tests/test_a.py", "test_it")}}
    text = document([Requirement("so", "RFC 6749", "4", "It is so.")], proofs)
    assert "- It is so.\n  - [`test_it`](../tests/test_a.py)\n  - [`test_it`](../tests/test_b.py)\n" in text


@pytest.mark.parametrize(
    "files",
    [
        {"a.toml": ENTRY.format("twice", "1"), "b.toml": ENTRY.format("twice", "2")},
        {"a.toml": ENTRY.format("twice", "1") * 2},
        {"a.toml": '[partial]\nspec = "RFC 6749"\ntext = "It is so."\n'},
        {"a.toml": 'loose = "text"\n'},
        {"a.toml": "no TOML"},
    ],
)
def test_an_invalid_catalogue_entry_is_refused(tmp_path: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    with pytest.raises(BadRequirement, match=r"\.toml"):
        read(tmp_path)


def test_a_mark_that_names_no_requirement_fails_the_run(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text(HOOK)
    (tmp_path / "test_marked.py").write_text(MARKED)
    options = ["-c", str(ROOT / "pyproject.toml"), "--rootdir", str(ROOT), str(tmp_path)]
    run = subprocess.run(
        [sys.executable, "-m", "pytest", *options], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert run.returncode == pytest.ExitCode.USAGE_ERROR
    assert "proves 'nothing-known'" in run.stderr
