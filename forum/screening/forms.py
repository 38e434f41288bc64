"""Filters of the screening list, and the reason of a waiver."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from forum.edition.models import Edition
from forum.screening.models import ScreeningRule, Waiver


class FindingsForm(forms.Form):
    """Which proposals are shown; values that do not exist show all."""

    STATES = (
        ("", _("All proposals")),
        ("hard", _("With a binding finding")),
        ("open", _("With any finding")),
        ("waived", _("With a waiver")),
        ("passed", _("Without findings")),
    )

    state = forms.ChoiceField(choices=STATES, required=False, label=_("Findings"))
    rule = forms.ChoiceField(required=False, label=_("Rule"))

    def __init__(self, edition: Edition, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rules = edition.screening_rules.in_use()
        choices = [(rule.kind, rule.get_kind_display()) for rule in rules]
        self.fields["rule"].choices = [("", _("All rules")), *choices]  # type: ignore[attr-defined]  # a choice


class WaiverForm(forms.ModelForm):
    class Meta:
        model = Waiver
        fields = ("rule", "reason")
        widgets = {"rule": forms.HiddenInput}
        help_texts = {"reason": _("Staff read it; it is kept with your name.")}

    def __init__(self, edition: Edition, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rule: Any = self.fields["rule"]
        rule.queryset = ScreeningRule.objects.filter(edition=edition)
        self.fields["reason"].widget.attrs.pop("maxlength", None)
