"""A site that left out `from multinexo_oauth.defaults import *`."""

SECRET_KEY = "of a test"
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "multinexo_oauth",
    "oauth2_provider",
    "rest_framework",
]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
