import stat
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError
from django.test import Client

from multinexo_oauth.models import Application, ClientSecret
from tests.example_project.conftest import seed_again, seed_demo
from tests.oauth import FORM, TOKEN, basic

pytestmark = pytest.mark.django_db


def token_status(client: dict[str, Any], scope: str = "products:read") -> int:
    form = {"grant_type": "client_credentials", "scope": scope}
    credentials = basic(client["client_id"], client["client_secret"])
    return (
        Client()
        .post(TOKEN, urlencode(form), content_type=FORM, headers={"Authorization": credentials})
        .status_code
    )


def test_everything_that_a_client_needs_is_written(seeded: dict[str, Any]) -> None:
    assert list(seeded) == ["issuer", "accounts", "clients", "api"]
    assert seeded["issuer"] == "http://127.0.0.1:8000/auth/v1"
    assert seeded["api"] == {"products": "http://127.0.0.1:8000/api/v1/products/"}
    assert set(seeded["clients"]) == {"web", "spa", "native", "device", "service"}
    for client in seeded["clients"].values():
        assert list(client) == ["client_id", "client_secret", "redirect_uris", "allowed_origins", "scopes"]


def test_the_issuer_is_what_the_metadata_says(seeded: dict[str, Any]) -> None:
    metadata = Client(headers={"host": "127.0.0.1:8000"}).get(
        "/.well-known/oauth-authorization-server/auth/v1"
    )
    assert metadata.json()["issuer"] == seeded["issuer"]


def test_the_accounts_are_a_developer_a_user_and_a_superuser(seeded: dict[str, Any]) -> None:
    assert set(seeded["accounts"]) == {"ana", "luis", "staff"}
    for account in seeded["accounts"].values():
        assert User.objects.get(username=account["username"]).check_password(account["password"])
    assert [user.username for user in User.objects.filter(is_superuser=True, is_staff=True)] == ["staff"]


def test_ana_owns_one_application_of_each_kind_that_keeps_the_rules(seeded: dict[str, Any]) -> None:
    applications = Application.objects.filter(user__username="ana")
    assert {application.kind for application in applications} == set(seeded["clients"])
    for application in applications:
        application.full_clean()


def test_only_confidential_kinds_have_a_secret(seeded: dict[str, Any]) -> None:
    with_secret = {kind for kind, client in seeded["clients"].items() if client["client_secret"]}
    assert with_secret == {"web", "service"}


def test_the_base_url_is_where_the_shop_is_returned_to(tmp_path: Path) -> None:
    seeded = seed_again(tmp_path, "--base-url", "https://demo.example/")
    assert seeded["issuer"] == "https://demo.example/auth/v1"
    assert seeded["clients"]["web"]["redirect_uris"] == ["https://demo.example/tienda/volver/"]


def test_seeding_again_makes_nothing_twice(seeded: dict[str, Any], tmp_path: Path) -> None:
    again = seed_again(tmp_path)
    assert (User.objects.count(), Application.objects.count()) == (3, 6)
    for kind, client in again["clients"].items():
        assert client | {"client_secret": None} == seeded["clients"][kind] | {"client_secret": None}


def test_secrets_are_fresh_each_time_they_are_written(seeded: dict[str, Any], tmp_path: Path) -> None:
    again = seed_again(tmp_path)
    assert token_status(again["clients"]["service"]) == 200
    assert token_status(seeded["clients"]["service"]) == 401
    assert ClientSecret.objects.live().count() == 2


def test_secrets_that_nobody_asks_for_stay(seeded: dict[str, Any]) -> None:
    seed_demo()
    assert token_status(seeded["clients"]["service"]) == 200
    assert ClientSecret.objects.live().count() == 2


def test_secrets_of_a_developer_do_not_stand_in_the_way(seeded: dict[str, Any], tmp_path: Path) -> None:
    service = Application.objects.get(kind="service")
    ClientSecret.issue(service, label="mine")
    assert token_status(seed_again(tmp_path)["clients"]["service"]) == 200


def test_the_shop_holds_the_same_secret_as_was_written(
    seeded: dict[str, Any], credentials_file: Path, tmp_path: Path
) -> None:
    assert seeded["clients"]["web"]["client_secret"] in credentials_file.read_text()


def test_the_shop_gets_another_secret_when_its_own_has_ended(credentials_file: Path) -> None:
    seed_demo()
    before = credentials_file.read_text()
    ClientSecret.objects.get().revoke()
    seed_demo()
    assert credentials_file.read_text() != before


def test_files_with_secrets_are_for_their_owner_alone(credentials_file: Path, tmp_path: Path) -> None:
    seed_again(tmp_path)
    for file in (credentials_file, tmp_path / "seed.json"):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_what_people_changed_is_put_right(seeded: dict[str, Any]) -> None:
    luis = User.objects.get(username="luis")
    luis.set_password("another")
    luis.is_active = False
    luis.save()
    Application.objects.get(kind="web").suspend()
    seed_demo()
    luis.refresh_from_db()
    assert luis.is_active
    assert luis.check_password("luis-demo")
    assert not Application.objects.get(kind="web").is_suspended


@pytest.mark.parametrize(
    "url",
    [
        "",
        "demo",
        "ftp://demo.example",
        "https://",
        "http://demo.example",
        "http://x:99999999",
        "http://[",
        "https://x/y",
    ],
)
def test_a_base_url_that_cannot_be_is_refused_and_seeds_nothing(url: str) -> None:
    with pytest.raises(CommandError):
        seed_demo("--base-url", url)
    assert not User.objects.exists()


def test_a_file_that_cannot_be_written_is_reported(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="No such file"):
        seed_demo("--json", str(tmp_path / "missing" / "seed.json"))
