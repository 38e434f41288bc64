"""The form in which people change their own account."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.user.models import User
from common.text.zone_names import zone_names


def time_zone_choices() -> list[tuple[str, Any]]:
    """Zones named by continent and city, and UTC; historical aliases are left out."""
    old = ("Etc/", "SystemV/", "US/", "Canada/", "Brazil/", "Chile/", "Mexico/")
    names = sorted(n for n in zone_names() if "/" in n and not n.startswith(old))
    zones = [(name, name.replace("_", " ")) for name in names]
    return [("", _("Not chosen")), ("UTC", "UTC"), *zones]


class ProfileForm(forms.ModelForm):
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=time_zone_choices,
        required=False,
        help_text=_(
            "Our e-mails add the time in this zone to the times of an event. Pages "
            "show the time of the place, and beside it the time of your browser."
        ),
    )

    class Meta:
        model = User
        fields = ["first_name", "last_name", "language", "time_zone"]
        help_texts = {
            "language": _("The language of pages after you sign in, and of our e-mail.")
        }
        widgets = {
            "first_name": forms.TextInput({"autocomplete": "given-name"}),
            "last_name": forms.TextInput({"autocomplete": "family-name"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the stored time zone as well, even when it is an alias."""
        super().__init__(*args, **kwargs)
        stored = self.instance.time_zone
        field = self.fields["time_zone"]
        if stored not in dict(field.choices):  # type: ignore[attr-defined]
            field.choices = [*time_zone_choices(), (stored, stored)]  # type: ignore[attr-defined]
