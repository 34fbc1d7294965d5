from typing import Any

from multinexo_oauth.defaults import *

SECRET_KEY = "of a test"
DEBUG = True
ALLOWED_HOSTS = ["testserver"]
ROOT_URLCONF = "tests.sites.bare.urls"
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "multinexo_oauth",
    "oauth2_provider",
    "rest_framework",
    "tests.sites.bare",
]
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
]
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
    }
]
STATIC_URL = "/static/"
AUTH_USER_MODEL = "bare.Account"
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
MULTINEXO_OAUTH: dict[str, Any] = {"SCOPES": {"notes:read": {"label": "See your notes"}}}


class WithoutMigrations(dict[str, None]):
    """Tables as the models are: the site has no migrations of its own, and the app's then cannot wait for them."""

    def __contains__(self, app: object) -> bool:
        return True

    def __missing__(self, app: str) -> None:
        return None


MIGRATION_MODULES = WithoutMigrations()
