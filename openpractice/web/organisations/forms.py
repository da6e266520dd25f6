"""What people fill in about organisations and those who act for them."""

from __future__ import annotations

from django import forms
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError

from openpractice.web.accounts.models import Person
from openpractice.web.organisations.models import Membership, Organisation
from openpractice.web.organisations.roles import Kind, offered


def _roles(organisation: Organisation) -> list[tuple[str, str]]:
    return [(role.name, role.title) for role in offered(organisation.kind)]


class Invite(forms.Form):
    email = forms.EmailField(label="Email address", widget=forms.EmailInput(attrs={"autocomplete": "off"}))
    role = forms.ChoiceField(label="Role", widget=forms.RadioSelect)

    def __init__(self, organisation: Organisation, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = _roles(organisation)  # type: ignore[attr-defined]


class ChangeRole(forms.Form):
    role = forms.ChoiceField(label="Role", widget=forms.RadioSelect)

    def __init__(self, membership: Membership, *args, **kwargs):
        super().__init__(*args, initial={"role": membership.role_name}, **kwargs)
        self.fields["role"].choices = _roles(membership.organisation)  # type: ignore[attr-defined]


class HandOver(forms.Form):
    """Which colleague takes over."""

    to = forms.ModelChoiceField(
        Membership.objects.none(), label="Who takes over?", widget=forms.RadioSelect, empty_label=None,
        error_messages={"required": "Choose who takes over."},
    )  # fmt: skip

    def __init__(self, membership: Membership, *args, **kwargs):
        super().__init__(*args, **kwargs)
        colleagues = membership.organisation.memberships.current().exclude(pk=membership.pk).select_related("person")
        self.fields["to"].queryset = colleagues  # type: ignore[attr-defined]


class NewAccount(forms.Form):
    """For somebody who was invited and has no account yet. Their address is the invitation's."""

    name = forms.CharField(label="Your name", max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    password = forms.CharField(
        label="A new password", strip=False, help_text="At least 10 characters. Three words that you like are good.",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )  # fmt: skip

    def __init__(self, email: str, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.email = email

    def clean(self):
        cleaned = super().clean()
        if password := cleaned.get("password"):
            try:
                password_validation.validate_password(password, Person(email=self.email, name=cleaned.get("name", "")))
            except ValidationError as weak:
                self.add_error("password", weak)
        return cleaned


class FindPerson(forms.Form):
    """Somebody by their email address, written whole: nobody's address can be guessed at from here."""

    email = forms.EmailField(label="Email address", widget=forms.EmailInput(attrs={"autocomplete": "off"}))

    def clean_email(self) -> str:
        email = self.cleaned_data["email"]
        self.person = Person.objects.filter(email__iexact=email).first()
        if self.person is None:
            raise ValidationError(f"Nobody here has the address {email}. Write it as they sign in with it.")
        return email


class NewOrganisation(forms.Form):
    """An organisation that is to keep data here or to act."""

    code = forms.SlugField(
        label="Code", max_length=40, help_text="The ODS code, such as A81002; for others a short word of your own."
    )
    name = forms.CharField(label="Name", max_length=200)
    kind = forms.ChoiceField(
        label="What is it?", choices=[(kind.value, kind.label) for kind in Kind], widget=forms.RadioSelect
    )

    def clean_code(self) -> str:
        code = self.cleaned_data["code"].upper()
        if Organisation.objects.filter(code=code).exists():
            raise ValidationError(f"{code} is here already. Look for it in the list.")
        return code
