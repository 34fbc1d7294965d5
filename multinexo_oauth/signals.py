"""What the app announces. Receivers get the named arguments; none carries a credential."""

from django.dispatch import Signal

consent_given = Signal()  # consent, added (the scopes that are new)
consent_removed = Signal()  # user, application
token_issued = Signal()  # request, access_token, grant_type
token_reused = Signal()  # application, family, what ("code" or "refresh_token")
client_registered = Signal()  # application, source ("dcr" or "cimd")
throttled = Signal()  # request, what
client_authentication_failed = Signal()  # request, client_id
