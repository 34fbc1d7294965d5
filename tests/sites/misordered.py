"""A site that lists django-oauth-toolkit first."""

from multinexo_oauth.defaults import *

SECRET_KEY = "of a test"
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "oauth2_provider",
    "multinexo_oauth",
    "rest_framework",
]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
