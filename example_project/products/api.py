"""The API that applications come for: `products:read` to see, `products:write` for the rest."""

from rest_framework.exceptions import PermissionDenied
from rest_framework.serializers import BaseSerializer
from rest_framework.viewsets import ModelViewSet

from multinexo_oauth.rest_framework import TokenHasResourceScope, person_of

from .models import Product, ProductQuerySet
from .serializers import ProductSerializer


class ProductViewSet(ModelViewSet[Product]):
    """The products of the person behind the token; of its owner where the application acts for itself."""

    permission_classes = [TokenHasResourceScope]
    scope_resource = "products"
    serializer_class = ProductSerializer
    lookup_value_regex = "[0-9]+"

    def get_queryset(self) -> ProductQuerySet:
        return Product.objects.owned_by(person_of(self.request))

    def perform_create(self, serializer: BaseSerializer[Product]) -> None:
        person = person_of(self.request)
        if person is None:
            raise PermissionDenied  # a service whose owner left acts for nobody
        serializer.save(owner=person)
