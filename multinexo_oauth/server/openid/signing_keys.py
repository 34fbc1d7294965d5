"""The keys that sign ID tokens. OpenID Connect is enabled if the site has one."""

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from django.views.decorators.debug import sensitive_variables
from jwcrypto.common import JWException
from jwcrypto.jwk import JWK
from jwcrypto.jws import JWS
from jwcrypto.jwt import JWT

from ...conf import conf

Algorithm = Literal["RS256", "ES256"]

MIN_RSA_BITS = 2048  # RFC 7518 section 3.3
NEW_KEY: dict[Algorithm, dict[str, Any]] = {
    "RS256": {"kty": "RSA", "size": MIN_RSA_BITS},
    "ES256": {"kty": "EC", "crv": "P-256"},
}


class UnusableKey(ValueError):
    """The text is not a private key, or the key is too weak. The message does not quote it."""


@dataclass(frozen=True)
class SigningKey:
    jwk: JWK
    algorithm: Algorithm

    @property
    def kid(self) -> str:
        """The key's identifier: its thumbprint (RFC 7638)."""
        return str(self.jwk.thumbprint())

    def public(self) -> dict[str, Any]:
        """Return what the JWKS says of the key (RFC 7517): the public parts."""
        public: dict[str, Any] = self.jwk.export_public(as_dict=True)
        return public | {"kid": self.kid, "use": "sig", "alg": self.algorithm}

    def sign(self, claims: dict[str, Any]) -> str:
        """Return the claims as a signed JWT."""
        token = JWT(header={"alg": self.algorithm, "kid": self.kid, "typ": "JWT"}, claims=claims)
        token.make_signed_token(self.jwk)
        return str(token.serialize())

    def verified(self, token: str) -> dict[str, Any] | None:
        """Return the claims of a JWT that this key signed, or None. Takes any text; its lifetime is not looked at."""
        signed = JWS()
        signed.allowed_algs = [self.algorithm]
        try:
            signed.deserialize(token, self.jwk)
        except JWException:
            return None
        claims: dict[str, Any] = json.loads(signed.payload)
        return claims


def enabled() -> bool:
    return bool(conf.signing_keys)


def all_keys() -> tuple[SigningKey, ...]:
    """Return the site's keys, newest first: the first signs. Raises UnusableKey."""
    try:
        return _read_all(conf.signing_keys)
    except UnusableKey as error:
        problem = str(error)
    # Raised again without the frames that hold the text, because reports under DEBUG show every variable.
    raise UnusableKey(problem)


@lru_cache(maxsize=4)
@sensitive_variables()
def _read_all(texts: tuple[str, ...]) -> tuple[SigningKey, ...]:
    # No generator: its frame would not be covered by the decorator.
    return tuple(map(read, texts))


@sensitive_variables()
def read(text: str) -> SigningKey:
    """Return the key of a PEM text. Raises UnusableKey."""
    try:
        key = load_pem_private_key(text.encode(), password=None)
    except (AttributeError, TypeError, ValueError, UnsupportedAlgorithm):
        # The cause is dropped, because it may quote the text.
        raise UnusableKey("is no private key in PEM, or one with a password") from None
    if isinstance(key, RSAPrivateKey):
        if key.key_size < MIN_RSA_BITS:
            raise UnusableKey(f"is an RSA key of less than {MIN_RSA_BITS} bits")
        return SigningKey(JWK.from_pyca(key), "RS256")
    if isinstance(key, EllipticCurvePrivateKey) and isinstance(key.curve, SECP256R1):
        return SigningKey(JWK.from_pyca(key), "ES256")
    raise UnusableKey("is neither an RSA key nor one on the curve P-256")


def generate(algorithm: Algorithm = "RS256") -> str:
    """Return a fresh private key as PEM text."""
    pem: bytes = JWK.generate(**NEW_KEY[algorithm]).export_to_pem(private_key=True, password=None)
    return pem.decode()
