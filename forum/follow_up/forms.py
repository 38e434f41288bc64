"""The follow-up form of an approved registration."""

import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from common.forms.two_tabs import TwoTabsMixin
from forum.base.forms import PlainForm
from forum.follow_up.models import FollowUp

ASKED = (
    "visa_letter",
    "passport_name",
    "passport_number",
    "nationality",
    "hotel",
    "arrives_on",
    "departs_on",
    "interpretation",
    "accessibility",
)
AROUND = datetime.timedelta(days=60)  # nobody comes earlier or leaves later


class FollowUpForm(TwoTabsMixin, PlainForm):
    """All of it is optional; a letter for a visa needs the passport."""

    optional = ASKED[1:]

    class Meta:
        model = FollowUp
        fields = ASKED
        widgets = {
            "passport_name": forms.TextInput(attrs={"autocomplete": "off"}),
            "passport_number": forms.TextInput(
                attrs={"autocomplete": "off", "dir": "ltr"}
            ),
            "arrives_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "departs_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "accessibility": forms.Textarea(attrs={"rows": 3}),
        }

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("visa_letter"):
            for name in ("passport_name", "passport_number", "nationality"):
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, _("The letter for your visa needs this."))
        self._require_near(data)
        return data

    def _require_near(self, data: dict[str, Any]) -> None:
        edition = self.instance.registration.edition
        first, last = edition.start_date, edition.end_date
        for name in ("arrives_on", "departs_on"):
            day = data.get(name)
            if day and first and last and not first - AROUND <= day <= last + AROUND:
                self.add_error(name, _("This day is far from the days of the Forum."))
