"""What an owner fills in. The rules of each kind of application are the model's, in `Application.clean`."""

from functools import partial
from typing import Any, ClassVar

from django import forms
from django.db import transaction
from django.utils.translation import gettext, gettext_lazy as _

from ...interface.application_fields import LABELS, OnceForm, origins_of
from ...models import Application, Kind
from ...server.openid import signing_keys
from .fields import LogoField, TextareaLinesField, WebAddressField
from .own_fields import OwnFieldsMixin
from .owner_form import OwnerForm
from .permissions_form import PermissionsForm


class OverviewForm(OwnFieldsMixin):
    redirect_uris = TextareaLinesField(label=LABELS["redirect_uris"])
    post_logout_redirect_uris = TextareaLinesField(
        label=LABELS["post_logout_redirect_uris"],
        required=False,
        help_text=_(
            "Where the application may send people after they sign out of it and of this site, one per line."
        ),
    )
    allowed_origins = TextareaLinesField(
        label=LABELS["allowed_origins"],
        required=False,
        help_text=_(
            "Where your JavaScript is served from, one per line. Empty: the redirect URIs' own origins."
        ),
    )

    class Meta:
        model = Application
        fields = [
            "name",
            "description",
            "homepage_url",
            "redirect_uris",
            "post_logout_redirect_uris",
            "allowed_origins",
        ]
        field_classes = {"homepage_url": WebAddressField}
        widgets = {"description": forms.Textarea(attrs={"rows": 3})}
        error_messages = {"name": {"required": _("Enter the application's name.")}}
        help_texts = {
            "name": _("People see it when they are asked for access."),
            "description": _("What it does, in a sentence or two."),
            "homepage_url": _("For example, https://example.com."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not signing_keys.enabled():  # without signing keys nobody signs in or out by ID token
            self.fields.pop("post_logout_redirect_uris", None)
        if "redirect_uris" in self.fields:
            self.fields["redirect_uris"].help_text = redirect_uri_help(self.instance.kind)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "allowed_origins" in self.fields and self._origins_follow():
            cleaned["allowed_origins"] = origins_of(cleaned.get("redirect_uris", ""), self.instance.kind)
        return cleaned

    def _origins_follow(self) -> bool:
        """Tell whether the origins are still those that the redirect URIs give."""
        if "allowed_origins" in self.errors:
            return False
        if not self.cleaned_data["allowed_origins"]:
            return True
        before = origins_of(self.initial.get("redirect_uris", ""), self.instance.kind)
        stored = self.initial.get("allowed_origins", "")
        return "allowed_origins" not in self.changed_data and stored.split() == before.split()


def redirect_uri_help(kind: Kind) -> str:
    """Tell which addresses the kind takes."""
    if kind is Kind.NATIVE:
        return gettext(
            "One per line: http://127.0.0.1/callback (on any port; http://localhost works too, but "
            "may lead elsewhere on some machines), your own scheme such as "
            "com.example.app:/callback, or an https:// URL that your app claims."
        )
    return gettext(
        "One per line, exactly as they are sent. They start with https://; "
        "http://127.0.0.1 and http://localhost are good while you develop."
    )


class BrandForm(OwnerForm):
    class Meta:
        model = Application
        fields = ["logo", "support_email", "privacy_url", "terms_url"]
        field_classes = {"logo": LogoField, "privacy_url": WebAddressField, "terms_url": WebAddressField}
        help_texts = {
            "logo": _("PNG, JPEG, WebP or GIF, at most 1 MB and 16 megapixels. Square ones look best."),
            "support_email": _("Shown to people who are asked for access."),
            "privacy_url": _(
                "Linked where people are asked for access. For example, https://example.com/privacy."
            ),
            "terms_url": _(
                "Linked where people are asked for access. For example, https://example.com/terms."
            ),
        }

    def save(self, commit: bool = True) -> Application:
        """Save, and remove the file of a logo that was replaced."""
        before = self.initial["logo"]
        application = super().save(commit)
        if before and "logo" in self.changed_data:
            transaction.on_commit(partial(before.storage.delete, before.name))
        return application


class NewApplicationForm(OnceForm, OverviewForm, PermissionsForm):
    class Meta(OverviewForm.Meta):
        fields = [*OverviewForm.Meta.fields, *PermissionsForm.Meta.fields]

    @property
    def registrant(self) -> Any:
        return self.instance.user


class PkceForm(OwnerForm):
    class Meta:
        model = Application
        fields: ClassVar[list[str]] = ["pkce_waived"]
        labels: ClassVar[dict[str, Any]] = {"pkce_waived": _("This application cannot send PKCE")}


class SecretForm(forms.Form):
    # Makes a form that is sent twice generate one secret.
    newest = forms.IntegerField(required=False, widget=forms.HiddenInput)
    label = forms.CharField(
        label=_("Label"),
        max_length=80,
        required=False,
        help_text=_("Where you will keep it, such as “production”."),
    )
    days = forms.TypedChoiceField(
        label=_("Expires"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", _("Never")), (30, _("In 30 days")), (90, _("In 90 days")), (365, _("In a year"))],
    )


class DeleteForm(forms.Form):
    not_the_name = _("The name does not match. Type it as it appears above, including capitals and accents.")

    name = forms.CharField(
        label=_("Name of the application"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": not_the_name},
    )

    def __init__(self, *args: Any, application: Application, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.application = application

    def clean_name(self) -> str:
        name = " ".join(self.cleaned_data["name"].split())
        if name != " ".join(self.application.name.split()):
            raise forms.ValidationError(self.not_the_name)
        return name
