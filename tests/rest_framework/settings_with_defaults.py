"""A site whose REST_FRAMEWORK setting names our classes for every view."""

from tests.settings import *  # noqa: F403

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["multinexo_oauth.rest_framework.OAuth2Authentication"],
    "DEFAULT_PERMISSION_CLASSES": ["multinexo_oauth.rest_framework.IsTokenAuthenticated"],
}
