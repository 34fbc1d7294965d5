"""Access tokens in the query string (RFC 6750 section 2.3)."""

import logging
import sys

import pytest
from django.core.signals import got_request_exception
from django.views.debug import ExceptionReporter

from multinexo_oauth.log import ScrubAccessTokens, install
from tests.conformance import proves

ALLOWED = pytest.mark.usefixtures("query_tokens")


@proves("bearer-query")
@ALLOWED
def test_a_site_may_take_tokens_in_the_query_string(api, token):
    answer = api.get("/api/people/", {"access_token": token("products:read")})
    assert answer.status_code == 200
    assert answer.json()["user"] == "luis"


@proves("bearer-query")
@ALLOWED
@pytest.mark.parametrize("path", ["people", "products"])
@pytest.mark.parametrize("good", [True, False], ids=["good", "bad"])
def test_nobody_may_keep_the_answer(api, token, path, good):
    answer = api.get(f"/api/{path}/", {"access_token": token() if good else "bad"})
    assert answer.headers["Cache-Control"] == "private, no-store"


@proves("bearer-query")
@ALLOWED
def test_an_answer_to_a_token_in_the_header_says_nothing_of_caches(api, token):
    assert "Cache-Control" not in api.ask("people", token())


@proves("bearer-query", "bearer-invalid")
@ALLOWED
def test_a_bad_token_in_the_query_string_is_an_invalid_token(api, db, challenge):
    answer = api.get("/api/anyone/", {"access_token": "bad"})
    assert answer.status_code == 401
    assert challenge(answer)["error"] == "invalid_token"


@proves("bearer-malformed")
@ALLOWED
@pytest.mark.parametrize("value", ["", "a b"])
def test_a_malformed_one_is_an_invalid_request(api, db, challenge, value):
    answer = api.get("/api/anyone/", {"access_token": value})
    assert answer.status_code == 400
    assert challenge(answer)["error"] == "invalid_request"
    assert answer.headers["Cache-Control"] == "private, no-store"


@proves("bearer-one-place")
@ALLOWED
def test_two_of_them_are_an_invalid_request(api, token, challenge):
    value = token()
    answer = api.get("/api/people/", {"access_token": [value, value]})
    assert answer.status_code == 400
    assert challenge(answer)["error"] == "invalid_request"


@proves("bearer-one-place")
@pytest.mark.parametrize("allowed", [True, False], ids=["allowed", "not allowed"])
def test_a_header_and_a_query_string_are_an_invalid_request(api, token, challenge, request, allowed):
    if allowed:
        request.getfixturevalue("query_tokens")
    value = token()
    answer = api.get("/api/people/", {"access_token": value}, headers={"Authorization": f"Bearer {value}"})
    assert answer.status_code == 400
    assert challenge(answer)["error"] == "invalid_request"


@proves("bearer-query")
def test_where_they_are_not_allowed_one_alone_counts_as_none(api, token, challenge):
    answer = api.get("/api/people/", {"access_token": token()})
    assert answer.status_code == 401
    assert "error" not in challenge(answer)


@proves("bearer-query")
def test_where_they_are_not_allowed_the_parameter_is_left_to_the_view(api, token):
    answer = api.get("/api/anyone/", {"access_token": "mine", "page": "2"})
    assert answer.json()["anonymous"] is True
    assert answer.json()["query"] == {"access_token": "mine", "page": "2"}


@proves("bearer-query-logs")
@ALLOWED
def test_the_view_sees_the_rest_of_the_query_alone(api, token):
    answer = api.get("/api/people/", {"page": "2", "access_token": token(), "name": "ñandú"})
    assert answer.json()["query"] == {"page": "2", "name": "ñandú"}


@proves("bearer-query-logs")
@ALLOWED
def test_an_address_made_from_the_request_has_no_token(api, token):
    answer = api.get("/api/people/", {"page": "2", "access_token": token()})
    assert answer.json()["address"] == "http://testserver/api/people/?page=2"


@proves("bearer-query")
@ALLOWED
def test_a_view_that_hands_its_request_on_hands_on_the_token(api, token):
    assert api.get("/api/twice/", {"access_token": token()}).status_code == 200


