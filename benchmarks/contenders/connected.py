from ..contender import REDIRECT_URI, SCOPE, Contender
from ..request import Request
from ..rows import multiply
from .ours import Ours

LIST = "/auth/v1/aplicaciones-conectadas/"
PER_PAGE = 25
# One a row.
BUTTON = b'data-action="revoke"'


class Connected(Contender):
    """A person who has let many applications in, and looks at them. On PostgreSQL alone."""

    label = "ours"
    apps = Ours.apps
    urls = Ours.urls
    settings = Ours.settings | {
        "STATIC_URL": "/static/",
        "TEMPLATES": [
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "APP_DIRS": True,
                "OPTIONS": {
                    "context_processors": [
                        "django.template.context_processors.request",
                        "django.contrib.auth.context_processors.auth",
                        "django.contrib.messages.context_processors.messages",
                    ]
                },
            }
        ],
    }

    def __init__(self, size: int) -> None:
        """`size` is the number of applications that the person has let in."""
        super().__init__(size)
        self.cookie = ""

    def seed(self) -> None:
        from django.contrib.auth.models import User
        from django.test import Client

        from multinexo_oauth.models import Application, Consent

        person = User.objects.create(username="user", email="user@example.com")
        application = Application.objects.create(
            client_id="1", name="Application 1", kind="web", redirect_uris=REDIRECT_URI, scopes=SCOPE
        )
        consent = Consent.objects.create(user=person, application=application, scope=SCOPE)
        number = "CAST(i AS varchar(9))"
        multiply(application, self.size, client_id=number, name=f"'Application ' || {number}")
        multiply(
            consent, self.size, application_id="i", created_at="CURRENT_TIMESTAMP - i * INTERVAL '1 minute'"
        )
        browser = Client()
        browser.force_login(person)
        self.cookie = browser.cookies.output(attrs=[], header="").strip()

    def first_page(self, calls: int) -> list[Request]:
        return self.pages("", calls)

    def last_page(self, calls: int) -> list[Request]:
        return self.pages(f"?page={self.size // PER_PAGE}", calls)

    def search(self, calls: int) -> list[Request]:
        """Look for what every name has."""
        return self.pages("?q=application", calls)

    def pages(self, query: str, calls: int) -> list[Request]:
        return [Request("GET", LIST + query, cookie=self.cookie) for _call in range(calls)]

    def has_answered(self, operation: str, body: bytes) -> bool:
        return body.count(BUTTON) == PER_PAGE
