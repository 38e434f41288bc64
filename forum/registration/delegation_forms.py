"""The form by which a focal point registers a member."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from forum.registration.capacity import Capacity
from forum.registration.delegation import Delegation
from forum.registration.forms import AGREEMENT, ParticipantForm, RegistrationEditForm
from forum.registration.models import Registration

# What only the person and the secretariat read, and what only the person can agree to.
OWN = frozenset({"needs", "listed"})
ASKED = tuple(name for name in Registration.EDITABLE if name not in OWN)


class MemberForm(ParticipantForm):
    optional = ("organization_name", "stakeholder_type")
    agreed = forms.BooleanField(
        label=_("The person has agreed to this"),
        help_text=AGREEMENT,
        error_messages={"required": _("Ask the person first.")},
    )

    class Meta(ParticipantForm.Meta):
        model = Registration
        fields = ("email", *ASKED)

    def __init__(self, *args: Any, delegation: Delegation, **kwargs: Any) -> None:
        initial = {
            "organization_name": delegation.name,
            "country": delegation.country_id,
        }
        capacities = Capacity.objects.filter(edition=delegation.edition_id)
        super().__init__(
            *args,
            initial=initial | kwargs.pop("initial", {}),
            capacities=list(capacities.order_by("attendance")),
            **kwargs,
        )
        self.fields["email"].required = True
        self.fields["email"].help_text = _("The member gets all letters there.")


class MemberEditForm(RegistrationEditForm):
    """A member's registration, as a focal point may change it."""

    class Meta(RegistrationEditForm.Meta):
        fields = ASKED
