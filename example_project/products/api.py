"""The API that applications come for: `products:read` to see, `products:write` for the rest."""

from django.contrib.auth.models import AbstractBaseUser
from rest_framework.exceptions import PermissionDenied
from rest_framework.serializers import BaseSerializer
from rest_framework.viewsets import ModelViewSet

from multinexo_oauth.rest_framework import TokenHasResourceScope

from .models import Product, ProductQuerySet
from .serializers import ProductSerializer


class ProductViewSet(ModelViewSet[Product]):
    """The products of the person behind the token; of its owner where the application acts for itself."""

    permission_classes = [TokenHasResourceScope]
    scope_resource = "products"
    serializer_class = ProductSerializer
    lookup_value_regex = "[0-9]+"

    @property
    def person(self) -> AbstractBaseUser | None:
        if self.request.user.is_authenticated:
            return self.request.user
        return self.request.auth.application.user

    def get_queryset(self) -> ProductQuerySet:
        return Product.objects.owned_by(self.person)

    def perform_create(self, serializer: BaseSerializer[Product]) -> None:
        if self.person is None:
            raise PermissionDenied  # a service whose owner left acts for nobody
        serializer.save(owner=self.person)
