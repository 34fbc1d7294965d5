"""What an application can do after two acts, found out by trying every credential that it ever had."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User

from multinexo_oauth.models import Application, Consent, Event
from tests import device
from tests.oauth import OAuthClient, Products
from tests.responses import ClientResponse

from .acts import Act
from .moments import Interruption, aside, interrupted
from .scene import Done, Scene

State = dict[str, Any]
DEAD = "dead"
ALARMS = (Event.Action.CODE_REUSED, Event.Action.REFRESH_TOKEN_REUSED)
INTROSPECT = "/auth/v1/introspect/"
MOST_MOMENTS = 200


@dataclass
class Run:
    """Two acts on one scene, what each came to by its name, and how the scene was left."""

    outcomes: Mapping[str, Done]
    state: State
    came: bool

    @property
    def alarms(self) -> tuple[str, ...]:
        return tuple(self.state["alarms"])

    @property
    def errors(self) -> list[str]:
        failed = {name: outcome for name, outcome in self.outcomes.items() if outcome.status >= 500}
        return [f"{name}: {outcome.status} {outcome.error}" for name, outcome in failed.items()]


def attempt(call: Callable[[], Done]) -> Done:
    """Do an act; what it raises counts as an error of the server."""
    try:
        return call()
    except Exception as error:  # noqa: BLE001 - whatever it is, nobody was to see it
        return Done(500, error=repr(error))


class Stage:
    """Sets scenes and looks at them. `server` is a resource server that staff marked."""

    def __init__(self, staff: User, server: OAuthClient) -> None:
        self.staff = staff
        self.server = server

    def inside(self, outer: Act, inner: Act, moment: int) -> Run:
        """Do an act, and another inside it at a moment; after it, where it has no such moment."""
        names = (outer.name, inner.name if inner is not outer else f"{inner.name} again")
        scene = Scene(kind_of(outer, inner), self.staff)
        # What prepares for a suspended application goes last, for the others need one that is not.
        acts = sorted(
            zip(names, (outer, inner), strict=True), key=lambda act: act[0].startswith("staff_react")
        )
        doing = {name: act.prepare(scene) for name, act in acts}
        outcomes: dict[str, Done] = {}

        def do(name: str) -> None:
            outcomes[name] = attempt(doing[name])

        interruption = Interruption(moment, lambda: aside(lambda: do(names[1])))
        interrupted(lambda: do(names[0]), interruption)
        if not interruption.came:
            do(names[1])
        state = self.look(scene, outcomes)
        return Run(outcomes, state | {"alarms": alarms(scene)}, interruption.came)

    def look(self, scene: Scene, outcomes: Mapping[str, Done]) -> State:
        """Try every credential. What is suspended is then brought back, to see what lives under it."""
        held = {name: value for name, value in scene.held.items() if name not in scene.spent}
        known = {"": held} | {f"{name}: ": outcome.delivered for name, outcome in outcomes.items()}
        credentials = [
            (of + name, name, value) for of, those in known.items() for name, value in those.items()
        ]
        state: State = {f"{name} said yes": outcome.said_yes for name, outcome in outcomes.items()}
        state |= self._access(scene, credentials, "")
        state |= consented(scene)
        if brought_back(scene):
            state |= self._access(scene, credentials, " once brought back")
        state |= {of: tried(scene, name, value) for of, name, value in credentials if name != "access"}
        # A credential that was never delivered does no more than a dead one.
        return {name: found for name, found in state.items() if found != DEAD}

    def _access(self, scene: Scene, credentials: list[tuple[str, str, str]], when: str) -> State:
        return {of + when: self._opens(value) for of, name, value in credentials if name == "access"}

    def _opens(self, token: str) -> Any:
        """Return the scopes of an access token; the API, by its cache, and the introspection have to agree."""
        told = self.server.post(INTROSPECT, {"token": token}).json()
        status = Products().list(token).status_code
        if told["active"] != (status != 401):
            return f"API {status}, introspection {told}"
        return frozenset(told["scope"].split()) if told["active"] else DEAD


def kind_of(outer: Act, inner: Act) -> str | None:
    """Return a kind of application that both acts are for."""
    return next((kind for kind in outer.kinds if kind in inner.kinds), None)


def consented(scene: Scene) -> State:
    """Return what stands of the consent, the application and its secrets."""
    consent = Consent.objects.filter(user=scene.user.pk, application=scene.application.pk).first()
    application = Application.objects.filter(pk=scene.application.pk).first()
    return {
        "consent": frozenset(consent.scope_names) if consent else DEAD,
        "allowed": frozenset(application.scope_names) if application else DEAD,
        "suspended": application is not None and application.is_suspended,
        "the first secret": tried(scene, "secret", scene.client.secret or ""),
        "the second secret": tried(scene, "secret", scene.observer.secret or ""),
    }


def brought_back(scene: Scene) -> bool:
    """End a suspension. Return whether there was one."""
    application = Application.objects.filter(pk=scene.application.pk).exclude(suspended_at=None).first()
    if application is not None:
        application.reactivate()
    inactive = User.objects.filter(pk=scene.user.pk, is_active=False).update(is_active=True)
    return application is not None or bool(inactive)


def tried(scene: Scene, name: str, value: str) -> Any:
    """Return what a credential opens at the token endpoint."""
    if name == "secret":
        return (
            value
            and OAuthClient(scene.application, value).exchange("none").json()["error"] != "invalid_client"
        )
    client = scene.observer
    tries: dict[str, Callable[[str], ClientResponse]] = {
        "refresh": client.refresh,
        "code": client.exchange,
        "device_code": lambda code: device.poll(client, code),
    }
    answer = tries[name](value)
    return frozenset(answer.json()["scope"].split()) if answer.status_code == 200 else DEAD


def alarms(scene: Scene) -> list[str]:
    events = Event.objects.filter(application_name=scene.application.name, action__in=ALARMS)
    return sorted(events.values_list("action", flat=True))


def faults(stage: Stage, outer: Act, inner: Act) -> dict[str, list[int]]:
    """Place an act inside another at each moment. Return what is not as it is one after the other, with the moments."""
    runs = list(every_moment(stage, outer, inner))
    # Before the first statement, and after the last one.
    orders = (runs[0].state, runs[-1].state)
    found: dict[str, list[int]] = {}
    for moment, run in enumerate(runs):
        false = [] if outer.alarms or inner.alarms else sorted(set(run.alarms))
        for fault in (*faults_of(run, orders), *(f"a false alarm, {alarm}" for alarm in false)):
            found.setdefault(fault, []).append(moment)
    return found


def every_moment(stage: Stage, outer: Act, inner: Act) -> Iterator[Run]:
    for moment in range(MOST_MOMENTS):
        run = stage.inside(outer, inner, moment)
        yield run
        if not run.came:
            return
    raise AssertionError(f"{outer.name} does not end")


def faults_of(run: Run, orders: Iterable[State]) -> list[str]:
    wrong = list(run.errors)
    if run.state not in orders:
        wrong.append(" or ".join(differences(run.state, order) for order in orders))
    return wrong


def differences(found: State, expected: State) -> str:
    names = sorted(name for name in found.keys() | expected.keys() if found.get(name) != expected.get(name))
    return "; ".join(f"{name} is {shown(found.get(name))}, not {shown(expected.get(name))}" for name in names)


def shown(value: Any) -> str:
    return " ".join(sorted(value)) if isinstance(value, frozenset) else str(value)
