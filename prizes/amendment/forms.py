"""The form of a proposal to amend the results of one category."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from common.forms.values import refuse_unreadable
from common.moves.workflow import MoveRefused
from prizes.contest.models import Category, Contest
from prizes.entry.amendment import Amendment
from prizes.entry.models import Entry


class AmendmentForm(forms.ModelForm):
    class Meta:
        model = Amendment
        fields = ("entry", "kind", "note", "reason")
        widgets = {
            "note": forms.Textarea(attrs={"rows": 4, "cols": 80, "dir": "auto"}),
            "reason": forms.Textarea(attrs={"rows": 4, "cols": 80, "dir": "auto"}),
        }

    def __init__(
        self, contest: Contest, category: Category | None, user: Any, *args: Any
    ) -> None:
        super().__init__(*args)
        self.user = user
        field: Any = self.fields["entry"]
        field.queryset = choices(contest, category)
        for name in ("note", "reason"):
            self.fields[name].validators.append(refuse_unreadable)
            self.fields[name].widget.attrs.pop("maxlength", None)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("entry") and data.get("kind"):
            proposed = Amendment(entry=data["entry"], kind=data["kind"])
            try:
                proposed.require_impartial(self.user)
            except MoveRefused as refused:
                raise ValidationError(str(refused.message)) from refused
            if why := proposed.why_not():
                raise ValidationError(why)
        return data

    def save(self, commit: bool = True) -> Amendment:
        amendment: Amendment = super().save(commit=False)
        return amendment.propose(self.user)


def choices(contest: Contest, category: Category | None) -> Any:
    """The public entries of a category that can be amended; without one those of none."""
    rows = Entry.objects.public().filter(contest=contest, category=category)
    return (
        rows.select_related("contest").defer("words", "answers").order_by("title", "pk")
    )
