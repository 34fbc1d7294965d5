import pytest

from multinexo_oauth.models import Application, Kind
from tests.conformance import proves

from .conftest import ADDRESSES
from .pages import add_page, filled_in

pytestmark = [pytest.mark.django_db, proves("api-wildcards")]


def test_staff_allows_every_scope_that_begins_alike(staff, owner):
    values = {"user": owner.pk, "redirect_uris": ADDRESSES[Kind.WEB], "scopes": ["products:*", "email"]}
    address, data = filled_in(staff, Kind.WEB, **values)
    staff.post(address, data)
    application = Application.objects.get()
    assert set(application.scopes.split()) == {"email", "products:*"}
    assert set(application.scope_names) == {"email", "products:read", "products:write"}


def test_the_other_lists_name_each_scope(staff):
    page = staff.get(f"{add_page(Application)}?kind=web").content.decode()
    assert 'name="scopes" value="products:*"' in page
    assert 'name="default_scopes" value="products:*"' not in page
    assert 'name="required_scopes" value="products:*"' not in page
