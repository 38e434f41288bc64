"""The registration form of an edition."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.forms.two_tabs import TwoTabsMixin
from forum.base.forms import PlainForm
from forum.registration.models import Attendance, Capacity, Listed, Registration

AGREEMENT = _("The secretariat may use these data to organize the event.")


class ParticipantForm(PlainForm):
    """What is asked of everybody who takes part."""

    optional: tuple[str, ...] = ("organization_name", "stakeholder_type", "needs")

    class Meta:
        model = Registration
        fields: tuple[str, ...] = Registration.EDITABLE
        widgets = {
            "attendance": forms.RadioSelect,
            "name": forms.TextInput(attrs={"autocomplete": "name"}),
            "organization_name": forms.TextInput(
                attrs={"autocomplete": "organization"}
            ),
            "needs": forms.Textarea(attrs={"rows": 3}),
            "listed": forms.RadioSelect,
        }

    def __init__(self, *args: Any, capacities: list[Capacity], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = {capacity.attendance for capacity in capacities}
        self.fields["attendance"].choices = [  # type: ignore[attr-defined]  # a choice
            (code, label) for code, label in Attendance.choices if code in offered
        ]
        self.fields["country"].required = True
        if "listed" in self.fields:
            self.fields["listed"].required = False

    def clean_listed(self) -> str:
        """Whoever chooses nothing has agreed to nothing."""
        return self.cleaned_data["listed"] or Listed.HIDDEN


class RegistrationForm(ParticipantForm):
    agreed = forms.BooleanField(
        label=AGREEMENT,
        error_messages={
            "required": _("We cannot register you without your agreement.")
        },
    )


class RegistrationEditForm(TwoTabsMixin, ParticipantForm):
    """One's own registration, which the secretariat may change at the same time."""
