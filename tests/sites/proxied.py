"""A site whose admin knows people by a proxy of the user model."""

from multinexo_oauth.defaults import *

SECRET_KEY = "of a test"
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "multinexo_oauth",
    "oauth2_provider",
    "rest_framework",
    "tests.sites.people",
]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
MULTINEXO_OAUTH = {"PASSWORD_CHANGE_ENDS_TOKENS": True}
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
