"""The `WWW-Authenticate` header of a refusal (RFC 9110 section 11.6.1, RFC 6750 section 3)."""

import re


def format_challenge(scheme: str = "Bearer", /, **attributes: str) -> str:
    """Return a `WWW-Authenticate` value, of the Bearer scheme unless another is named (RFC 6750 section 3)."""
    return f"{scheme} " + ", ".join(f'{name}="{_quotable(value)}"' for name, value in attributes.items())


def _quotable(value: str) -> str:
    # RFC 6750 section 3 leaves out both of these, and whatever is not printable ASCII.
    return re.sub(r'[^\x20-\x7e]|["\\]', "", value)
