"""What lives and why: the credentials of one site in plain Python. `acts.py` is what changes them.

Times are seconds. The token endpoint answers with an error's name, or with the scopes of the access token it issues.
"""

from dataclasses import dataclass, field

READ, WRITE, CASHIER, COMPANIES = SCOPES = (
    "documents:read",
    "documents:write",
    "cashier:read",
    "companies:read",
)
IMPLIED = {WRITE: READ}
DAY = 86_400
CODE, DEVICE, ACCESS, GRACE, PAGE = 60, 900, 900, 10, 3600
IDLE, LIFETIME, REUSE = 60 * DAY, 150 * DAY, 30 * DAY

Scopes = frozenset[str]
Answer = str | Scopes
NONE: Scopes = frozenset()


@dataclass(eq=False)
class Person:
    active: bool = True
    exists: bool = True
    passwords: int = 1


@dataclass(eq=False)
class Application:
    kind: str
    owner: Person
    has_secret: bool
    scopes: Scopes = frozenset(SCOPES)
    suspended: bool = False
    exists: bool = True

    @property
    def usable(self) -> bool:
        return self.exists and not self.suspended


@dataclass(eq=False, kw_only=True)
class Family:
    """All that descends from one grant. A service has no person."""

    application: Application
    person: Person | None
    scopes: Scopes
    began: float
    used: float
    ended: bool = False


@dataclass(eq=False, kw_only=True)
class Credential:
    """Something delivered. `spent` is what was exchanged, `gone` what is not stored any more, and so is unknown."""

    application: Application
    person: Person | None = None
    scopes: Scopes = NONE
    expires: float = 0
    spent: bool = False
    gone: bool = False
    value: str = ""


@dataclass(eq=False, kw_only=True)
class Code(Credential):
    redeemed: float = 0
    family: Family | None = None


@dataclass(eq=False, kw_only=True)
class Page(Credential):
    """A consent page in somebody's browser. `shown` is what it shows as granted before."""

    shown: Scopes
    passwords: int


@dataclass(eq=False, kw_only=True)
class Device(Credential):
    user_code: str = ""
    denied: bool = False
    interval: float = 5
    polled: float | None = None


@dataclass(eq=False, kw_only=True)
class AccessToken(Credential):
    family: Family


@dataclass(eq=False, kw_only=True)
class RefreshToken(Credential):
    """Its scopes, its person and its end are its family's."""

    family: Family
    replaced: float | None = None
    successor: "RefreshToken | None" = None


@dataclass(eq=False)
class State:
    """Everything at one moment, and what each credential is good for then. Whoever presents one is its client."""

    people: dict[str, Person]
    applications: dict[str, Application]
    password_ends: bool = False
    all_rotate: bool = False
    now: float = 0
    catalogue: Scopes = frozenset(SCOPES)
    consents: dict[tuple[Person | None, Application], Scopes] = field(default_factory=dict)
    secrets: list[Credential] = field(default_factory=list)
    pages: list[Page] = field(default_factory=list)
    codes: list[Code] = field(default_factory=list)
    devices: list[Device] = field(default_factory=list)
    access: list[AccessToken] = field(default_factory=list)
    refresh: list[RefreshToken] = field(default_factory=list)

    def proves(self, secret: Credential) -> bool:
        return secret.application.usable and not secret.gone

    def secrets_of(self, application: Application) -> list[Credential]:
        return [secret for secret in self.secrets if secret.application is application and not secret.gone]

    def secret_of(self, application: Application) -> str | None:
        """Return the secret that the application uses: a good one, or else the last it had."""
        mine = [secret for secret in self.secrets if secret.application is application]
        return (self.secrets_of(application) or mine)[-1].value if mine else None

    def is_client(self, application: Application) -> bool:
        return application.usable and (not application.has_secret or bool(self.secrets_of(application)))

    def named(self, token: AccessToken) -> Scopes | None:
        """Return the scopes that introspection names, or None for a token that is no good."""
        lives = not token.gone and self.now < token.expires and token.application.usable
        return token.scopes & self.catalogue if lives and self.is_active(token.person) else None

    def opens(self, token: AccessToken) -> Scopes | None:
        """Return the scopes whose views let the token in, or None for a token that is no good."""
        named = self.named(token)
        return None if named is None else self.expanded(named)

    def expanded(self, names: Scopes) -> Scopes:
        """Return what the catalogue knows of the names, and what these bring along."""
        known = names & self.catalogue
        return known | frozenset(IMPLIED[name] for name in known & IMPLIED.keys()) & self.catalogue

    def consented(self, person: Person | None, application: Application) -> Scopes:
        """Return what the person's consent covers."""
        return self.expanded(self.consents.get((person, application), NONE))

    def is_active(self, person: Person | None) -> bool:
        return person is None or person.active

    def granted(self, grant: Credential | Family) -> Answer:
        """Return what of a grant's scopes a token may carry now."""
        consented = self.consented(grant.person, grant.application)
        return grant.scopes & consented & grant.application.scopes or "invalid_grant"

    def code_answer(self, code: Code, right: bool = True) -> Answer:
        """Return what a code brings. With another verifier or redirect URI it is not `right`."""
        good = right and not code.spent and self.is_known(code) and self.is_active(code.person)
        return self.granted(code) if good else "invalid_grant"

    def is_known(self, code: Code) -> bool:
        return not code.gone and self.now < code.expires

    def is_current(self, page: Page) -> bool:
        """Tell whether a page is still of somebody who is signed in, and of an application that is there."""
        person = page.person
        signed_in = person is not None and person.active and person.passwords == page.passwords
        return signed_in and page.application.usable and self.now <= page.expires

    def refresh_answer(self, token: RefreshToken, asked: Scopes | None = None) -> Answer:
        good = self.is_standing(token) and not self.is_reused(token) and self.is_active(token.family.person)
        left = self.granted(token.family) if good else "invalid_grant"
        if isinstance(left, str) or asked is None:
            return left
        known = asked & self.catalogue
        return known if known and known <= left else "invalid_scope"

    def refresh_named(self, token: RefreshToken) -> Answer | None:
        """Return what introspection names to its client, None for what brings nothing any more, or an error."""
        if not self.is_client(token.application):
            return "invalid_client"
        left = self.refresh_answer(token)
        return None if token.replaced is not None or isinstance(left, str) else left

    def is_standing(self, token: RefreshToken) -> bool:
        return not token.gone and not token.family.ended and self.now < self.end_of(token.family)

    def is_reused(self, token: RefreshToken) -> bool:
        return token.replaced is not None and self.now >= token.replaced + GRACE

    def end_of(self, family: Family) -> float:
        return min(family.began + LIFETIME, family.used + IDLE)

    def rotates(self, application: Application) -> bool:
        return self.all_rotate or not application.has_secret

    def device_answer(self, device: Device) -> Answer:
        if device.gone or device.spent:
            return "invalid_grant"
        if self.now >= device.expires:
            return "expired_token"
        if device.denied:
            return "access_denied"
        if device.person is None:
            early = device.polled is not None and self.now < device.polled + device.interval
            return "slow_down" if early else "authorization_pending"
        return self.granted(device) if device.person.active else "invalid_grant"

    def waits(self, device: Device) -> bool:
        """Tell whether a person may still answer the device."""
        return not (device.gone or device.person) and self.now < device.expires
