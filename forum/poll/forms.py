"""The form that makes a poll, and the one that answers it."""

from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from forum.base.forms import PlainForm
from forum.poll.models import LONGEST_CHOICE, MOST_CHOICES, Choice, Poll, choices_from


class PollForm(PlainForm):
    choices = forms.CharField(
        label=_("Choices"),
        help_text=_("One choice a line."),
        max_length=MOST_CHOICES * (LONGEST_CHOICE + 2),
        widget=forms.Textarea(attrs={"rows": 6, "dir": "auto"}),
    )

    class Meta:
        model = Poll
        fields = (
            "question",
            "choices",
            "several",
            "anonymous",
            "audience",
            "results",
        )
        widgets = {
            "question": forms.TextInput(attrs={"dir": "auto"}),
            "audience": forms.RadioSelect,
            "results": forms.RadioSelect,
        }

    def clean_choices(self) -> list[str]:
        return choices_from(self.cleaned_data["choices"])

    def save(self, commit: bool = True) -> Any:
        poll = super().save(commit)
        Choice.objects.bulk_create(
            Choice(poll=poll, text=text, order=order)
            for order, text in enumerate(self.cleaned_data["choices"])
        )
        return poll


class AnswerForm(forms.Form):
    """One choice or several, of those of the poll."""

    def __init__(self, poll: Poll, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind: Any = (
            forms.ModelMultipleChoiceField if poll.several else forms.ModelChoiceField
        )
        widget = forms.CheckboxSelectMultiple if poll.several else forms.RadioSelect
        options = {} if poll.several else {"empty_label": None}
        self.fields["choice"] = kind(
            queryset=poll.choices.order_by("order"),
            label=format_html("<bdi>{}</bdi>", poll.question),  # its own direction
            widget=widget,
            error_messages={"required": _("Choose an answer.")},
            **options,
        )

    def chosen(self) -> list[Choice]:
        found = self.cleaned_data["choice"]
        return [found] if isinstance(found, Choice) else list(found)
