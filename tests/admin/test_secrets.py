import pytest

from multinexo_oauth.models import ClientSecret, Event, Kind
from tests.conformance import proves

from .conftest import staff_who_may
from .pages import hidden_value, issue_page, page_of, shown_secret

pytestmark = pytest.mark.django_db


@pytest.fixture
def secret(application):
    return ClientSecret.issue(application, "production")[0]


def generate(browser, application, label="backup"):
    newest = hidden_value(browser.get(issue_page(application)), "newest")
    return browser.post(issue_page(application), {"label": label, "newest": newest})


def test_staff_generates_a_secret_that_is_shown_once(staff, staff_user, application, secret):
    answer = generate(staff, application)
    value = shown_secret(answer)
    made = ClientSecret.objects.matching(value).get()
    assert (made.application, made.label) == (application, "backup")
    assert "no-store" in answer["Cache-Control"]
    assert value not in staff.get(page_of(application)).content.decode()
    assert Event.objects.filter(action=Event.Action.SECRET_ISSUED, actor=staff_user).count() == 1


def test_opening_the_page_generates_nothing(staff, application):
    staff.get(issue_page(application))
    assert not application.secrets.exists()


def test_a_reloaded_answer_generates_no_second_one(staff, application):
    newest = hidden_value(staff.get(issue_page(application)), "newest")
    for _time in range(2):
        answer = staff.post(issue_page(application), {"newest": newest})
    assert answer.url == page_of(application)
    assert application.secrets.count() == 1


def test_a_third_live_one_is_refused(staff, application, secret):
    generate(staff, application)
    answer = generate(staff, application)
    assert answer.url == page_of(application)
    assert application.secrets.count() == 2


@pytest.mark.parametrize("newest", ["", "none"])
def test_a_form_that_names_no_newest_secret(staff, application, newest):
    assert staff.post(issue_page(application), {"newest": newest}).status_code == 200
    assert not application.secrets.exists()


@pytest.mark.parametrize("kind", [Kind.SPA, Kind.NATIVE, Kind.DEVICE])
def test_a_public_application_has_none(staff, register, kind):
    application = register(kind)
    assert staff.get(issue_page(application)).status_code == 404
    assert staff.post(issue_page(application), {"newest": 0}).status_code == 404
    assert issue_page(application) not in staff.get(page_of(application)).content.decode()


def test_secrets_are_listed_on_their_application(staff, application, secret):
    page = staff.get(page_of(application)).content.decode()
    assert "production" in page
    assert secret.last_four in page
    assert secret.digest not in page


def test_revoking_asks_first(staff, secret):
    answer = staff.get(page_of(secret, "revoke"))
    assert "production" in answer.content.decode()
    secret.refresh_from_db()
    assert secret.revoked_at is None


@proves("staff-said")
def test_revoking_a_secret_says_whom_and_what_that_touches(staff, everything, application):
    secret = application.secrets.first()
    numbers = staff.get(page_of(secret, "revoke")).context["numbers"]
    assert [number for _label, number in numbers] == [1, 2]


def test_a_revoked_secret_is_no_longer_live(staff, staff_user, application, secret):
    assert staff.post(page_of(secret, "revoke")).url == page_of(application)
    assert not ClientSecret.objects.live().exists()
    assert Event.objects.get(action=Event.Action.SECRET_REVOKED).actor == staff_user
    assert page_of(secret, "revoke") not in staff.get(page_of(secret)).content.decode()


def test_revoking_frees_a_place(staff, application, secret):
    generate(staff, application)
    staff.post(page_of(secret, "revoke"))
    assert shown_secret(generate(staff, application))


@pytest.mark.parametrize("may", ["view", "delete"])
def test_staff_without_the_permission(application, secret, may):
    browser = staff_who_may(may)
    for address in (issue_page(application), page_of(secret, "revoke")):
        assert browser.get(address).status_code == 403
        assert browser.post(address, {"newest": secret.pk}).status_code == 403
    assert ClientSecret.objects.live().count() == 1


def test_only_those_who_may_see_the_buttons(viewer, staff, application, secret):
    assert issue_page(application) in staff.get(page_of(application)).content.decode()
    assert page_of(secret, "revoke") in staff.get(page_of(secret)).content.decode()
    assert issue_page(application) not in viewer.get(page_of(application)).content.decode()
    assert page_of(secret, "revoke") not in viewer.get(page_of(secret)).content.decode()
