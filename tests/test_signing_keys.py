"""Signing keys: made by a command, checked at start, named by their thumbprint."""

import json
import stat
from io import StringIO
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PublicFormat,
)
from django.core import checks
from django.core.management import CommandError, call_command
from django.test import Client
from jwcrypto.jwk import JWK

from tests.conformance import proves
from tests.signing_keys import pem

JWKS = "/auth/v1/.well-known/jwks.json"


def made(*arguments):
    out = StringIO()
    call_command("create_signing_key", *arguments, stdout=out)
    return out.getvalue()


def public_pem(key):
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def problems(settings, *keys):
    settings.MULTINEXO_OAUTH = {**settings.MULTINEXO_OAUTH, "SIGNING_KEYS": list(keys)}
    return [message for message in checks.run_checks() if message.id == "multinexo_oauth.E008"]


def published(settings, *keys):
    settings.MULTINEXO_OAUTH = {**settings.MULTINEXO_OAUTH, "SIGNING_KEYS": list(keys)}
    return Client().get(JWKS).json()["keys"]


@proves("keys-command")
@pytest.mark.parametrize(
    ("arguments", "algorithm"),
    [((), "RS256"), (("--algorithm", "RS256"), "RS256"), (("--algorithm", "ES256"), "ES256")],
)
def test_the_command_prints_a_key_that_signs(settings, arguments, algorithm):
    key = made(*arguments)
    assert problems(settings, key) == []
    assert [found["alg"] for found in published(settings, key)] == [algorithm]


@proves("keys-command")
def test_each_key_is_another():
    assert made("--algorithm", "ES256") != made("--algorithm", "ES256")


@proves("keys-command")
def test_a_file_is_for_its_owner_alone_and_never_overwritten(tmp_path: Path):
    file = tmp_path / "key.pem"
    assert made("--output", str(file)) == ""
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    before = file.read_text()
    with pytest.raises(CommandError, match="File exists"):
        made("--output", str(file))
    assert file.read_text() == before
    with pytest.raises(CommandError, match="No such file"):
        made("--output", str(tmp_path / "missing" / "key.pem"))


@proves("jwks-kid")
def test_a_key_is_named_by_its_thumbprint(settings):
    key = made("--algorithm", "ES256")
    (found,) = published(settings, key)
    assert found["kid"] == JWK.from_pem(key.encode()).thumbprint()


@proves("jwks", "keys-change")
def test_the_newest_stands_first_and_a_change_counts_at_once(settings):
    old, new = made("--algorithm", "ES256"), made("--algorithm", "ES256")
    (alone,) = published(settings, old)
    both = published(settings, new, old)
    assert [key["kid"] for key in both][1] == alone["kid"]
    assert len({key["kid"] for key in both}) == 2


@proves("keys-strong")
def test_larger_rsa_keys_are_taken(settings):
    assert problems(settings, pem(rsa.generate_private_key(65537, 3072))) == []


@proves("keys-strong")
@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("", "is no private key"),
        ("a text", "is no private key"),
        (None, "is no private key"),
        (public_pem(ec.generate_private_key(ec.SECP256R1())), "is no private key"),
        (pem(ec.generate_private_key(ec.SECP256R1()), BestAvailableEncryption(b"x")), "with a password"),
        (pem(rsa.generate_private_key(65537, 1024)), "less than 2048 bits"),
        (pem(ec.generate_private_key(ec.SECP384R1())), "P-256"),
        (pem(ed25519.Ed25519PrivateKey.generate()), "neither"),
    ],
    ids=["empty", "text", "none", "public", "password", "short", "curve", "kind"],
)
def test_e008_a_key_that_cannot_sign(settings, key, words):
    (message,) = problems(settings, made("--algorithm", "ES256"), key)
    assert words in message.msg
    assert "[1]" in message.msg
    assert "create_signing_key" in message.hint
    assert not key or key not in json.dumps([message.msg, message.hint])
