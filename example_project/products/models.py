from decimal import Decimal
from typing import Self

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _


class ProductQuerySet(models.QuerySet["Product"]):
    def owned_by(self, user: AbstractBaseUser | None) -> Self:
        return self.filter(owner=user) if user is not None else self.none()


class Product(models.Model):
    """Something that a person sells."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="products", verbose_name=_("owner")
    )
    name = models.CharField(_("name"), max_length=120)
    sku = models.CharField(_("code"), max_length=40)
    price = models.DecimalField(
        _("price"), max_digits=12, decimal_places=2, validators=[MinValueValidator(Decimal(0))]
    )
    stock = models.PositiveIntegerField(_("stock"), default=0)
    created = models.DateTimeField(_("created"), auto_now_add=True)

    objects = ProductQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("product")
        verbose_name_plural = _("products")

    def __str__(self) -> str:
        return self.name
