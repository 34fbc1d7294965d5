"""What to call a person. The site's user model may have neither names nor an e-mail address."""

from typing import Any


def full_name(user: Any) -> str:
    """Return the person's name in full; empty where the site's user model has none."""
    return user.get_full_name() if hasattr(user, "get_full_name") else ""


def short_name(user: Any) -> str:
    """Return what a message calls the person; the user name where the site's user model has no other."""
    return (user.get_short_name() if hasattr(user, "get_short_name") else "") or user.get_username()


def public_name(user: Any) -> str:
    """Return what others may read of the person: the name, or a user name that is no e-mail address; else nothing."""
    username = user.get_username()
    return full_name(user) or ("" if "@" in username else username)


def account(user: Any) -> str:
    """Return what a page calls the account that somebody is signed in to."""
    return email(user) or user.get_username()


def email(user: Any) -> str:
    """Return the person's e-mail address, or nothing."""
    return getattr(user, user.get_email_field_name(), "") or ""
