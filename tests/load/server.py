"""Processes of a site, each of which answers each connection in a thread: `python -m tests.load.server PORT…`."""

import os
import sys

from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver


def serve(*ports: int) -> None:
    """Serve every port by a process of its own. They are forked once everything is imported."""
    application = get_wsgi_application()
    _ = get_resolver().url_patterns
    own, *others = ports
    while others:
        port = others.pop()
        if os.fork() == 0:
            own, others = port, []
    server = ThreadedWSGIServer(("127.0.0.1", own), WSGIRequestHandler)
    server.set_app(application)
    server.serve_forever()


if __name__ == "__main__":
    serve(*map(int, sys.argv[1:]))
