"""What people fill in about their organisation's own data."""

from __future__ import annotations

from django import forms

from openpractice.web.own.rules import LONGEST, SHORTEST

_OFF = {"autocomplete": "off", "spellcheck": "false"}


class FindPatient(forms.Form):
    """Whose record it is, and why somebody needs to know."""

    pseudonym = forms.CharField(
        label="Pseudonym", max_length=60, widget=forms.TextInput(attrs=_OFF),
        help_text="As it stands in the record: the letter p and 26 letters and digits.",
        error_messages={"required": "Write the pseudonym."},
    )  # fmt: skip
    reason = forms.CharField(
        label="Why do you need to know who it is?", max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="It must be for the patient's own care. This stands in the record, so do not name the patient.",
        error_messages={"required": "Say why you need to know."},
    )  # fmt: skip


class Keep(forms.Form):
    _wrong = f"Write a number of months from {SHORTEST} to {LONGEST}."
    months = forms.IntegerField(
        label="For how many months are own data kept?", min_value=SHORTEST, max_value=LONGEST,
        help_text=f"From {SHORTEST} to {LONGEST}. Whole months, counted back from this one.",
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), _wrong),
    )  # fmt: skip


class ChangeKey(forms.Form):
    sure = forms.BooleanField(
        label="I know that pseudonyms noted or exported before will no longer be found",
        error_messages={"required": "Tick the box when you know what changes."},
    )


class Leave(forms.Form):
    typed = forms.CharField(
        label="Type the name of your organisation", max_length=200, widget=forms.TextInput(attrs=_OFF),
        error_messages={"required": "Type the name, so that this does not happen by accident."},
    )  # fmt: skip
