"""A Django form's fields as NHS.UK components."""

from __future__ import annotations

import pytest
from django import forms
from django.template import engines
from django.utils.safestring import mark_safe

from openpractice.web.forms import drawn, errors

CHOICES = [("a", "First"), ("b", "Second <b>")]


class Everything(forms.Form):
    name = forms.CharField(label="Name", help_text="As <you> say it")
    email = forms.EmailField(widget=forms.EmailInput(attrs={"autocomplete": "email", "placeholder": "x@y"}))
    password = forms.CharField(widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}))
    notes = forms.CharField(widget=forms.Textarea(attrs={"rows": 4}), required=False)
    one = forms.ChoiceField(choices=CHOICES)
    radio = forms.ChoiceField(choices=CHOICES, widget=forms.RadioSelect, help_text=mark_safe("<a href='/'>Help</a>"))
    many = forms.MultipleChoiceField(choices=CHOICES, widget=forms.CheckboxSelectMultiple)
    agree = forms.BooleanField(label="I agree")
    file = forms.FileField(required=False)
    secret = forms.CharField(widget=forms.HiddenInput)


def html(name: str, data: dict | None = None) -> str:
    made = engines["jinja2"].from_string("{{ ui.field(form[name]) }}")
    return made.render({"form": Everything(data), "name": name})


@pytest.mark.parametrize(
    ("name", "component"),
    [
        ("name", "input"), ("email", "input"), ("password", "passwordInput"), ("notes", "textarea"), ("one", "select"),
        ("radio", "radios"), ("many", "checkboxes"), ("agree", "checkboxes"), ("file", "fileUpload"), ("secret", "hidden"),
    ],
)  # fmt: skip
def test_each_widget_has_its_component(name, component):
    assert drawn(Everything()[name]).component == component
    assert f'name="{name}"' in html(name)


def test_help_is_escaped_unless_it_is_markup():
    assert "As &lt;you&gt; say it" in html("name")
    assert "<a href='/'>Help</a>" in html("radio")


def test_what_was_entered_stays_but_never_a_password():
    assert 'value="Wren &lt;3"' in html("name", {"name": "Wren <3"})
    assert "three words" not in html("password", {"password": "three words"})
    assert '<option value="b" selected>' in html("one", {"one": "b"})
    assert html("radio", {"radio": "b"}).count("checked") == 1
    assert html("many", {"many": ["a", "b"]}).count("checked") == 2
    assert "checked" in html("agree", {"agree": "on"})
    assert ">some notes</textarea>" in html("notes", {"notes": "some notes"})


def test_attributes_reach_the_box_and_examples_do_not():
    assert 'autocomplete="email"' in html("email")
    assert 'type="email"' in html("email")
    assert "placeholder" not in html("email")
    assert 'autocomplete="new-password"' in html("password")
    assert 'rows="4"' in html("notes")


def test_what_need_not_be_filled_in_says_so():
    assert "Notes (optional)" in html("notes")
    assert "optional" not in html("name")


def test_an_error_stands_at_its_field_and_in_the_summary():
    form = Everything({"secret": ""})
    assert "nhsuk-error-message" in html("name", {})
    assert 'aria-describedby="id_name-hint id_name-error"' in html("name", {})
    listed = {one["href"] for one in errors(form)}
    assert "#id_radio" in listed  # the first of the radios
    assert 'id="id_radio"' in html("radio", {})
    assert "#id_secret" not in listed  # nobody can see it, so the summary leads to the first field


def test_what_is_wrong_with_the_whole_leads_to_the_first_field():
    form = Everything({})
    form.is_valid()
    form.errors.clear()
    form.add_error(None, "These do not belong together.")
    assert list(errors(form)) == [{"text": "These do not belong together.", "href": "#id_name"}]
