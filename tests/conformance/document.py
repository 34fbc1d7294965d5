"""`docs/CONFORMANCE.md`: every requirement, with the tests that prove it."""

import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path

from .collection import Proof, Proofs
from .requirements import HOUSE, Requirement

PATH = Path(__file__).parent.parent.parent / "docs" / "CONFORMANCE.md"
HEAD = """\
# Conformance

What the specifications demand of the server and what it adds of its own, each with the tests that prove it.
`python -m tests.conformance` writes this file: requirements from `tests/conformance/*.toml`, proofs from the marks of
the tests (`proves(…)`). A requirement without a test, or a file that is out of date, fails `.ci/run`.
"""
TITLES = {
    "RFC 6585": "Additional HTTP Status Codes",
    "RFC 6749": "The OAuth 2.0 Authorization Framework",
    "RFC 6750": "Bearer Token Usage",
    "RFC 7009": "Token Revocation",
    "RFC 7517": "JSON Web Key",
    "RFC 7518": "JSON Web Algorithms",
    "RFC 7591": "Dynamic Client Registration Protocol",
    "RFC 7592": "Dynamic Client Registration Management Protocol",
    "RFC 7617": "The 'Basic' HTTP Authentication Scheme",
    "RFC 7636": "Proof Key for Code Exchange",
    "RFC 7638": "JSON Web Key Thumbprint",
    "RFC 7662": "Token Introspection",
    "RFC 8252": "OAuth 2.0 for Native Apps",
    "RFC 8414": "Authorization Server Metadata",
    "RFC 8628": "Device Authorization Grant",
    "RFC 8707": "Resource Indicators",
    "RFC 9207": "Authorization Server Issuer Identification",
    "RFC 9700": "Best Current Practice for OAuth 2.0 Security",
    "RFC 9728": "Protected Resource Metadata",
    "OAuth 2.0 Multiple Response Types": "OAuth 2.0 Multiple Response Type Encoding Practices",
    "OIDC Core": "OpenID Connect Core 1.0",
    "OIDC Discovery": "OpenID Connect Discovery 1.0",
    "OIDC RP-Initiated Logout": "OpenID Connect RP-Initiated Logout 1.0",
    "WCAG 2.2": "Web Content Accessibility Guidelines 2.2",
    HOUSE: "The house's own rules",
}


def document(requirements: Iterable[Requirement], proofs: Proofs) -> str:
    """Return the text of the document, the same for the same requirements and tests."""
    return "\n".join([HEAD, *_body(sorted(requirements, key=lambda one: one.place), proofs)])


def _body(requirements: list[Requirement], proofs: Proofs) -> Iterator[str]:
    for spec, of_spec in groupby(requirements, key=lambda one: one.spec):
        yield f"## {_title(spec)}\n"
        for section, of_section in groupby(of_spec, key=lambda one: one.section):
            if section:
                yield f"### {_section(spec, section)}\n"
            for requirement in of_section:
                yield f"- {requirement.text}"
                yield from (f"  - {_link(proof)}" for proof in sorted(proofs.get(requirement.id, ())))
            yield ""


def _title(spec: str) -> str:
    title = TITLES.get(spec, spec)
    return title if spec in {HOUSE, title} else f"{spec}: {title}"


def _section(spec: str, section: str) -> str:
    """Name a section, and lead to it where its specification is an RFC, whose sections have numbers for anchors."""
    number = re.fullmatch(r"RFC (\d+)", spec)
    if number is None or not section[0].isdigit():
        return f"Section {section}"
    return f"[Section {section}](https://www.rfc-editor.org/rfc/rfc{number[1]}#section-{section})"


def _link(proof: Proof) -> str:
    return f"[`{proof.name}`](../{proof.path})"
