"""Ana's applications, one of each kind."""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import User
from django.urls import reverse

from multinexo_oauth.models import Application, Kind
from multinexo_oauth.scopes import catalogue

ACCOUNT = ["openid", "profile", "email"]
PRODUCTS = ["products:read", "products:write"]
NAMES = {
    Kind.WEB: "Tienda de demostración",
    Kind.SPA: "Panel de ventas",
    Kind.NATIVE: "Mostrador de escritorio",
    Kind.DEVICE: "Caja registradora",
    Kind.SERVICE: "Sincronización nocturna",
}
DESCRIPTIONS = {
    Kind.WEB: "Publica sus productos en una tienda en línea.",
    Kind.SPA: "Muestra sus ventas en el navegador.",
    Kind.NATIVE: "Vende en el mostrador desde su computadora.",
    Kind.DEVICE: "Cobra en la caja y consulta precios y existencias.",
    Kind.SERVICE: "Copia el catálogo cada noche.",
}
SCOPES = {
    Kind.WEB: [*ACCOUNT, *PRODUCTS, "documents:read", "entities:read"],
    Kind.SPA: [*PRODUCTS, "documents:read"],
    Kind.NATIVE: [*ACCOUNT, *PRODUCTS, "cashier:read", "cashier:write"],
    Kind.DEVICE: [*PRODUCTS, "cashier:read", "cashier:write"],
    Kind.SERVICE: [*PRODUCTS, "entities:read"],
}


def seed_applications(owner: User, base_url: str) -> dict[Kind, Application]:
    """Return the owner's applications, each as it stands here. Raise ValidationError where the rules refuse one."""
    return {kind: _seed(kind, owner, base_url) for kind in Kind}


def _seed(kind: Kind, owner: User, base_url: str) -> Application:
    client_id = f"demo-{kind}"
    application = Application.objects.filter(client_id=client_id).first() or Application(client_id=client_id)
    application.kind = kind
    application.user = owner
    application.name = NAMES[kind]
    application.description = DESCRIPTIONS[kind]
    application.support_email = owner.email
    application.redirect_uris = "\n".join(redirect_uris(kind, base_url))
    application.post_logout_redirect_uris = "\n".join(post_logout_redirect_uris(kind, base_url))
    application.allowed_origins = "\n".join(allowed_origins(kind))
    application.scopes = " ".join(SCOPES[kind])
    application.default_scopes = "products:read"
    application.suspended_at = None
    application.full_clean()
    application.save()
    return application


def seed_api_docs(owner: User, base_url: str) -> Application:
    """Return the client of the "Authorize" button in the API's documentation, which is the site's own."""
    client_id = settings.API_DOCS_CLIENT_ID
    application = Application.objects.filter(client_id=client_id).first() or Application(client_id=client_id)
    application.kind = Kind.SPA
    application.user = owner
    application.name = "Documentación de la API"
    application.redirect_uris = "\n".join(f"{url}{reverse('api-docs-return')}" for url in names_of(base_url))
    application.allowed_origins = "\n".join(names_of(base_url))
    application.scopes = " ".join(catalogue())
    application.default_scopes = "products:read"
    application.verified = True
    application.suspended_at = None
    application.full_clean()
    application.save()
    return application


def redirect_uris(kind: Kind, base_url: str) -> list[str]:
    match kind:
        case Kind.WEB:
            return [f"{url}{reverse('tienda:callback')}" for url in names_of(base_url)]
        case Kind.SPA:
            return [f"{origin}/callback" for origin in allowed_origins(kind)]
        case Kind.NATIVE:
            return ["http://127.0.0.1/callback", "com.example.mostrador:/oauth2redirect"]
    return []


def post_logout_redirect_uris(kind: Kind, base_url: str) -> list[str]:
    """Return where people who sign out go on to; the panel signs nobody in."""
    match kind:
        case Kind.WEB:
            return [f"{url}{reverse('tienda:home')}" for url in names_of(base_url)]
        case Kind.NATIVE:
            return ["com.example.mostrador:/signed-out"]
    return []


def allowed_origins(kind: Kind) -> list[str]:
    return ["http://127.0.0.1:5173", "http://localhost:5173"] if kind.has_origins else []


def names_of(base_url: str) -> list[str]:
    """Return the URL as given, then by the other name that this machine may be opened under."""
    parts = urlsplit(base_url)
    other = {"127.0.0.1": "localhost", "localhost": "127.0.0.1"}.get(parts.hostname or "")
    if other is None:
        return [base_url]
    return [base_url, f"{parts.scheme}://{other}" + (f":{parts.port}" if parts.port else "")]
