"""allauth's forms in our words: what each field is called, what helps to fill it in, what is missing."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as account
from allauth.mfa.base import forms as second_factor
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django import forms

from openpractice.web.accounts import actions
from openpractice.web.accounts.models import Person

GOOD_PASSWORD = "At least 10 characters. Three words that you like are good."


def say(form: forms.Form, name: str, label: str, missing: str = "", hint: str = "", **attributes: Any) -> None:
    """Words for one field, and attributes of its box."""
    field = form.fields[name]
    field.label, field.help_text = label, hint
    if missing:
        field.error_messages["required"] = missing
    field.widget.attrs.update(attributes)


def _new_password(form: forms.Form) -> None:
    """Asked once: it can be shown, and whoever mistypes it has it sent anew."""
    say(form, "password1", "A new password", "Enter a new password", GOOD_PASSWORD)
    del form.fields["password2"]


def _code(form: forms.Form, label: str, hint: str) -> None:
    say(
        form, "code", label, "Enter the code", hint, inputmode="numeric", spellcheck="false",
        autocomplete="one-time-code", maxlength="20",
    )  # fmt: skip
    form.fields["code"].widget.attrs["data-short"] = "yes"


class SignIn(account.LoginForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        say(self, "login", "Email address", "Enter your email address", autocomplete="username", spellcheck="false")
        say(self, "password", "Password", "Enter your password")


class ForgottenPassword(account.ResetPasswordForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        say(self, "email", "Email address", "Enter your email address", spellcheck="false")


class ChosenPassword(account.ResetPasswordKeyForm):
    """A new password, by a link that came by email."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _new_password(self)

    def save(self) -> None:
        """Whoever got the link shows with it that the address is theirs."""
        actions.prove(person=self.user)
        super().save()


class FirstPassword(account.SetPasswordForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _new_password(self)


class ChangedPassword(account.ChangePasswordForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        say(self, "oldpassword", "Your password until now", "Enter your password until now")
        _new_password(self)


class PasswordAgain(account.ReauthenticateForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        say(self, "password", "Password", "Enter your password")


class Code(second_factor.AuthenticateForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _code(self, "Code", "The 6 digits that your authenticator app shows now, or one of your recovery codes.")


class CodeAgain(second_factor.ReauthenticateForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _code(self, "Code", "The 6 digits that your authenticator app shows now, or one of your recovery codes.")


class FirstCode(totp.ActivateTOTPForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _code(self, "Code from the app", "The 6 digits that the app shows now.")


class NewPasskey(webauthn.AddWebAuthnForm):
    """Always one that signs in by itself: two kinds of key would be one too many to explain."""

    passwordless = forms.BooleanField(widget=forms.HiddenInput, initial=True, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        say(
            self, "name", "Name of the passkey", hint="So that you know it again, such as “My phone” or “Reception PC”.",
            autocomplete="off", maxlength="60",
        )  # fmt: skip
        self.fields["name"].required = True
        self.fields["name"].error_messages["required"] = "Enter a name for the passkey"
        self.fields["credential"].error_messages["required"] = "This device did not make a passkey. Try again."


class RenamedPasskey(webauthn.EditWebAuthnForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        say(self, "name", "Name of the passkey", "Enter a name for the passkey", autocomplete="off", maxlength="60")


class OwnName(forms.ModelForm):
    """What one is called here."""

    class Meta:
        model = Person
        fields = ("name",)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        say(self, "name", "Your name", "Enter your name", "As your colleagues know you.", autocomplete="name")
