"""What people see. What is named here is part of the public API, for a site's own pages."""

from .errors import bad_request, csrf_failure, forbidden, not_found
from .language import follow_ui_locales
from .security import PageMixin

__all__ = ["PageMixin", "bad_request", "csrf_failure", "follow_ui_locales", "forbidden", "not_found"]
