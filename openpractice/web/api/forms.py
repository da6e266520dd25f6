"""What people say of a token before it is made."""

from __future__ import annotations

from django import forms

from openpractice.web.api.actions import MOST_DAYS, USUAL_DAYS
from openpractice.web.api.scopes import offered
from openpractice.web.organisations.roles import Role


class MakeToken(forms.Form):
    """A name that says which program it is for, what it may do, and for how long."""

    name = forms.CharField(
        label="Which program is it for?", max_length=80, widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text="For example “The network's weekly report”. Make one for each program, so that you can end one alone.",
    )  # fmt: skip
    scopes = forms.MultipleChoiceField(
        label="What may it do?", widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one."}, help_text="Never more than you may do yourself.",
    )  # fmt: skip
    days = forms.IntegerField(
        label="For how many days?", initial=USUAL_DAYS, min_value=1, max_value=MOST_DAYS,
        help_text=f"At most {MOST_DAYS}.", widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )  # fmt: skip

    def __init__(self, role: Role, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["scopes"].choices = [(str(s), f"{s.meaning} ({s})") for s in offered(role)]  # type: ignore[attr-defined]
