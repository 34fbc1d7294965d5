"""Which redirect URIs are good, and that nothing passes for one that is not it."""

import re
from urllib.parse import quote

from hypothesis import given, settings, strategies as st

from multinexo_oauth.models import Application, Kind
from multinexo_oauth.redirect_uris import matches, problems
from tests.conformance import proves

host = st.from_regex(r"[a-z][a-z0-9]{0,8}(\.[a-z]{2,5}){1,2}", fullmatch=True)
loopback = st.sampled_from(["127.0.0.1", "[::1]"])
port = st.integers(1, 65535).map(lambda number: f":{number}")
path = st.lists(st.from_regex(r"[a-z0-9_-]{1,6}", fullmatch=True), max_size=3).map(
    lambda parts: "".join(f"/{part}" for part in parts)
)
query = st.sampled_from(["", "?tenant=1", "?a=b:80", "?x=/../"])
web_uri = st.builds("https://{}{}{}{}".format, host, st.one_of(st.just(""), port), path, query)
loopback_uri = st.builds("http://{}{}{}{}".format, loopback, st.one_of(st.just(""), port), path, query)
private_use_uri = st.builds("{}:/{}".format, host, st.sampled_from(["", "callback", "a/b?c=d"]))
good_uri = st.one_of(web_uri, loopback_uri, private_use_uri)
# The characters that addresses are made of, in any order.
uri_like = st.text(alphabet="htps:/?#[]@\\.%*0159af-_\t\n \x00ñ", max_size=40)
anything = st.one_of(st.text(), uri_like, st.builds("{}{}{}".format, good_uri, st.text(max_size=3), uri_like))
LOOPBACK = re.compile(r"(http://(?:127\.0\.0\.1|\[::1\]))(?::[0-9]{1,5})?((?:[/?].*)?)", re.DOTALL)


def same_but_for_the_port(one: str, other: str) -> bool:
    parts = LOOPBACK.fullmatch(one), LOOPBACK.fullmatch(other)
    return all(parts) and parts[0].groups() == parts[1].groups()


def tricks(uri: str) -> list[str]:
    """Return what a lenient reader would take for the URI: normalised, they are the same or lead elsewhere."""
    scheme, colon, rest = uri.partition(":")
    slashes = "//" if rest.startswith("//") else ""
    authority, slash, tail = rest[len(slashes) :].partition("/")
    start = f"{scheme}{colon}{slashes}"
    letter = next(character for character in uri if character.isalpha())
    return [
        uri.swapcase(),
        uri.upper(),
        uri.replace(letter, f"%{ord(letter):02x}", 1),
        f"{start}{authority.swapcase()}{slash}{tail}x",
        f"{start}{authority}/./{tail}",
        f"{start}{authority}/x/../{tail}",
        f"{start}{authority}/%2e%2e/{tail}",
        f"{start}user@{authority}{slash}{tail}",
        f"{start}{authority}@evil.example{slash}{tail}",
        f"{start}evil.example\\@{authority}{slash}{tail}",
        f"{start}{authority}.evil.example{slash}{tail}",
        f"{start}{authority}\\{tail}x",
        f"{start}{authority}.{slash}{tail}",
        f"{start}\\{authority}{slash}{tail}",
        f"{start}{authority}:99999999{slash}{tail}",
        f"{start}{authority}{slash}{quote('/' + tail, safe='')}",
        f"{uri}#",
        f"{uri}#fragment",
        f"{uri}/",
        f"{uri}?",
        f"{uri}\n",
        f" {uri}",
        f"{scheme}{colon}\t{rest}",
        f"{uri}\x00",
    ]


@proves("redirect-refused", "never-a-server-error")
@given(uri=anything, kind=st.sampled_from(Kind.values))
@settings(max_examples=300)
def test_whatever_the_text_the_answer_is_a_list_of_problems(uri: str, kind: str) -> None:
    assert all(problem and type(problem) is str for problem in problems(uri, kind))


@proves("redirect-claimed", "redirect-loopback", "redirect-private-use")
@given(uri=good_uri)
def test_an_installed_application_may_have_any_that_is_well_formed(uri: str) -> None:
    assert problems(uri, Kind.NATIVE) == []


@proves("redirect-refused", "redirect-http", "redirect-complete")
@given(uri=anything, kind=st.sampled_from(Kind.values))
@settings(max_examples=300)
def test_what_may_be_registered_leads_where_it_says(uri: str, kind: str) -> None:
    if problems(uri, kind):
        return
    assert re.fullmatch(r"[!-~]+", uri)
    assert not set(uri) & {"#", "*", "\\", '"', "<", ">", "|", "^", "`", "{", "}"}
    if uri.lower().startswith("http:"):
        assert re.match(r"http://(127\.0\.0\.1|\[::1\]|localhost)(:[0-9]+)?(/|\?|\Z)", uri, re.IGNORECASE)
    assert "@" not in uri.partition("//")[2].partition("/")[0].partition("?")[0]


@proves("redirect-exact", "redirect-loopback")
@given(registered=good_uri, requested=st.one_of(good_uri, anything))
def test_one_matches_itself_alone_or_with_another_port_of_loopback(registered: str, requested: str) -> None:
    assert matches(registered, registered)
    assert matches(requested, registered) == (
        requested == registered or same_but_for_the_port(requested, registered)
    )


@proves("redirect-loopback")
@given(parts=st.tuples(loopback, path, query), ports=st.tuples(port, port))
def test_any_port_of_loopback_will_do(parts: tuple[str, str, str], ports: tuple[str, str]) -> None:
    address, *rest = parts
    one, other = (f"http://{address}{port}{''.join(rest)}" for port in ports)
    assert matches(one, other)
    assert matches(one, f"http://{address}{''.join(rest)}")


@proves("redirect-exact")
@given(registered=good_uri)
def test_a_uri_that_a_lenient_parser_equates_does_not_match(registered: str) -> None:
    application = Application(kind=Kind.NATIVE, redirect_uris=registered)
    assert application.redirect_uri_allowed(registered)
    taken = [
        trick
        for trick in tricks(registered)
        if trick != registered and application.redirect_uri_allowed(trick)
    ]
    assert taken == []
