from django import forms
from django.utils.translation import gettext_lazy as _


class UserCodeForm(forms.Form):
    """The one field for the code that a device shows."""

    user_code = forms.CharField(
        label=_("Code"),
        help_text=_("Eight letters, as in BCDF-GHJK. Capitals, spaces and dashes do not matter."),
        max_length=64,
        widget=forms.TextInput(
            attrs={
                "autocapitalize": "characters",
                "autocomplete": "off",
                "autofocus": True,
                "spellcheck": "false",
            }
        ),
    )


class ConfirmForm(forms.Form):
    """Whether the person knows the device."""

    request = forms.CharField(widget=forms.HiddenInput)
