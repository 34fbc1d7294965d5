"""Which clause of which specification a test proves. `docs/CONFORMANCE.md` is made of these marks.

The requirements stand in the TOML files beside this one, one file a subject, each entry under its own id:

    [code-once]
    spec = "RFC 6749"
    section = "4.1.2"
    text = "A code that is used twice is refused, and every token that came of it is revoked."
"""

import pytest


def proves(*requirements: str) -> pytest.MarkDecorator:
    """Mark a test, a class or a file (`pytestmark = proves(…)`) with the ids of the requirements that it proves."""
    return pytest.mark.proves(*requirements)
