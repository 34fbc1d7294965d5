"""A form of staff's that was open when the session ended: after the login its page says that nothing was saved."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from multinexo_oauth.models import Application
from tests.conformance import proves

from .pages import NO_SECRETS, add_page, issue_page, list_of, page_of

pytestmark = [pytest.mark.django_db, proves("form-unsaved")]
SAID = "no se guardó nada"


def forms(application):
    secret = application.secrets.create(digest="x", last_four="abcd")
    return [
        page_of(application),
        page_of(application, "delete"),
        f"{add_page(Application)}?kind=web",
        issue_page(application),
        page_of(secret, "revoke"),
        f"{list_of(Application)}?state=active",
    ]


def sent_too_late(page):
    """Send a form of nobody's, and return where the login leads back to."""
    answer = Client().post(page, {"name": "Otra", "action": "verify", **NO_SECRETS})
    assert urlsplit(answer["Location"]).path == "/admin/login/"
    assert "Otra" not in answer["Location"]
    return parse_qs(urlsplit(answer["Location"]).query)["next"][0]


def test_signing_in_again_leads_to_the_page_which_says_that_nothing_was_saved(staff, application):
    for page in forms(application):
        back = sent_too_late(page)
        assert back.startswith(page)
        answer = staff.get(back)
        assert answer.status_code == 200, back
        assert SAID in answer.content.decode(), back
        assert SAID not in staff.get(page).content.decode()
    application.refresh_from_db()
    assert (application.name, application.verified) == ("Tienda", False)


def test_a_page_that_was_only_opened_says_nothing_afterwards(staff, application):
    for page in forms(application):
        assert "unsaved" not in Client().get(page)["Location"]


def test_a_session_that_ends_twice_leaves_one_mark(application):
    back = sent_too_late(sent_too_late(page_of(application)))
    assert back == f"{page_of(application)}?unsaved=1"


def test_the_pages_keep_what_is_typed_for_the_account_that_typed_it(staff, staff_user, application):
    for page in (page_of(application), f"{add_page(Application)}?kind=web", issue_page(application)):
        assert f'js/unsaved.js" data-account="{staff_user.pk}"' in staff.get(page).content.decode()
