"""The answer to an invitation: yes or no for each seat."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from prizes.invitation.models import Invitation
from reference.names import vocabulary

ANSWERS = [("yes", _("I accept")), ("no", _("I decline"))]


def seat_name(invitation: Invitation) -> str:
    """ "C4: Capacity building (chair)"."""
    category = invitation.panel.category
    name = f"{category.code}: {vocabulary.label('action_line', category.code)}"
    return gettext("%(seat)s (chair)") % {"seat": name} if invitation.is_chair else name


class AnswerForm(forms.Form):
    """One question for each open invitation; at least one has to be answered."""

    def __init__(
        self, invitations: Iterable[Invitation], *args: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.open = {f"seat_{row.pk}": row for row in invitations}
        for name, row in self.open.items():
            self.fields[name] = forms.ChoiceField(
                label=seat_name(row),
                choices=ANSWERS,
                required=False,
                widget=forms.RadioSelect,
            )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not self.errors and not any(data.values()):
            self.add_error(next(iter(self.open), None), gettext("Choose an answer."))
        return data

    def save(self) -> None:
        for name, row in self.open.items():
            if answer := self.cleaned_data[name]:
                row.answer(accepts=answer == "yes")
