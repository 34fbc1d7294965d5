"""Form fields for what an application registers: addresses, lists of them, permissions and a logo."""

from collections.abc import Callable, Container, Iterable
from typing import Any

from django import forms
from django.core.files.base import ContentFile
from django.core.validators import URLValidator
from django.utils.translation import gettext, gettext_lazy as _

from ...interface import application_fields
from ...scopes import Scope, Scopes, by_product, catalogue, concrete
from . import logo


class WebAddressField(forms.URLField):
    """An http or https address; people may leave the scheme out."""

    default_validators = [URLValidator(schemes=["https", "http"])]
    default_error_messages = {"invalid": _("Enter a complete URL that begins with https:// or http://.")}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(assume_scheme="https", **kwargs)


class TextareaLinesField(application_fields.LinesField):
    """Values one per line. Whether some must be there is the model's rule."""

    widget = forms.Textarea(
        attrs={"rows": 3, "class": "lines", "spellcheck": "false", "autocapitalize": "off"}
    )

    def __init__(self, *, max_lines: int = 50, **kwargs: Any) -> None:
        self.max_lines = max_lines
        super().__init__(max_length=20_000, **kwargs)

    def validate(self, value: str) -> None:
        if len(value.split()) > self.max_lines:
            raise forms.ValidationError(_("Enter at most %(max)d lines."), params={"max": self.max_lines})


class ScopesBoundField(forms.BoundField):
    field: "ScopeBoxesField"

    def groups(self) -> list[tuple[str, list[tuple[Scope, forms.boundfield.BoundWidget]]]]:
        """Return each product with its permissions and their checkboxes: what is on offer or ticked.

        Those that the catalogue has no longer come last, by their names.
        """
        offered = self.field.offered()
        boxes = {
            str(box.data["value"]): box
            for box in self
            if box.data["selected"] or str(box.data["value"]) in offered
        }
        former = [Scope(name, label=name) for name in self.field.former if name in boxes]
        groups = [*by_product(boxes), *([(gettext("No longer offered"), former)] if former else [])]
        return [(product, [(scope, boxes[scope.name]) for scope in found]) for product, found in groups]


class ScopeBoxes(forms.CheckboxSelectMultiple):
    """Checkboxes of which some are ticked for good."""

    fixed: frozenset[str] = frozenset()

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        if str(value) in self.fixed:
            option["attrs"] |= {"checked": True, "disabled": True}
        return option


class ScopeBoxesField(application_fields.ScopeChoiceField):
    """Permissions of the catalogue as checkboxes, some of which staff has ticked for good."""

    widget = ScopeBoxes

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=self.catalogue_choices, required=False, **kwargs)
        self.kept: list[str] = []
        self.former: list[str] = []
        self.offered: Callable[[], Container[str]] = catalogue

    @staticmethod
    def catalogue_choices() -> list[tuple[str, str]]:
        return [(scope.name, scope.label) for scope in catalogue().values()]

    def get_bound_field(self, form: forms.BaseForm, field_name: str) -> ScopesBoundField:
        return ScopesBoundField(form, self, field_name)

    def keep(self, given: list[str]) -> None:
        """Fix the scopes that staff has allowed, including those of wildcards: the owner can neither remove nor list
        them.
        """
        self.kept = given
        self.widget.fixed = frozenset(concrete(given)) if given else frozenset()

    def offer_still(self, names: Iterable[str]) -> None:
        """Offer stored names that the catalogue no longer has, so that they can be kept or removed."""
        self.former = list(names)
        former = [(name, name) for name in self.former]
        self.choices = [*self.choices, *former]  # type: ignore[misc]

    def clean(self, value: Any) -> Scopes:
        return Scopes.of([*self.kept, *super().clean(value).without(self.widget.fixed).names])

    def has_changed(self, initial: Any, data: Any) -> bool:
        before = Scopes.read(initial or ())
        return super().has_changed(before.without(self.kept), data)


class LogoInput(forms.ClearableFileInput):
    """A file's input that shows the logo and says what clearing it does; its path tells nothing."""

    template_name = "multinexo_oauth/my_applications/_logo_input.html"
    clear_checkbox_label = _("Remove the logo")  # type: ignore[assignment]


class LogoField(forms.FileField):
    """An image of at most 1 MB, kept as a PNG of at most 256 × 256 pixels."""

    widget = LogoInput(attrs={"accept": "image/png,image/jpeg,image/webp,image/gif"})

    def __init__(self, *, max_length: int | None = None, **kwargs: Any) -> None:
        """Leave `max_length` aside: the upload's name is not kept."""
        super().__init__(**kwargs)

    def to_python(self, data: Any) -> Any:
        """Return the image as it will be kept, whatever was uploaded."""
        upload = super().to_python(data)
        if upload is None:
            return None
        if upload.size > logo.MAX_BYTES:
            raise forms.ValidationError(_("The file is larger than 1 MB."), code="too_large")
        try:
            return ContentFile(logo.as_png(upload), name="logo.png")
        except logo.TooManyPixels:
            raise forms.ValidationError(
                _("The image has more than 16 megapixels."), code="too_many_pixels"
            ) from None
        except logo.NotALogo:
            raise forms.ValidationError(
                _("The file cannot be read as a PNG, JPEG, WebP or GIF image."), code="not_an_image"
            ) from None
