"""The workflows run what `.ci/run` runs, by the same scripts."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
CHECKS = {path.name: path.read_text() for path in (ROOT / ".ci").glob("check-*")}
RUN = (ROOT / ".ci" / "run").read_text()
WORKFLOWS = "".join(path.read_text() for path in (ROOT / ".github" / "workflows").glob("*.yml"))


def started(script: str) -> set[str]:
    """Return the checks that a script starts, and those that these start."""
    direct = set(re.findall(r"\.ci/(check-[a-z]+)", script))
    return direct.union(*(set(re.findall(r"^\.ci/(check-[a-z]+)", CHECKS[name], re.M)) for name in direct))


@pytest.mark.parametrize("script", [RUN, WORKFLOWS], ids=["run", "workflows"])
def test_every_check_is_run(script: str) -> None:
    assert started(script) == set(CHECKS)


def test_the_workflow_takes_its_environments_from_tox() -> None:
    assert "$(.ci/list-environments)" in WORKFLOWS
    assert not re.search(r"py3\d+-django", WORKFLOWS)
