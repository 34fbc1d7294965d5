"""What the other tests here rely on: an act that writes what it read before its transaction is found out."""

from collections.abc import Callable

import pytest
from django.db import transaction

from multinexo_oauth.models import Consent

from .acts import Act
from .outcome import Stage, faults
from .scene import Done, Scene

Doing = Callable[[], Done]


def mine(scene: Scene) -> Consent:
    return Consent.objects.get(user=scene.user, application=scene.application)


def write(scene: Scene, consent: Consent, name: str) -> Done:
    Consent.objects.filter(pk=consent.pk).update(scope=f"{consent.scope} {name}")
    return Done(200)


def read_before(name: str) -> Callable[[Scene], Doing]:
    def add(scene: Scene) -> Done:
        consent = mine(scene)
        with transaction.atomic():
            return write(scene, consent, name)

    return lambda scene: lambda: add(scene)


def read_inside(name: str) -> Callable[[Scene], Doing]:
    @transaction.atomic
    def add(scene: Scene) -> Done:
        return write(scene, mine(scene), name)

    return lambda scene: lambda: add(scene)


def fails(name: str) -> Callable[[Scene], Doing]:
    return lambda scene: lambda: Done(500, error="it failed")


def acts(make: Callable[[str], Callable[[Scene], Doing]]) -> list[Act]:
    return [Act(name, ("web",), False, make(name)) for name in ("cashier:read", "companies:read")]


def test_a_write_of_what_was_read_before_the_transaction_is_found(stage: Stage) -> None:
    (fault,) = faults(stage, *acts(read_before))
    assert fault.startswith("consent is cashier:read documents:read products:read products:write, not ")


def test_a_write_of_what_was_read_inside_it_is_fine(stage: Stage) -> None:
    assert faults(stage, *acts(read_inside)) == {}


def test_an_error_of_the_server_is_found(stage: Stage) -> None:
    assert list(faults(stage, *acts(fails))) == [
        "cashier:read: 500 it failed",
        "companies:read: 500 it failed",
    ]


@pytest.mark.parametrize("moment", [0, 1])
def test_an_act_is_interrupted_before_its_statements_and_not_within_its_transaction(
    stage: Stage, moment: int
) -> None:
    outer, inner = acts(read_inside)
    assert stage.inside(outer, inner, moment).came == (moment == 0)
