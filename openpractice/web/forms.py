"""A Django form's fields as NHS.UK components: which component, with which parameters.

`forms.jinja` draws them, as `ui.form`, `ui.field` and `ui.error_summary`. Any form will do, allauth's own too: nothing
has to be inherited, and no renderer is set, so that Django's other forms stay as they are.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.forms import BaseForm, BoundField
from django.utils.html import conditional_escape
from markupsafe import Markup

OF_TYPE = {"password": "passwordInput", "select": "select", "radio": "radios", "checkbox": "checkboxes", "file": "fileUpload"}  # fmt: skip
OF_OUR_OWN = {"placeholder", "class"}  # an example in the box vanishes as one types, and NHS.UK has its own classes
TOP_LEVEL = {"autocomplete", "inputmode", "autocapitalize", "rows"}


class Drawn(NamedTuple):
    """The name of an NHS.UK component and what it is given."""

    component: str
    params: dict[str, Any]


def drawn(field: BoundField) -> Drawn:
    """How a field looks. One that need not be filled in says so."""
    component, identity = _component(field), field.auto_id or field.html_name
    params = {"name": field.html_name, "id": identity, "idPrefix": identity, **_attributes(field)}
    if component in ("radios", "checkboxes"):
        del params["id"]  # the first of them is called so, and its label must find it
    if field.errors:
        params["errorMessage"] = {"text": " ".join(map(str, field.errors))}
    hint = {"html": Markup(conditional_escape(field.help_text))} if field.help_text else None
    if component == "checkboxes" and not hasattr(field.field, "choices"):
        return Drawn(component, params | {"items": [_tick(field, hint)]})
    label = str(field.label) + ("" if field.field.required or component == "checkboxes" else " (optional)")
    params |= {"hint": hint} if hint else {}
    if component in ("radios", "checkboxes"):
        return Drawn(component, params | {"items": _items(field), "fieldset": {"legend": {"text": label, "size": "s"}}})
    params["label"] = {"text": label, "size": "s"}
    if component == "select":
        params["items"] = _items(field)
    elif component not in ("passwordInput", "fileUpload"):
        params["value"] = field.field.widget.format_value(field.value()) or ""  # nothing is not the word None
    return Drawn(component, params)


def _component(field: BoundField) -> str:
    kind = getattr(field.field.widget, "input_type", "textarea")
    return "hidden" if field.is_hidden else "textarea" if kind == "textarea" else OF_TYPE.get(kind, "input")


def _attributes(field: BoundField) -> dict[str, Any]:
    """What the widget asks for, sorted into NHS.UK's own parameters and plain attributes."""
    asked = {k: v for k, v in field.build_widget_attrs(field.field.widget.attrs).items() if k not in OF_OUR_OWN}
    # The browser's own bubbles would hide our words, and only one of them shows at a time.
    plain = {k: v for k, v in asked.items() if k not in TOP_LEVEL and k not in ("required", "type", "aria-describedby")}
    kind = asked.get("type") or getattr(field.field.widget, "input_type", "text")
    return {k: v for k, v in asked.items() if k in TOP_LEVEL} | {"type": kind, "attributes": plain}


def _items(field: BoundField) -> list[dict[str, Any]]:
    options = [option.data for option in field.subwidgets]
    return [
        {"value": str(o["value"]), "text": str(o["label"]), "checked": bool(o["selected"]), "selected": bool(o["selected"])}
        for o in options
    ]  # fmt: skip


def _tick(field: BoundField, hint: dict | None) -> dict[str, Any]:
    """A single box to tick: its label stands beside it."""
    item = {"value": "on", "text": str(field.label), "checked": bool(field.value())}
    return item | ({"hint": hint} if hint else {})


def errors(form: BaseForm) -> Iterator[dict[str, str]]:
    """Everything that is wrong, each with the address of the field it is about, for the summary at the top."""
    shown = form.visible_fields()
    first = shown[0].auto_id if shown else ""
    for name, messages in form.errors.items():
        field = form[name] if name in form.fields else None
        place = field.auto_id if field is not None and not field.is_hidden else first
        for message in messages:
            yield {"text": str(message)} | ({"href": f"#{place}"} if place else {})
