"""The site of another company: one template and one file of custom properties over the app's own."""

from pathlib import Path
from typing import Any

from django.conf import settings

FOLDER = Path(__file__).parent
NAME = "Puentes del Sur"


def brand() -> dict[str, Any]:
    """Return the settings that dress the running site in the company's brand."""
    templates: dict[str, Any] = settings.TEMPLATES[0]
    return {
        "MULTINEXO_OAUTH": {**settings.MULTINEXO_OAUTH, "BRAND_NAME": NAME},
        "TEMPLATES": [{**templates, "DIRS": [FOLDER / "templates", *templates["DIRS"]]}],
        "STATICFILES_DIRS": [FOLDER / "static", *settings.STATICFILES_DIRS],
    }
