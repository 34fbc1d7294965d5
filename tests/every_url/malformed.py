"""Requests that no well-behaved client sends."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import cycle
from typing import Any
from urllib.parse import quote, urlencode

from tests.oauth import FORM

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
# Percent-encoded, for the address and for a form.
HOSTILE = (
    "%00",
    "a%00b",
    "%zz",
    "%",
    "%ff%fe",
    "%ed%a0%80",  # a surrogate
    "x" * 3000,
    "x" * 9000,
    "%C3%B1" * 300,
    "-1",
    "9" * 40,
    "%0d%0aLocation:%20https://evil.example/",
    "https://evil.example/",
    "//evil.example",
    "%5C%5Cevil.example",
    "javascript:alert(1)",
    "eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.",
    "%3Cscript%3E%27%22%3E",
    "%F0%9F%92%A9%E2%80%AE",
    "..%2F..%2F",
    "%7B%7D",
    "",
)
QUERIES = (
    "%zz=%zz",
    "%00=%00",
    "%ff%fe",
    "&&&===",
    "a&" * 1500,
    "access_token=a&access_token=b",
    "next=//evil.example",
)
BODIES = (
    (FORM, b"%zz=%zz"),
    (FORM, b"%00=%00"),
    (FORM, b"\xff\xfe=\xff"),
    (FORM, b"a=b&" * 1100),
    (f"{FORM}; charset=utf-16", b"a=b"),
    (f"{FORM}; charset=nonsense", b"a=b"),
    (f"{FORM}; charset=unicode_escape", b"next=%5Cud800&client_id=%5Cx00"),
    ("application/json", b'{"grant_type": "\\u0000"}'),
    ("application/json", b"{"),
    ("text/plain; charset=utf-16", b"\xff\xfea\x00"),
    ("multipart/form-data", b"no boundary"),
    ("multipart/form-data; boundary=b", b"--c\r\nbroken"),
    (
        "multipart/form-data; boundary=b",
        b'--b\r\nContent-Disposition: form-data; name="a\x00"\r\n\r\n\x00\r\n--b--',
    ),
    (
        "multipart/form-data; boundary=b",
        b'--b\r\nContent-Disposition: form-data; name="logo"; filename="\x00"\r\n\r\nGIF89a\r\n--b--',
    ),
    ("multipart/form-data; boundary=\xff", b"--\xff"),
    ("", b"\x00"),
)
HEADERS: tuple[dict[str, str], ...] = (
    {"HTTP_AUTHORIZATION": "Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0."},
    {"HTTP_AUTHORIZATION": "Bearer \xf1\x00"},
    {"HTTP_AUTHORIZATION": "Bearer " + "x" * 20_000},
    {"HTTP_AUTHORIZATION": "Basic \xf1"},
    {"HTTP_AUTHORIZATION": "Basic /zoA"},  # \xff:\0
    {"HTTP_AUTHORIZATION": "Basic ADoA"},  # \0:\0
    {"HTTP_AUTHORIZATION": "Digest \x00"},
    {"HTTP_AUTHORIZATION": ""},
    {"HTTP_COOKIE": "sessionid=\x00; csrftoken=\xf1; messages=x; =;;="},
    {"HTTP_COOKIE": "sessionid=" + "x" * 5000},
    {"HTTP_HOST": "evil.example"},
    {"HTTP_HOST": "testserver:99999999"},
    {"HTTP_HOST": "[::1"},
    {"HTTP_ORIGIN": "null"},
    {"HTTP_ORIGIN": "https://[evil"},
    {"HTTP_ORIGIN": "\x00\xf1"},
    {"HTTP_REFERER": "https://[evil", "HTTP_USER_AGENT": "\x00\xff", "HTTP_ACCEPT": "\xff/*;q=x"},
    {"HTTP_ACCEPT_LANGUAGE": "\x00-\xf1;q=x, " + "es-" * 300},
    {"HTTP_X_FORWARDED_FOR": "\x00, evil", "REMOTE_ADDR": "unix:"},
    {"CONTENT_LENGTH": "nonsense"},
)


@dataclass(frozen=True)
class Malformed:
    """A request as it goes over the wire; its repr is all that is needed to send it again."""

    method: str
    path: str
    query: str = ""
    content_type: str = FORM
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)

    def sent_by(self, headers: Mapping[str, str]) -> "Malformed":
        return replace(self, headers={**headers, **self.headers})

    def environ(self) -> dict[str, Any]:
        return {"QUERY_STRING": self.query, **self.headers}


def malformed(path: str) -> Iterator[Malformed]:
    """Yield what is wrong whatever the address means."""
    for method in METHODS:
        yield Malformed(method, path)
        yield Malformed(method, path, QUERIES[0], *BODIES[0], HEADERS[0])
    for method in ("GET", "POST"):
        yield from (Malformed(method, path, query) for query in QUERIES)
        yield from (Malformed(method, path, headers=headers) for headers in HEADERS)
    yield from (Malformed("POST", path, "", *body) for body in BODIES)


def hostile(path: str, good: Mapping[str, str], first: int, repeats_at_once: bool) -> Iterator[Malformed]:
    """Yield good requests with one parameter made hostile; the values go round from the first on.

    Others give a parameter twice: each alone, or all at once where no parameter is refused for being repeated.
    """
    values = cycle(HOSTILE[first % len(HOSTILE) :] + HOSTILE[: first % len(HOSTILE)])
    for name in good:
        rest = urlencode({other: value for other, value in good.items() if other != name})
        yield Malformed("GET", path, f"{rest}&{name}={next(values)}")
        yield Malformed("POST", path, body=f"{rest}&{name}={next(values)}".encode())
        if not repeats_at_once:
            yield Malformed("POST", path, body=f"{urlencode(good)}&{name}={quote(good[name])}".encode())
    if repeats_at_once:
        yield Malformed("POST", path, body=f"{urlencode(good)}&{urlencode(good)}".encode())
