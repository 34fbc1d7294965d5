"""Where the pages' pictures may come from."""

import pytest
from django.test import Client
from pytest_django import Settings


def pictures(policy: str) -> str:
    return next(part for part in policy.split("; ") if part.startswith("img-src "))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("media_url", "allowed"),
    [
        ("/media/", "img-src 'self' data:"),
        ("media/", "img-src 'self' data:"),
        ("", "img-src 'self' data:"),
        ("https://media.example.com/logos/", "img-src 'self' data: https://media.example.com"),
        ("http://127.0.0.1:9000/bucket/", "img-src 'self' data: http://127.0.0.1:9000"),
        ("//cdn.example.com/", "img-src 'self' data: cdn.example.com"),
    ],
)
def test_logos_may_come_from_the_sites_media_host_alone(
    settings: Settings, media_url: str, allowed: str
) -> None:
    settings.MEDIA_URL = media_url
    answer = Client().get("/auth/v1/aplicaciones-conectadas/")
    assert pictures(answer["Content-Security-Policy"]) == allowed
