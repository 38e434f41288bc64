"""What people may change about their own account."""

import zoneinfo
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.models import MailChoice, User
from accounts.models.api_key import ApiKey, Scope
from common.mail import KINDS, Kind
from common.zones import is_zone


def time_zone_choices() -> list[tuple[str, Any]]:
    """Zones named by continent and city, and UTC; historical aliases are left out."""
    old = ("Etc/", "SystemV/", "US/", "Canada/", "Brazil/", "Chile/", "Mexico/")
    names = sorted(
        n for n in zoneinfo.available_timezones() if "/" in n and not n.startswith(old)
    )
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
        """Keep a zone that was stored earlier among the choices, also when it is an alias."""
        super().__init__(*args, **kwargs)
        stored = self.instance.time_zone
        field = self.fields["time_zone"]
        if stored not in dict(field.choices):  # type: ignore[attr-defined]
            field.choices = [*time_zone_choices(), (stored, stored)]  # type: ignore[attr-defined]


class SignUpForm(forms.Form):
    """What a sign-up page asks beside the address: nothing. Its script tells the time zone."""

    time_zone = forms.CharField(
        required=False, widget=forms.HiddenInput({"data-browser-zone": ""})
    )

    def clean_time_zone(self) -> str:
        """A zone of the IANA database, or none: a strange browser hinders nobody."""
        sent = self.cleaned_data["time_zone"]
        return sent if is_zone(sent) else ""

    def signup(self, request: HttpRequest, user: User) -> None:
        user.time_zone = self.cleaned_data["time_zone"]
        user.save(update_fields=["time_zone"])


KEY_LIVES = [(30, _("30 days")), (90, _("90 days")), (365, _("1 year"))]


class KeyForm(forms.Form):
    """What a new key is called, what it opens and how long."""

    name = forms.CharField(
        label=_("Name"),
        max_length=80,
        help_text=ApiKey._meta.get_field("name").help_text,
    )
    scopes = forms.MultipleChoiceField(
        label=_("Permissions"),
        choices=Scope.choices,
        initial=[Scope.READ],
        widget=forms.CheckboxSelectMultiple,
    )
    days = forms.TypedChoiceField(
        label=_("Valid for"), choices=KEY_LIVES, coerce=int, initial=90
    )


def deliveries(kind: Kind) -> list[tuple[str, Any]]:
    """How mails of a kind may come; what is decided about one's own always comes."""
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
