import uuid

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models


class Account(AbstractBaseUser):
    """Somebody without a name, known by the address that they sign in with."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    address = models.EmailField(unique=True)

    objects = BaseUserManager()

    USERNAME_FIELD = "address"
    EMAIL_FIELD = "address"
