"""The app's signals. Receivers get the arguments named here. Only a `request` may hold credentials."""

from django.dispatch import Signal

# event (an Event: secrets made and revoked, suspension, reuse and the rest of its actions)
event_recorded = Signal()
# consent, added (the scopes that are new), address, agent, grant (a device's that it was given to, or None)
consent_given = Signal()
# application, user, scopes: a client gets an authorization code, whether or not the person was asked
code_issued = Signal()
consent_reduced = Signal()  # consent, withdrawn (the scopes that are gone)
consent_removed = Signal()  # user, application
# user, applications, by, address, agent: what went in one act, after consent_removed of each
consents_removed = Signal()
device_requested = Signal()  # grant, application
device_denied = Signal()  # grant, application, user
device_authorized = Signal()  # grant, application, user, scopes, address, agent
token_issued = Signal()  # request, access_token, grant_type
token_reused = Signal()  # application, family, what ("code" or "refresh_token")
client_registered = Signal()  # application, source ("dcr" or "cimd")
# request, what (a name of THROTTLES), client_id (or ""); once each time a limit is reached
throttled = Signal()
client_authentication_failed = Signal()  # request, client_id (as it was sent, or "")
