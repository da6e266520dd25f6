"""Bringing files without a script."""

from __future__ import annotations

from typing import Any

from django import forms

from openpractice.web.organisations.acting import Acting
from openpractice.web.organisations.roles import Permission
from openpractice.web.organisations.rules import NotAllowed

CHOOSE = "Choose at least one file, or drag it here."


class ManyFiles(forms.FileField):
    """A field of files, of which there may be several."""

    class Chooser(forms.ClearableFileInput):
        allow_multiple_selected = True

    widget = Chooser

    def clean(self, data: Any, initial: Any = None) -> Any:
        files = [super(ManyFiles, self).clean(one, initial) for one in data or [None]]
        return files


class Bring(forms.Form):
    """Files, and where somebody may bring both: whether they are the organisation's own or published."""

    OWN, PUBLISHED = "own", "published"

    whose = forms.ChoiceField(
        label="What is it?",
        required=False,
        widget=forms.RadioSelect,
        choices=[(OWN, "Our own"), (PUBLISHED, "Published")],
    )
    files = ManyFiles(
        label="Files", allow_empty_file=True, error_messages={"required": CHOOSE}
    )  # what is empty is refused in our words

    def __init__(self, now: Acting, *arguments: Any, **named: Any):
        super().__init__(*arguments, **named)
        self.now = now
        self.fields["whose"].choices = [  # type: ignore[attr-defined]
            (self.OWN, f"Our own records, of {now.organisation}"),
            (self.PUBLISHED, "Published by the NHS, for everybody who uses this installation"),
        ]
        self.fields["whose"].initial = self.OWN
        self.chooses = now.may(Permission.UPLOAD) and now.may(Permission.UPLOAD_PUBLISHED)
        if not self.chooses:
            self.fields["whose"].widget = forms.HiddenInput()
            self.fields["whose"].initial = whose(now, "")

    def clean_whose(self) -> str:
        try:
            return whose(self.now, self.cleaned_data["whose"])
        except NotAllowed as why:
            raise forms.ValidationError(str(why)) from None


def whose(now: Acting, chosen: str) -> str:
    """Where a file goes: to what was chosen, or without a choice to the only thing that there is. Raises NotAllowed."""
    may = {Bring.OWN: now.may(Permission.UPLOAD), Bring.PUBLISHED: now.may(Permission.UPLOAD_PUBLISHED)}
    chosen = chosen or next((one for one, allowed in may.items() if allowed), "")
    if not may.get(chosen):
        raise NotAllowed("You cannot upload files of this kind here. Reload the page and choose again.")
    return chosen
