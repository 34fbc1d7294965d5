import pytest
from django.contrib.admin.models import LogEntry

from multinexo_oauth.models import Event

from .pages import act, issue_page, list_of, page_of

pytestmark = pytest.mark.django_db


def every_page(everything):
    application, secret, *_others = everything.rows
    for row in everything.rows:
        yield list_of(type(row))
        yield page_of(row)
        yield page_of(row, "history")
    yield page_of(application, "delete")
    yield issue_page(application)
    yield page_of(secret, "revoke")


def test_no_page_holds_a_credential_or_its_digest(staff, everything):
    for address in every_page(everything):
        answer = staff.get(address)
        assert answer.status_code == 200, address
        assert [word for word in everything.hidden if word in answer.content.decode()] == [], address


@pytest.mark.parametrize("action", ["verify", "suspend", "revoke_tokens", "delete_selected"])
def test_no_question_holds_one(staff, everything, action):
    page = act(staff, action, everything.rows[0], index=0).content.decode()
    assert [word for word in everything.hidden if word in page] == []


def test_no_record_of_what_was_done_holds_one(staff, everything):
    application, secret, *_others = everything.rows
    staff.post(page_of(secret, "revoke"))
    act(staff, "revoke_tokens", application, confirmed="yes")
    staff.post(page_of(application, "delete"), {"post": "yes"})
    told = str([*LogEntry.objects.values(), *Event.objects.values()])
    assert [word for word in everything.hidden if word in told] == []


def test_a_credential_finds_nothing(staff, everything):
    for row in everything.rows:
        for word in set(everything.hidden).intersection(map(str, vars(row).values())):
            answer = staff.get(list_of(type(row)), {"q": word})
            assert list(answer.context["cl"].result_list) == []


@pytest.mark.parametrize("field", ["token_checksum", "token", "code", "digest"])
def test_nor_does_a_filter_by_hand(staff, everything, field):
    for row in everything.rows:
        answer = staff.get(list_of(type(row)), {f"{field}__startswith": "0"})
        assert answer.status_code == 400
