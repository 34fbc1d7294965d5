"""Fill the live site's database, and print what its callers send: `{"bearer": …, "basic": …}`."""

import json
import sys
from datetime import timedelta
from decimal import Decimal
from secrets import token_urlsafe

import django
from django.core.management import call_command
from django.utils import timezone

from .request import basic

PRODUCTS = 10


def main() -> None:
    django.setup()
    from example_project.demo.secrets import renew
    from example_project.demo.seed import seed
    from multinexo_oauth.models import AccessToken, Kind
    from multinexo_oauth.storage.digest import digest

    output, sys.stdout = sys.stdout, sys.stderr
    call_command("migrate", verbosity=0)
    applications = seed("http://127.0.0.1:8000")
    service, owner = applications[Kind.SERVICE], applications[Kind.WEB].user
    fill(owner)
    token = token_urlsafe(32)
    AccessToken.objects.create(
        token_checksum=digest(token),
        application=applications[Kind.WEB],
        user=owner,
        scope="products:read",
        expires=timezone.now() + timedelta(days=1),
    )
    said = {"bearer": f"Bearer {token}", "basic": basic(service.client_id, renew(service) or "")}
    print(json.dumps(said), file=output)


def fill(owner: object) -> None:
    from example_project.products.models import Product

    Product.objects.bulk_create(
        Product(owner=owner, name=f"Yerba {number}", sku=f"Y-{number}", price=Decimal(10), stock=number)
        for number in range(PRODUCTS)
    )


if __name__ == "__main__":
    main()
