"""Client ids that differ in case or by a space are different ones, on every database."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from multinexo_oauth.ending.applications import revoke_application
from multinexo_oauth.models import Application, DeviceGrant
from tests import device as devices
from tests.conformance import proves
from tests.oauth import OAuthClient, Person, register

pytestmark = proves("client-ids-exact")
ALIKE = ["Caja", "caja", "CAJA"]


@pytest.fixture
def alike(owner):
    return [register(owner, "device", client_id=client_id) for client_id in ALIKE]


def test_all_of_them_can_be_registered_and_one_of_them_once(alike, owner):
    written = [*ALIKE, "caja ", "cajá"]
    for client_id in written[3:]:
        register(owner, "device", client_id=client_id)
    assert set(Application.objects.values_list("client_id", flat=True)) == set(written)
    for client_id in written:
        assert Application.objects.get_by_natural_key(client_id).client_id == client_id
        with pytest.raises(ValidationError):
            register(owner, "device", client_id=client_id)


def test_each_has_its_own_page_and_no_other_has_one(alike, owner):
    browser = Person(owner).browser
    for one in alike:
        page = browser.get(reverse("multinexo_oauth:application", args=[one.client_id]))
        assert page.context["application"] == one.application
    assert browser.get(reverse("multinexo_oauth:application", args=["cAJA"])).status_code == 404


def test_a_device_that_names_one_in_other_letters_is_nobody(alike):
    stranger = OAuthClient(Application(client_id="cAJA"))
    assert devices.start(stranger).json()["error"] == "invalid_client"
    assert not DeviceGrant.objects.exists()


def test_the_end_of_ones_devices_leaves_anothers(alike):
    for one in alike[:2]:
        devices.started(one)
    revoke_application(alike[0].application)
    assert DeviceGrant.objects.get().client_id == "caja"
