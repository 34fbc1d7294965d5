"""What an owner fills in. The rules of each kind of application are the model's, in `Application.clean`."""

from functools import partial
from typing import Any, ClassVar

from django import forms
from django.db import transaction
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext, gettext_lazy as _

from ...conf import conf
from ...interface.application_fields import LABELS, NamedForm, OnceForm, lacking, origins_of
from ...interface.partial_form import PartialForm
from ...models import Application, Kind
from ...models.application import VOUCHED_FOR
from ...scopes import ANY, catalogue, expand, is_wildcard
from ...server.openid import signing_keys
from ...server.openid.claims import OF_SCOPE
from .fields import LinesField, LogoField, ScopesField, WebAddressField

# Fields whose help tells what people see or decide: nobody is asked about a service.
ABOUT_PEOPLE = {"name", "support_email", "privacy_url", "terms_url"}
# Scopes that tell who the person is: a service has none.
WHO_THE_PERSON_IS = frozenset({"openid", *OF_SCOPE})


class OwnerForm(NamedForm, PartialForm):
    """A part of an application, as far as its kind has it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind = self.instance.kind
        self.lacking = [name for name in lacking(kind) if name in self.fields]
        for name in self.lacking:
            del self.fields[name]
            setattr(self.instance, name, getattr(Application(), name))
        if not kind.has_people:
            for name in self.fields.keys() & ABOUT_PEOPLE:
                self.fields[name].help_text = ""

    @property
    def changes_what_is_vouched_for(self) -> bool:
        return not VOUCHED_FOR.isdisjoint(self.changed_data)

    @property
    def ends_verification(self) -> bool:
        """Whether saving changes something that staff vouched for."""
        return self.instance.verified and self.changes_what_is_vouched_for

    def save(self, commit: bool = True) -> Application:
        """Save what the form holds and nothing else: staff may suspend or verify the application meanwhile."""
        if self.instance._state.adding:
            super().save(commit)
            return self.instance
        columns = [*(self.fields.keys() - {"shown"}), *self.lacking, "updated"]
        if self.changes_what_is_vouched_for:
            # Also of one that was not verified when it was read: staff may be at it, and has not seen the change.
            self.instance.verified = False
            columns.append("verified")
        self.instance.save(update_fields=columns)
        return self.instance


class OverviewForm(OwnerForm):
    redirect_uris = LinesField(label=LABELS["redirect_uris"])
    post_logout_redirect_uris = LinesField(
        label=LABELS["post_logout_redirect_uris"],
        required=False,
        help_text=_("Where it may send people who sign out of it and of their account here, one per line."),
    )
    allowed_origins = LinesField(
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
        if not signing_keys.enabled():  # nobody signs in by ID token, nor out
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
            "One per line: http://127.0.0.1/callback (any port will do; http://localhost is taken too, but may lead "
            "elsewhere on some machines), a scheme of your own such as com.example.app:/callback, or an https:// "
            "address that your app claims."
        )
    return gettext(
        "One per line, exactly as they are sent. They start with https://; "
        "http://127.0.0.1 and http://localhost are good while you develop."
    )


def for_staff_to_give() -> frozenset[str]:
    """Return the scopes that an owner neither takes nor gives back: those of tokens that register clients."""
    if conf.dynamic_registration != "token":
        return frozenset()
    return frozenset(name for name in catalogue() if conf.registration_token_scope in expand([name]))


class PermissionsForm(OwnerForm):
    scopes = ScopesField(
        label=LABELS["scopes"],
        help_text=_(
            "Choose only what the application needs. People read these words and may refuse those that are not "
            "required."
        ),
    )
    required_scopes = ScopesField(
        label=LABELS["required_scopes"],
        help_text=_(
            "It cannot do without them: people cannot clear these one by one, and who refuses one refuses access."
        ),
    )
    default_scopes = ScopesField(
        label=LABELS["default_scopes"],
        help_text=_("Those of a request that names no permission."),
    )

    class Meta:
        model = Application
        fields = ["scopes", "required_scopes", "default_scopes"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        wildcards, reserved = self.instance.scope_wildcards, for_staff_to_give()
        given = [name for name in self.instance.scopes.names if name in {*wildcards, *reserved}]
        has_people = self.instance.kind.has_people
        nobodys = frozenset() if has_people else WHO_THE_PERSON_IS
        hidden = (reserved | nobodys).difference(self.instance.scope_names)
        for name, field in self._lists().items():
            if name != "scopes" and not self.instance._state.adding:
                field.offered = lambda: self.instance.scope_names
            field.choices = [choice for choice in field.catalogue_choices() if choice[0] not in hidden]
            field.keep(getattr(self.instance, name).gone)
        scopes = self._lists()["scopes"]
        scopes.keep(given)
        scopes.offer_still(name for name in self.instance.scopes.gone if not is_wildcard(name))
        if not has_people:
            scopes.label = gettext("Permissions it may use")
            scopes.help_text = gettext(
                "Choose only what the application needs. It acts for your own account: “your” means yours, and "
                "nobody is asked."
            )
        if wildcards:
            scopes.help_text = format_html(
                "<p>{}</p><p>{}</p>", scopes.help_text, allowed_by_wildcard(wildcards)
            )

    def _lists(self) -> dict[str, ScopesField]:
        return {name: field for name, field in self.fields.items() if isinstance(field, ScopesField)}


def allowed_by_wildcard(wildcards: list[str]) -> str:
    """Tell in HTML what staff lets the application ask for, of now and later."""
    beginnings = format_html_join(", ", "<code>{}</code>", ([name.removesuffix(ANY)] for name in wildcards))
    return format_html(
        gettext("{site} allows it every permission that begins with {beginnings}, also those added later."),
        site=conf.brand_name,
        beginnings=beginnings,
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
    # Without it, what is sent twice is made twice.
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
    not_the_name = _("The name does not match. Write it as it stands above, with its capitals and accents.")

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
