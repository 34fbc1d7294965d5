"""One request as a WSGI server would hand it to Django."""

import base64
import io
import sys
from typing import Any, NamedTuple
from urllib.parse import urlencode

HOST = "127.0.0.1"
PORT = "8000"


class Request(NamedTuple):
    method: str
    path: str
    authorization: str = ""
    body: bytes = b""
    cookie: str = ""

    def environ(self) -> dict[str, Any]:
        """Return a fresh WSGI environment (PEP 3333)."""
        path, _mark, query = self.path.partition("?")
        environ: dict[str, Any] = {
            "REQUEST_METHOD": self.method,
            "SCRIPT_NAME": "",
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "CONTENT_TYPE": "application/x-www-form-urlencoded" if self.body else "",
            "CONTENT_LENGTH": str(len(self.body)),
            "REMOTE_ADDR": HOST,
            "SERVER_NAME": HOST,
            "SERVER_PORT": PORT,
            "SERVER_PROTOCOL": "HTTP/1.1",
            "HTTP_HOST": f"{HOST}:{PORT}",
            "HTTP_ACCEPT": "application/json",
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(self.body),
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": False,
            "wsgi.multiprocess": True,
            "wsgi.run_once": False,
        }
        if self.authorization:
            environ["HTTP_AUTHORIZATION"] = self.authorization
        if self.cookie:
            environ["HTTP_COOKIE"] = self.cookie
        return environ


def get(path: str, authorization: str = "") -> Request:
    return Request("GET", path, authorization)


def post(path: str, authorization: str, **form: str) -> Request:
    return Request("POST", path, authorization, urlencode(form).encode())


def basic(client_id: str, secret: str) -> str:
    return "Basic " + base64.b64encode(f"{client_id}:{secret}".encode()).decode()
