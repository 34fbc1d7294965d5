"""`python -m tests.conformance` writes the document; with `--check` it says what is wrong with it instead."""

import argparse
import sys
from collections.abc import Iterator

from .collection import CannotCollect, collect
from .document import PATH, document
from .requirements import BadRequirement, read


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.conformance")
    parser.add_argument(
        "--check", action="store_true", help="fail if the document is stale or something unproved"
    )
    options = parser.parse_args()
    try:
        requirements, proofs = read(), collect()
    except (BadRequirement, CannotCollect) as error:
        print(error, file=sys.stderr)
        return 1
    text = document(requirements.values(), proofs)
    if not options.check:
        PATH.write_text(text, encoding="utf-8")
        return 0
    wrong = list(problems(text, requirements.keys() - proofs.keys()))
    print(*wrong, sep="\n", file=sys.stderr)
    return bool(wrong)


def problems(text: str, unproved: set[str]) -> Iterator[str]:
    for requirement in sorted(unproved):
        yield f"No test proves [{requirement}]."
    if not PATH.exists() or PATH.read_text(encoding="utf-8") != text:
        yield "docs/CONFORMANCE.md is out of date: run python -m tests.conformance."


if __name__ == "__main__":
    sys.exit(main())
