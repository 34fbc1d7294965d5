"""Events as pages show them: a reader's own acts in full, those of others without the person."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext

from ..interface.application_fields import label
from ..interface.wording import shortened_list
from ..models import Event
from ..policy import policy
from ..scopes import describe

# The no-break space keeps the dot from starting a line.
SEPARATOR = "\u00a0· "


@dataclass(frozen=True)
class Told:
    """What a page says of an event to `reader`."""

    event: Event
    reader: Any

    @property
    def action(self) -> str:
        return self.event.action

    @property
    def label(self) -> str:
        return self.event.get_action_display()

    @property
    def at(self) -> datetime:
        return self.event.at

    @property
    def is_own(self) -> bool:
        return bool(self.event.actor_id == self.reader.pk)

    @property
    def is_of_staff(self) -> bool:
        """Tell whether staff acted for the site. Consents of staff members are their own."""
        event = self.event
        if event.action in Event.BETWEEN:
            return False
        return event.action in Event.OF_STAFF or getattr(event.actor, "is_staff", False)

    @property
    def is_anothers(self) -> bool:
        """Tell whether somebody else acted, whose account may be gone."""
        acted = self.event.actor_id is not None or self.event.action in Event.BETWEEN
        return not self.is_own and (acted or self.is_of_staff)

    @property
    def who(self) -> str:
        """The reader by name, staff as the site, anybody else as a person; empty where no account acted."""
        if not self.is_anothers:
            return str(self.reader) if self.is_own else ""
        return policy().brand_name() if self.is_of_staff else gettext("A person")

    @property
    def address(self) -> str | None:
        """The reader's own IP address, or that of a program that failed to authenticate."""
        is_told = self.is_own or (not self.is_anothers and self.event.action == Event.Action.THROTTLED)
        return self.event.address if is_told else None

    @property
    def agent(self) -> str:
        return self.event.detail.get("agent", "") if self.is_own else ""

    @property
    def ended(self) -> dict[str, Any] | None:
        """How many people and live tokens an ending of permissions touched."""
        return self.event.detail if self.event.action == Event.Action.PERMISSIONS_ENDED else None

    @property
    def device(self) -> dict[str, Any] | None:
        """The address and agent of the device that was let in."""
        return self.event.detail.get("device") if self.is_own else None


def describe_events(events: Iterable[Event], reader: Any) -> list[tuple[Told, str]]:
    """Return each event with what it was about, in words: the secret, the fields or the permissions."""
    return [(Told(event, reader), _about(event)) for event in events]


def _about(event: Event) -> str:
    detail = event.detail
    if "secret" in detail:
        return str(detail["secret"])
    if "fields" in detail:
        return SEPARATOR.join(map(label, detail["fields"]))
    return shortened_list([str(scope.label) for scope in describe(detail.get("scopes", ()))], SEPARATOR)
