"""ID tokens that clients send back as `id_token_hint` (OpenID Connect Core section 3.1.2.1)."""

from dataclasses import dataclass

from oauthlib.oauth2.rfc6749.errors import InvalidRequestError

from . import signing_keys


@dataclass(frozen=True)
class Hint:
    """The content of a hint: the subject, the client, and when the person had logged in, in seconds since 1970."""

    subject: str
    client_id: str
    auth_time: int | None


def read_hint(value: str, iss: str) -> Hint:
    """Return what an ID token says that any of the site's keys signed, expired or not.

    Raises InvalidRequestError for every other text.
    """
    for key in signing_keys.all_keys():
        claims = key.verified(value)
        if claims is not None and claims.get("iss") == iss:
            return Hint(claims["sub"], claims["aud"], claims.get("auth_time"))
    raise InvalidRequestError(description="The id_token_hint is no ID token of this server.")
