"""Proof Key for Code Exchange (RFC 7636), with the S256 method alone."""

import base64
import hashlib
import re

# RFC 7636 sections 4.1 and 4.2: verifier and challenge are 43 to 128 unreserved characters.
PKCE_VALUE = re.compile(r"[A-Za-z0-9\-._~]{43,128}")


def s256(verifier: str) -> str:
    """Return the challenge of a verifier (RFC 7636 section 4.2)."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
