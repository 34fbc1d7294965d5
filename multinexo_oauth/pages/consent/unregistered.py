from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from ...models import Application
from ...server.authorization.answer import UnregisteredRedirectURI
from ..errors import Link, error_page


def unregistered_page(request: HttpRequest, refused: UnregisteredRedirectURI) -> HttpResponse:
    """Say which application sent which redirect URI. Its owner gets a link to the field that would register it."""
    title = _("“%s” sent you here with a URL that it has not registered") % refused.client.name
    message = _("You were not sent back to this URL, because it may belong to someone else:")
    advice = _("Nothing was authorized. If you did not start this, close the page.")
    ways = []
    if _is_owner(request, refused.client):
        advice = _("If the URL is yours, register it exactly as it was sent.")
        ways = [Link(_form_with(refused), _("Register this URL"))]
    return error_page(
        request, title, message, sent=refused.redirect_uri, advice=advice, ways=ways, error=refused.error
    )


def _is_owner(request: HttpRequest, client: Application) -> bool:
    if not request.user.is_authenticated:
        return False
    return Application.objects.owned_by(request.user).filter(pk=client.pk).exists()


def _form_with(refused: UnregisteredRedirectURI) -> str:
    form = reverse("multinexo_oauth:application", args=[refused.client.client_id])
    return f"{form}?{urlencode({'redirect_uri': refused.redirect_uri})}#id_redirect_uris"