@proves("never-a-server-error")
@ALLOWED
@pytest.mark.parametrize("value", ["%00", "%zz", "%ff", "a" * 5000, "%F0%9F%92%A9"])
def test_garbage_is_refused_politely(api, db, value):
    assert api.get(f"/api/anyone/?access_token={value}").status_code == 401


@proves("bearer-query-logs", "never-told")
@ALLOWED
def test_no_log_record_of_the_request_has_the_token(api, token, caplog):
    value = token()
    server = {
        "REQUEST_URI": f"/api/people/?access_token={value}",
        "RAW_URI": f"/api/people/?access_token={value}",
    }
    with caplog.at_level(logging.DEBUG):
        api.get("/api/products/", {"access_token": value, "page": "2"}, **server)
    (record,) = [record for record in caplog.records if record.name == "django.request"]
    meta = record.request.META
    assert value not in repr((record.getMessage(), record.request, record.request.GET, meta))
    assert meta["QUERY_STRING"] == "page=2"
    assert meta["REQUEST_URI"] == "/api/people/?page=2"


@proves("bearer-query-logs", "never-told")
@ALLOWED
@pytest.mark.parametrize("where", ["query", "header"])
def test_no_error_report_has_the_token(api, token, where):
    """Django mails to a site's ADMINS what its reporter writes."""
    reports = []

    def report(sender, request, **kwargs):
        reports.append(ExceptionReporter(request, *sys.exc_info()).get_traceback_html())

    api.raise_request_exception = False
    value = token()
    got_request_exception.connect(report)
    try:
        answer = (
            api.ask("broken", value)
            if where == "header"
            else api.get("/api/broken/", {"access_token": value})
        )
    finally:
        got_request_exception.disconnect(report)
    assert answer.status_code == 500
    assert len(reports) == 1
    assert "out of paper" in reports[0]
    assert value not in reports[0]


@pytest.fixture
def scrubbed(caplog):
    """Write a record through a logger that has the filter, and return its text."""
    logger = logging.getLogger("tests.access")
    logger.addFilter(ScrubAccessTokens())

    def write(message, *args, **extra):
        with caplog.at_level(logging.INFO, logger="tests.access"):
            logger.info(message, *args, extra=extra)
        return caplog.records[-1].getMessage()

    return write


@proves("bearer-query-logs")
def test_the_filter_masks_tokens_in_an_access_line(scrubbed):
    line = scrubbed('"%s" %s %s', "GET /api/?access_token=abc-1.2_3~&page=2 HTTP/1.1", "200", "17")
    assert line == '"GET /api/?access_token=***&page=2 HTTP/1.1" 200 17'


@proves("bearer-query-logs")
def test_the_filter_masks_tokens_in_the_message(scrubbed):
    assert scrubbed("GET /?a=1&Access%5Ftoken=abc#x") == "GET /?a=1&Access%5Ftoken=***#x"


@proves("bearer-query-logs")
def test_the_filter_masks_tokens_in_named_arguments(scrubbed):
    # gunicorn's access log formats one mapping.
    assert scrubbed("%(r)s %(s)d", {"r": "GET /?access_token=abc", "s": 200}) == "GET /?access_token=*** 200"


@proves("bearer-query-logs")
def test_the_filter_leaves_other_parameters_alone(scrubbed):
    assert scrubbed("/?my_access_token=abc&token=def") == "/?my_access_token=abc&token=def"


@proves("bearer-query-logs")
def test_the_filter_masks_tokens_in_the_request_of_the_record(scrubbed, rf):
    request = rf.get("/missing/?access_token=abc")
    scrubbed("Not Found: %s", request.path, request=request)
    assert request.get_full_path() == "/missing/?access_token=***"


@proves("bearer-query-logs")
def test_the_filter_takes_a_record_of_another_kind_of_request(scrubbed):
    assert scrubbed("line", request=object()) == "line"


@proves("bearer-query-logs")
def test_the_filter_is_put_on_djangos_request_loggers_once():
    install()
    install()
    for name in ("django.request", "django.server"):
        filters = [f for f in logging.getLogger(name).filters if isinstance(f, ScrubAccessTokens)]
        assert len(filters) == 1
