"""What the app announces. Receivers get the named arguments; none carries a credential, but a request as it came."""

from django.dispatch import Signal

event_recorded = (
    Signal()
)  # event (an Event: secrets made and revoked, suspension, reuse and the rest of its actions)
consent_given = Signal()  # consent, added (the scopes that are new)
consent_removed = Signal()  # user, application
token_issued = Signal()  # request, access_token, grant_type
token_reused = Signal()  # application, family, what ("code" or "refresh_token")
client_registered = Signal()  # application, source ("dcr" or "cimd")
# request, what (a name of THROTTLES), client_id (or ""); once each time a limit is reached
throttled = Signal()
client_authentication_failed = Signal()  # request, client_id (as it was sent, or "")
