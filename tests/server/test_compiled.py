"""Look-ups that are compiled once take what the model's database has, whatever its managers leave out."""

from typing import Any, ClassVar

import pytest
from django.contrib.auth.models import User, UserManager
from django.db import models
from django.test.utils import isolate_apps

from multinexo_oauth.server.compiled import Compiled
from tests.conformance import proves


@proves("never-a-server-error")
@pytest.mark.django_db
@isolate_apps("django.contrib.auth")
def test_a_model_whose_default_manager_hides_rows() -> None:
    """Many a site's user model hides accounts so; Django follows foreign keys past such a manager."""

    class Visible(UserManager[User]):
        def get_queryset(self) -> models.QuerySet[User]:
            return super().get_queryset().exclude(last_name="hidden")

    class Account(User):
        objects: ClassVar[Any] = Visible()

        class Meta:
            app_label = "auth"
            proxy = True

    luis = User.objects.create_user("luis")
    eva = User.objects.create_user("eva", last_name="hidden")
    found = Compiled(Account, "id")
    assert [found.first(who.pk).username for who in (luis, eva)] == ["luis", "eva"]
