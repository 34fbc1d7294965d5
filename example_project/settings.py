"""Settings of the example project: SQLite and local memory, for one machine and no public address."""

from pathlib import Path
from typing import Any

import django
from django.utils.translation import gettext_lazy as _

from example_project.scopes import SCOPES
from example_project.secret_key import secret_key, signing_key
from multinexo_oauth.defaults import *

BASE_DIR = Path(__file__).resolve().parent

DEBUG = True
SECRET_KEY = secret_key(BASE_DIR / "secret_key.txt")
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "corsheaders",
    "multinexo_oauth",
    "oauth2_provider",
    "example_project.products",
    "example_project.tienda",
    "example_project.demo",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "example_project.security.content_security_policy",
]

ROOT_URLCONF = "example_project.urls"
WSGI_APPLICATION = "example_project.wsgi.application"
ASGI_APPLICATION = "example_project.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": BASE_DIR / "db.sqlite3",
        # Requests at once wait for each other; a transaction that began by reading would find the database locked.
        "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 20},
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

LANGUAGE_CODE = "es"
LANGUAGES = [("es", _("Spanish")), ("en", _("English")), ("pt-br", _("Brazilian Portuguese"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "America/Argentina/Buenos_Aires"
USE_TZ = True

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_URL = "/media/"
MEDIA_ROOT = BASE_DIR / "media"

# Messages to people appear in the terminal.
if django.VERSION >= (6, 1):
    MAILERS = {"default": {"BACKEND": "django.core.mail.backends.console.EmailBackend"}}
else:
    EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
DEFAULT_FROM_EMAIL = "Multinexo <no-responder@multinexo.example>"

LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "home"

CSRF_FAILURE_VIEW = "multinexo_oauth.pages.csrf_failure"

X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
# Plain http on loopback is all that the demonstration serves; a real site sets these by its own settings.
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = False

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["multinexo_oauth.rest_framework.OAuth2Authentication"],
    "DEFAULT_PERMISSION_CLASSES": ["multinexo_oauth.rest_framework.IsTokenAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser", "rest_framework.parsers.FormParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
}

# The API's documentation, from the site's own files; its "Authorize" button is a client of the site, with PKCE.
API_DOCS_CLIENT_ID = "demo-docs"
SPECTACULAR_SETTINGS = {
    "TITLE": "Multinexo",
    "VERSION": "v1",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SWAGGER_UI_OAUTH2_CONFIG": {
        "clientId": API_DOCS_CLIENT_ID,
        "usePkceWithAuthorizationCodeGrant": True,
    },
}

# A page of any origin may call the API: it takes no cookies, so only a token in the page's own hands opens it.
CORS_URLS_REGEX = r"^/api/"
CORS_ALLOW_ALL_ORIGINS = True
CORS_EXPOSE_HEADERS = ["WWW-Authenticate", "RateLimit", "RateLimit-Policy", "Retry-After"]

MULTINEXO_OAUTH: dict[str, Any] = {
    # None takes it from the request, which DEBUG alone allows.
    "ISSUER": None,
    "SCOPES": SCOPES,
    # Multinexo documents tokens in the query string, and discourages them: off unless a site says so.
    "QUERY_TOKENS": True,
    "SIGNING_KEYS": [signing_key(BASE_DIR / "signing_key.pem")],
}

# Where `seed_demo` leaves the shop's client id and secret, as its developer would have pasted them.
TIENDA_CREDENTIALS = BASE_DIR / "tienda.json"
