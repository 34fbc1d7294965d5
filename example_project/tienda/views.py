"""The shop: a small site of somebody else's that Multinexo's people connect to their account."""

from datetime import UTC, datetime
from typing import Any

from authlib.integrations.requests_client import OAuthError
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.generic.base import View
from requests import RequestException

from . import credentials, session
from .forms import ProductForm
from .multinexo import SCOPES, ForeignAnswer, Multinexo


@method_decorator(never_cache, name="dispatch")
class ShopView(View):
    """A view with the browser's connection to Multinexo, and one answer for each way in which it may fail."""

    multinexo: Multinexo

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        known = credentials.read()
        if known is None:
            return render(request, "tienda/unseeded.html", status=503)
        own_session = session.load(request)
        redirect_uri = request.build_absolute_uri(reverse("tienda:callback"))
        self.multinexo = Multinexo(
            f"{request.scheme}://{request.get_host()}", redirect_uri, known, own_session
        )
        with self.multinexo.http:
            response = self.attempt(request, *args, **kwargs)
        session.save(own_session, request, response)
        return response

    def attempt(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return super().dispatch(request, *args, **kwargs)
        except OAuthError as error:
            return self.refused(error)
        except RequestException:
            return render(request, "tienda/unreachable.html", status=502)

    def refused(self, error: OAuthError) -> HttpResponse:
        if error.error in {"invalid_grant", "token_invalid"}:
            return self.ended()
        messages.error(self.request, _("Multinexo refused: %s") % (error.description or error.error))
        return redirect("tienda:home")

    def ended(self) -> HttpResponse:
        self.multinexo.forget()
        messages.warning(
            self.request, _("The access has ended: it expired or was removed. You can connect again.")
        )
        return redirect("tienda:home")

    def show(self, form: ProductForm, status: int = 200) -> HttpResponse:
        if self.multinexo.token is None:
            return render(self.request, "tienda/disconnected.html")
        listed = self.multinexo.products()
        if listed.status_code == 401:
            return self.ended()
        if listed.status_code != 403:
            listed.raise_for_status()
        context = {
            "form": form,
            "products": listed.json() if listed.ok else None,
            "may_create": "products:write" in self.multinexo.scopes,
            "granted": [SCOPES.get(name, name) for name in self.multinexo.scopes],
            "expires_at": datetime.fromtimestamp(self.multinexo.token["expires_at"], UTC),
            "can_refresh": "refresh_token" in self.multinexo.token,
        }
        return render(self.request, "tienda/connected.html", context, status=status)


class Home(ShopView):
    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(ProductForm())


class Connect(ShopView):
    def post(self, request: HttpRequest) -> HttpResponse:
        return redirect(self.multinexo.authorization_url())


class Callback(ShopView):
    """The redirect URI: where Multinexo sends the person back with a code, or with an error."""

    def get(self, request: HttpRequest) -> HttpResponse:
        try:
            self.multinexo.receive(request.GET)
        except ForeignAnswer:
            messages.error(
                request, _("This answer belongs to no request of this browser. Please connect again.")
            )
        else:
            messages.success(
                request, _("Connected. The shop may now do what you authorized, and nothing else.")
            )
        return redirect("tienda:home")

    def refused(self, error: OAuthError) -> HttpResponse:
        if error.error != "access_denied":
            return super().refused(error)
        messages.info(self.request, _("You did not authorize the shop. It received nothing."))
        return redirect("tienda:home")


class CreateProduct(ShopView):
    def post(self, request: HttpRequest) -> HttpResponse:
        if self.multinexo.token is None:
            return redirect("tienda:home")
        form = ProductForm(request.POST)
        if not form.is_valid():
            return self.show(form, status=400)
        answer = self.multinexo.create_product(form.cleaned_data | {"price": str(form.cleaned_data["price"])})
        match answer.status_code:
            case 400:
                form.add_api_errors(answer.json())
                return self.show(form, status=400)
            case 401:
                return self.ended()
            case 403:
                messages.error(request, _("You have not authorized the shop to create products."))
            case _:
                answer.raise_for_status()
                messages.success(
                    request, _("“%s” was created in your Multinexo account.") % answer.json()["name"]
                )
        return redirect("tienda:home")


class Refresh(ShopView):
    def post(self, request: HttpRequest) -> HttpResponse:
        if self.multinexo.token and "refresh_token" in self.multinexo.token:
            self.multinexo.refresh()
            messages.success(request, _("Multinexo gave the shop new tokens; nobody had to sign in."))
        return redirect("tienda:home")


class Disconnect(ShopView):
    def post(self, request: HttpRequest) -> HttpResponse:
        self.multinexo.disconnect()
        messages.success(
            request, _("Disconnected. The shop handed its tokens back and Multinexo ended them.")
        )
        return redirect("tienda:home")
