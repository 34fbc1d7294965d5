"""A site on Django, as startproject makes it, with what `settings.py` and `urls.py` in its folder add to that."""

import os
import runpy
import sys
from types import ModuleType

import django
from django.conf import settings
from django.core.management import call_command
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, JsonResponse
from django.middleware.csrf import get_token
from django.urls import path

BEFORE = {
    "ALLOWED_HOSTS": ["127.0.0.1"],
    # The browser of the test has cookies of another site on this very host.
    "CSRF_COOKIE_NAME": "program_csrftoken",
    "SESSION_COOKIE_NAME": "program_sessionid",
    "DATABASES": {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "db.sqlite3"}},
    "DEFAULT_AUTO_FIELD": "django.db.models.BigAutoField",
    "EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend",
    "INSTALLED_APPS": [
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.sessions",
        "django.contrib.messages",
    ],
    "MIDDLEWARE": [
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
    ],
    "LOGGING": {
        "version": 1,
        "disable_existing_loggers": False,
        "handlers": {"console": {"class": "logging.StreamHandler"}},
        "root": {"level": "WARNING", "handlers": ["console"]},
    },
    "ROOT_URLCONF": "program_urls",
    "SECRET_KEY": "of the program",
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
    "USE_TZ": True,
}


def home(request: HttpRequest) -> JsonResponse:
    get_token(request)  # as a page with a form on it
    user = request.user
    return JsonResponse({"email": user.email} if user.is_authenticated else {})


def serve(port: int) -> None:
    written = runpy.run_path("settings.py", init_globals=BEFORE)
    settings.configure(**{name: value for name, value in written.items() if name.isupper()})
    django.setup()
    call_command("migrate", verbosity=0)
    urls = sys.modules["program_urls"] = ModuleType("program_urls")
    urls.urlpatterns = [path("", home), *runpy.run_path("urls.py")["urlpatterns"]]  # type: ignore[attr-defined]
    server = ThreadedWSGIServer(("127.0.0.1", port), WSGIRequestHandler)
    server.set_app(get_wsgi_application())
    server.serve_forever()


if __name__ == "__main__":
    os.environ.pop("DJANGO_SETTINGS_MODULE", None)
    serve(int(sys.argv[1]))
