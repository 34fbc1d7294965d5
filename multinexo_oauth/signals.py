"""The app's signals. Only a `request` may hold credentials.

`python -m tests.code_tables` writes the docstrings into docs/settings.md.
"""

from django.dispatch import Signal

event_recorded = Signal()
"""Sent when an event is stored, of any action.

Arguments: `event`.
"""

code_issued = Signal()
"""Sent when a client gets an authorization code.

Arguments: `application`, `user`, `scopes`.
"""

token_issued = Signal()
"""Sent when the token endpoint issues tokens.

Arguments: `request`, `access_token` (its row), `grant_type`.
"""

consent_given = Signal()
"""Sent when a person lets an application in or gives it more; `grant` is a device's, or `None`.

Arguments: `consent`, `added`, `address`, `agent`, `grant`.
"""

consent_reduced = Signal()
"""Sent when a person takes permissions back.

Arguments: `consent`, `withdrawn`.
"""

consent_removed = Signal()
"""Sent when a person removes the access of an application.

Arguments: `user`, `application`.
"""

consents_removed = Signal()
"""Sent when a person removes access, once for all applications that lost it in one act, after each `consent_removed`.

Arguments: `user`, `applications`, `by`, `address`, `agent`.
"""

device_requested = Signal()
"""Sent when a device asks to be let in.

Arguments: `grant`, `application`.
"""

device_authorized = Signal()
"""Sent when a person lets a device in.

Arguments: `grant`, `application`, `user`, `scopes`, `address`, `agent`.
"""

device_denied = Signal()
"""Sent when a person refuses a device.

Arguments: `grant`, `application`, `user`.
"""

token_reused = Signal()
"""Sent when a code or a replaced refresh token comes again (`what`: `"code"`, `"refresh_token"`).

Arguments: `application`, `family`, `what`.
"""

client_registered = Signal()
"""Sent when a client registers itself (`"dcr"`) or is first seen by its document (`"cimd"`).

Arguments: `application`, `source`.
"""

client_authentication_failed = Signal()
"""Sent when a client fails to authenticate.

Arguments: `request`, `client_id`.
"""

throttled = Signal()
"""Sent when a limit is reached, once each time.

Arguments: `request`, `what`, `client_id`.
"""
