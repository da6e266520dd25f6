"""What people fill in to propose an agreement, to withdraw from one, and to ask why."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError

from openpractice.measures import TOPICS
from openpractice.web.agreements.terms import EVERYTHING, Granularity, Purpose
from openpractice.web.organisations.models import Organisation
from openpractice.web.organisations.roles import ROLES, Kind

TOPICS_OFFERED = [(EVERYTHING, "Everything that is measured"), *((topic, topic) for topic in TOPICS)]
_DAY = forms.DateInput(attrs={"type": "date"})


class Propose(forms.Form):
    """The terms and the parties of a new agreement."""

    title = forms.CharField(label="What should it be called?", max_length=200)
    purpose = forms.ChoiceField(
        label="What are the data used for?", choices=[(p.value, f"{p.label}. {p.meaning}") for p in Purpose],
        widget=forms.RadioSelect,
    )  # fmt: skip
    legal_basis = forms.CharField(
        label="On what legal basis?", widget=forms.Textarea(attrs={"rows": 3}),
        help_text="The article and the reason, in words that a patient can read.",
    )  # fmt: skip
    givers = forms.ModelMultipleChoiceField(
        Organisation.objects.none(), label="Whose data are used?", widget=forms.CheckboxSelectMultiple
    )
    receivers = forms.ModelMultipleChoiceField(
        Organisation.objects.none(), label="Who uses them?", widget=forms.CheckboxSelectMultiple
    )
    topics = forms.MultipleChoiceField(
        label="Which figures?", choices=TOPICS_OFFERED, widget=forms.CheckboxSelectMultiple
    )
    granularity = forms.ChoiceField(
        label="How fine?", choices=[(g.value, g.label) for g in Granularity], widget=forms.RadioSelect
    )
    roles = forms.MultipleChoiceField(
        label="Who there may see them?", choices=[(r.name, r.title) for r in ROLES.values()],
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    starts = forms.DateField(label="From", widget=_DAY)
    review = forms.DateField(label="Reviewed on", widget=_DAY)
    ends = forms.DateField(label="Until", widget=_DAY)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("givers", "receivers"):
            self.fields[name].queryset = Organisation.objects.filter(closed=None)  # type: ignore[attr-defined]

    def clean(self):
        cleaned = super().clean()
        if {"starts", "review", "ends"} <= cleaned.keys() and not cleaned["starts"] <= cleaned["review"] <= cleaned[
            "ends"
        ]:
            raise ValidationError("An agreement begins, is reviewed, and ends, in this order.")
        return cleaned


class Withdraw(forms.Form):
    reason = forms.CharField(label="Why? The other parties read this.", widget=forms.Textarea(attrs={"rows": 3}))


class Why(forms.Form):
    """A question about one's own organisation: as the owner of data, or as somebody who wants to see others'."""

    other = forms.ModelChoiceField(Organisation.objects.none(), label="Which organisation?", empty_label="Choose one")
    way = forms.ChoiceField(
        label="Which way?", widget=forms.RadioSelect, initial="they",
        choices=[("they", "Why can they see our data, or not?"), ("we", "Why can we see their data, or not?")],
    )  # fmt: skip
    role = forms.ChoiceField(label="In which role?", choices=[(r.name, r.title) for r in ROLES.values()])
    topic = forms.ChoiceField(label="Which figures?", choices=[(topic, topic) for topic in TOPICS])
    purpose = forms.ChoiceField(label="What for?", choices=[(p.value, p.label) for p in Purpose])
    granularity = forms.ChoiceField(label="How fine?", choices=[(g.value, g.label) for g in Granularity])

    def __init__(self, own: Organisation, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["other"].queryset = Organisation.objects.exclude(pk=own.pk)  # type: ignore[attr-defined]


class OpenFigures(forms.Form):
    """Opening another practice's figures in an emergency."""

    owner = forms.ModelChoiceField(
        Organisation.objects.none(), label="Whose figures do you need?", empty_label="Choose a practice",
        error_messages={"required": "Choose whose figures you need."},
    )  # fmt: skip
    reason = forms.CharField(
        label="Why do you need them now?", widget=forms.Textarea(attrs={"rows": 3}),
        help_text="The practice reads this at once. Do not name a patient.",
        error_messages={"required": "Say why you need them."},
    )  # fmt: skip
    hours = forms.IntegerField(
        label="For how many hours?", initial=4, min_value=1, max_value=24,
        help_text="From 1 to 24. It ends by itself, and you can end it earlier.",
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"), "Write a number of hours from 1 to 24."
        ),
    )  # fmt: skip

    def __init__(self, own: Organisation, *args, **kwargs):
        super().__init__(*args, **kwargs)
        practices = Organisation.objects.filter(kind=Kind.PRACTICE, closed=None).exclude(pk=own.pk)
        self.fields["owner"].queryset = practices  # type: ignore[attr-defined]


class ReviewEmergency(forms.Form):
    """What the owner found afterwards."""

    justified = forms.TypedChoiceField(
        label="Was it justified?", widget=forms.RadioSelect, coerce=lambda word: word == "yes",
        choices=[("yes", "Yes, it was justified"), ("no", "No, it was not justified")],
        error_messages={"required": "Say whether it was justified."},
    )  # fmt: skip
    words = forms.CharField(
        label="Why?", widget=forms.Textarea(attrs={"rows": 3}), help_text="Both organisations read this.",
        error_messages={"required": "Say why, in a sentence."},
    )  # fmt: skip
