"""A site with fields of its own on applications."""

from tests.sites.bare.settings import *

ROOT_URLCONF = "tests.sites.partners.urls"
AUTH_USER_MODEL = "auth.User"
INSTALLED_APPS = [
    "django.contrib.admin",
    *[app for app in INSTALLED_APPS if app != "tests.sites.bare"],
    "tests.sites.partners",
]
TEMPLATES[0]["OPTIONS"]["context_processors"] += [
    "django.contrib.auth.context_processors.auth",
    "django.contrib.messages.context_processors.messages",
]
OAUTH2_PROVIDER = OAUTH2_PROVIDER | {
    "APPLICATION_ADMIN_CLASS": "tests.sites.partners.admin.PartnersAdmin",
}
MULTINEXO_OAUTH = {
    **MULTINEXO_OAUTH,
    "APPLICATION_FORM": "tests.sites.partners.forms.PartnerForm",
}
