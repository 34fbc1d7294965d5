from typing import Any

from django import forms

from .models import Partner


class PartnerForm(forms.ModelForm):
    class Meta:
        model = Partner
        fields = ["contract", "newsletter"]

    def clean_contract(self) -> Any:
        contract = self.cleaned_data["contract"]
        if not contract.startswith("C-"):
            raise forms.ValidationError("A contract number starts with C-.")
        return contract
