"""The product API as applications use it. Who may do what is said in tests/rest_framework."""

import pytest
from django.test import Client

from example_project.products.models import Product
from tests.oauth import PRODUCTS, OAuthClient, Person, Products, register


@pytest.fixture
def token(person: Person, web: OAuthClient) -> str:
    return person.tokens(web)["access_token"]


@pytest.fixture
def product(products: Products, token: str) -> dict:
    return products.create(token, name="Yerba", sku="Y-1", price="10.00", stock=2).json()


def send(method: str, token: str | None, path: str, content: object = None):
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return getattr(Client(), method)(path, content, content_type="application/json", headers=headers)


def test_a_product_is_created_for_the_person_behind_the_token(products: Products, token: str) -> None:
    answer = products.create(token, name="Yerba", sku="Y-1", price="10.00", stock=2)
    assert answer.status_code == 201
    assert answer.json() | {"id": 0, "created": ""} == {
        "id": 0,
        "name": "Yerba",
        "sku": "Y-1",
        "price": "10.00",
        "stock": 2,
        "created": "",
    }
    assert Product.objects.get().owner.username == "luis"


def test_a_product_is_listed_read_changed_and_deleted(products: Products, token: str, product: dict) -> None:
    path = f"{PRODUCTS}{product['id']}/"
    assert products.list(token).json() == [product]
    assert send("get", token, path).json() == product
    assert send("patch", token, path, {"price": "12.00"}).json()["price"] == "12.00"
    assert send("put", token, path, product | {"stock": 7}).json()["stock"] == 7
    assert send("delete", token, path).status_code == 204
    assert products.list(token).json() == []


def test_each_person_sees_their_own_products(
    products: Products, product: dict, stranger: Person, web: OAuthClient
) -> None:
    token = stranger.tokens(web)["access_token"]
    assert products.list(token).json() == []
    for method in ("get", "patch", "put", "delete"):
        assert send(method, token, f"{PRODUCTS}{product['id']}/", {}).status_code == 404
    assert Product.objects.exists()


def test_the_person_of_a_product_is_not_taken_from_the_request(products: Products, token: str, owner) -> None:
    products.create(token, owner=owner.pk, owner_id=owner.pk)
    assert Product.objects.get().owner.username == "luis"


def test_a_token_that_may_only_read_creates_nothing(
    products: Products, person: Person, web: OAuthClient
) -> None:
    token = person.tokens(web, scope="products:read")["access_token"]
    assert products.list(token).status_code == 200
    answer = products.create(token)
    assert answer.status_code == 403
    assert 'error="insufficient_scope"' in answer["WWW-Authenticate"]
    assert 'scope="products:write"' in answer["WWW-Authenticate"]


def test_a_token_that_may_write_may_read(products: Products, person: Person, web: OAuthClient) -> None:
    token = person.tokens(web, scope="products:write")["access_token"]
    assert products.list(token).status_code == 200


def test_nothing_is_open_without_a_token(products: Products, product: dict) -> None:
    assert products.list(None).status_code == 401
    for method in ("get", "patch", "put", "delete"):
        assert send(method, None, f"{PRODUCTS}{product['id']}/").status_code == 401


def test_a_session_is_no_token(person: Person) -> None:
    assert person.browser.get(PRODUCTS).status_code == 401


def test_a_service_works_on_the_products_of_its_owner(products: Products, service: OAuthClient) -> None:
    token = service.token("client_credentials", scope="products:write").json()["access_token"]
    created = products.create(token).json()
    assert Product.objects.get().owner == service.application.user
    assert products.list(token).json() == [created]


def test_a_service_that_nobody_owns_has_no_products(products: Products, product: dict) -> None:
    orphan = register(None, "service")
    token = orphan.token("client_credentials", scope="products:write").json()["access_token"]
    assert products.list(token).json() == []
    assert products.create(token).status_code == 403


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "\0"),
        ("name", "x" * 121),
        ("name", {}),
        ("sku", "x" * 41),
        ("price", "-1"),
        ("price", "1e400"),
        ("price", "NaN"),
        ("price", "12345678901.00"),
        ("stock", -1),
        ("stock", 10**30),
        ("stock", "many"),
    ],
)
def test_a_product_that_makes_no_sense_is_refused_by_field(
    products: Products, token: str, field: str, value: object
) -> None:
    answer = products.create(token, **{field: value})
    assert answer.status_code == 400
    assert list(answer.json()) == [field]


@pytest.mark.parametrize("content", ["", "[]", "null", '"text"', "{", "\0"])
def test_a_body_that_is_no_product_is_refused(token: str, content: str) -> None:
    assert send("post", token, PRODUCTS, content).status_code == 400


@pytest.mark.parametrize("name", ["0", "99999999999999999999999", "x", "-1", "%00"])
def test_a_product_that_is_not_there_is_not_found(token: str, name: str) -> None:
    assert send("get", token, f"{PRODUCTS}{name}/").status_code == 404
