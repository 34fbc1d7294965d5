import hashlib


def digest(value: str) -> str:
    """Return the hexadecimal SHA-256 of a credential: what is stored and looked up in its place.

    Credentials are random values the server made, so one fast hash keeps them safe and findable by an index.
    """
    return hashlib.sha256(value.encode("utf-8", "surrogatepass")).hexdigest()
