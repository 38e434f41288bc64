"""The form for mail preferences: which mails, and how often."""

from typing import Any

from django import forms

from accounts.notification.models import MailChoice
from accounts.user.models import User
from common.mail.kinds import KINDS, Kind


def deliveries(kind: Kind) -> list[tuple[str, Any]]:
    """The ways in which mails of a kind can be delivered; mails about one's own decisions are
    always sent."""
    offered = MailChoice.Delivery.choices
    return [row for row in offered if row[0] != "off"] if kind.decisions else offered


class MailForm(forms.Form):
    """One choice per kind of mail."""

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        chosen = dict(user.mail_choices.values_list("kind", "delivery"))
        for name, kind in KINDS.items():
            if kind.staff_only and not user.is_secretariat:
                continue
            self.fields[name] = forms.ChoiceField(
                label=kind.label,
                choices=deliveries(kind),
                initial=chosen.get(name, MailChoice.Delivery.NOW),
            )

    def save(self) -> None:
        for kind, delivery in self.cleaned_data.items():
            MailChoice.objects.update_or_create(
                user=self.user, kind=kind, defaults={"delivery": delivery}
            )
