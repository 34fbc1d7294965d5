import io

import pytest
from django.core.files.storage import default_storage
from PIL import Image

from multinexo_oauth.models import Application
from tests.oauth import OAuthClient

from .conftest import Developer, errors, registered
from .pictures import picture, upload


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
def test_a_logo_is_kept_as_a_small_png(ana: Developer, web: OAuthClient, kind: str) -> None:
    assert ana.send("application-brand", web, logo=upload(picture(kind=kind))).status_code == 302
    with registered(web).logo.open() as kept, Image.open(kept) as image:
        assert (image.format, image.size) == ("PNG", (256, 128))


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16"])
def test_every_sort_of_png_is_taken(ana: Developer, web: OAuthClient, mode: str) -> None:
    assert ana.send("application-brand", web, logo=upload(picture((20, 20), mode=mode))).status_code == 302


def test_a_small_logo_is_not_blown_up(ana: Developer, web: OAuthClient) -> None:
    ana.send("application-brand", web, logo=upload(picture((40, 30))))
    with registered(web).logo.open() as kept, Image.open(kept) as image:
        assert image.size == (40, 30)


def test_a_photograph_is_rotated_and_its_metadata_removed(ana: Developer, web: OAuthClient) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    exif[0x010F] = "Camara de Ana"
    photograph = picture((200, 100), "JPEG", exif=exif)
    assert b"Camara de Ana" in photograph
    ana.send("application-brand", web, logo=upload(photograph))
    with registered(web).logo.open() as kept:
        content = kept.read()
    assert b"Camara de Ana" not in content
    assert Image.open(io.BytesIO(content)).size == (100, 200)


def test_the_upload_s_name_is_not_kept(ana: Developer, web: OAuthClient) -> None:
    ana.send("application-brand", web, logo=upload(picture(), "../../" + "x" * 200 + ".html", "text/html"))
    assert registered(web).logo.name.startswith("multinexo_oauth/logos/logo")
    assert registered(web).logo.name.endswith(".png")


@pytest.mark.django_db(transaction=True)
def test_a_new_logo_replaces_the_old_file_and_clearing_removes_it(ana: Developer, web: OAuthClient) -> None:
    ana.send("application-brand", web, logo=upload(picture()))
    first = registered(web).logo.name
    ana.send("application-brand", web, logo=upload(picture((10, 10))))
    second = registered(web).logo.name
    assert [default_storage.exists(name) for name in (first, second)] == [False, True]
    ana.send("application-brand", web, **{"logo-clear": "on"})
    assert not registered(web).logo
    assert not default_storage.exists(second)


def test_the_page_offers_to_remove_the_logo_that_is_there_and_shows_it(
    ana: Developer, web: OAuthClient
) -> None:
    offer = '<input type="checkbox" name="logo-clear"'
    assert offer not in ana.open("application-brand", web).content.decode()
    ana.send("application-brand", web, logo=upload(picture()))
    page = ana.open("application-brand", web).content.decode()
    assert offer in page
    assert f'<img src="{registered(web).logo.url}" alt=""></span><label' in page


def test_every_field_tells_what_it_is_for(ana: Developer, web: OAuthClient) -> None:
    form = ana.open("application-brand", web).context["form"]
    assert [field.name for field in form.visible_fields() if not field.help_text] == []


def test_contact_and_policies_are_kept(ana: Developer, web: OAuthClient) -> None:
    form = {
        "support_email": "ayuda@web.example",
        "privacy_url": "https://web.example/privacidad",
        "terms_url": "web.example/terminos",
    }
    ana.send("application-brand", web, **form)
    application = registered(web)
    assert application.support_email == "ayuda@web.example"
    assert application.privacy_url == "https://web.example/privacidad"
    assert application.terms_url == "https://web.example/terminos"


def test_a_new_logo_ends_the_verification_and_a_new_contact_does_not(
    ana: Developer, web: OAuthClient
) -> None:
    Application.objects.update(verified=True)
    ana.send("application-brand", web, support_email="ayuda@web.example")
    assert registered(web).verified
    ana.send("application-brand", web, support_email="ayuda@web.example", logo=upload(picture()))
    assert not registered(web).verified


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.mark.parametrize(
    "content",
    [
        b"hola",
        b"\x00" * 100,
        SVG,
        picture()[:60],
        b"\x89PNG\r\n\x1a\n" + b"\xff" * 200,
        b"GIF89a" + b"\xff" * 50,
        picture(kind="TIFF"),
        picture(kind="BMP"),
    ],
)
def test_what_is_no_image_is_refused(ana: Developer, web: OAuthClient, content: bytes) -> None:
    found = errors(ana.send("application-brand", web, logo=upload(content)))
    assert set(found) == {"logo"}
    assert "PNG" in found["logo"][0]
    assert not registered(web).logo


@pytest.mark.parametrize("side", [6_000, 14_000], ids=["for us", "for Pillow"])
def test_an_image_that_unpacks_to_far_more_is_refused(ana: Developer, web: OAuthClient, side: int) -> None:
    bomb = picture((side, side), mode="1")
    assert len(bomb) < 100_000
    found = errors(ana.send("application-brand", web, logo=upload(bomb)))
    assert set(found) == {"logo"}
    assert "16" in found["logo"][0]


def test_a_file_over_a_megabyte_is_refused(ana: Developer, web: OAuthClient) -> None:
    found = errors(ana.send("application-brand", web, logo=upload(picture() + b"\x00" * 1024 * 1024)))
    assert set(found) == {"logo"}
    assert "1 MB" in found["logo"][0]


def test_an_empty_file_is_refused(ana: Developer, web: OAuthClient) -> None:
    assert set(errors(ana.send("application-brand", web, logo=upload(b"")))) == {"logo"}
