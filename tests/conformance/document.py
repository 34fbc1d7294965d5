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
    "OIDC Core": "OpenID Connect Core 1.0",
    "OIDC Discovery": "OpenID Connect Discovery 1.0",
    "OIDC RP-Initiated Logout": "OpenID Connect RP-Initiated Logout 1.0",
