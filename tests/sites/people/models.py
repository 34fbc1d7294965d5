from django.contrib.auth.models import User


class Member(User):
    """The user model under another name, as a site's own admin may have it."""

    class Meta:
        app_label = "auth"
        proxy = True
