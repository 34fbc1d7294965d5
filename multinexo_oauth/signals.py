"""What the app announces. Receivers get the named arguments; none carries a credential."""

from django.dispatch import Signal

consent_given = (
    Signal()
)  # consent, added (the scopes that are new), address, agent, grant (a device's, or None)
consent_reduced = Signal()  # consent, withdrawn (the scopes that are gone)
consent_removed = Signal()  # user, application
consents_removed = (
    Signal()
)  # user, applications, by, address, agent: what went in one act, after consent_removed of each
device_authorized = Signal()  # grant, application, user, scopes, address, agent
token_issued = Signal()  # request, access_token, grant_type
token_reused = Signal()  # application, family, what ("code" or "refresh_token")
throttled = Signal()  # request, what
client_authentication_failed = Signal()  # request, client_id
