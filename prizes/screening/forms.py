"""What screeners choose and write: filters of the list, answers to the checks, reasons."""

import copy
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.forms.two_tabs import TwoTabsMixin
from common.forms.values import refuse_unreadable
from common.moves.workflow import NOTE_MAX_LENGTH
from prizes.contest.models import Contest
from prizes.entry.models import Entry
from prizes.entry.workflow import Status
from prizes.screening.models import EntryReason, Finding, Screening, ScreeningCheck
from reference.names import vocabulary

ALL = "all"
STATUSES = (
    (Status.SUBMITTED.value, Status.SUBMITTED.label),
    (Status.ACCEPTED.value, Status.ACCEPTED.label),
    (Status.RETURNED.value, Status.RETURNED.label),
    (Status.REFUSED.value, Status.REFUSED.label),
    (ALL, _("All")),
)
SORTS = (
    ("arrived", _("Submitted first")),
    ("words", _("Fewest words")),
    ("-words", _("Most words")),
    ("place", _("Country")),
    ("title_key", _("Title")),
    ("organization_key", _("Organization")),
)


class ScreeningFilters(forms.Form):
    """Which entries the list shows, and in which order."""

    status = forms.ChoiceField(label=_("Status"), choices=STATUSES, required=False)
    state = forms.ChoiceField(label=_("Screening"), required=False)
    screener = forms.ChoiceField(label=_("Screener"), required=False)
    category = forms.ChoiceField(label=_("Category"), required=False)
    country = forms.ChoiceField(label=_("Country"), required=False)
    twins = forms.BooleanField(label=_("With likely duplicates"), required=False)
    length = forms.BooleanField(label=_("Too short or too long"), required=False)
    sort = forms.ChoiceField(label=_("Order"), choices=SORTS, required=False)

    def __init__(self, contest: Contest, officers: Any, *args: Any) -> None:
        super().__init__(*args)
        everything = [("", _("All"))]
        fields: Any = self.fields
        fields["state"].choices = [*everything, *Screening.State.choices]
        fields["screener"].choices = [
            *everything,
            ("none", _("Nobody")),
            *((str(one.pk), str(one)) for one in officers),
        ]
        fields["category"].choices = [
            *everything,
            *(
                (row.action_line_id, f"{row.action_line_id} – {row.action_line}")
                for row in contest.categories.select_related("action_line")
            ),
        ]
        fields["country"].choices = [*everything, *vocabulary.labels("country").items()]

    def apply(self, rows: Any, contest: Contest) -> Any:
        """The rows that fit; a value that does not exist filters nothing."""
        self.full_clean()
        chosen = self.cleaned_data
        status = chosen.get("status") or Status.SUBMITTED
        if status != ALL:
            rows = rows.filter(status=status)
        if state := chosen.get("state"):
            rows = rows.filter(screened=state)
        if screener := chosen.get("screener"):
            who = None if screener == "none" else int(screener)
            rows = rows.filter(screening__screener=who)
        if line := chosen.get("category"):
            rows = rows.filter(category__action_line=line)
        if country := chosen.get("country"):
            rows = rows.filter(country=country)
        if chosen.get("length"):
            right = (contest.words_min, contest.words_max)
            rows = rows.exclude(word_count__range=right)
        if chosen.get("twins"):
            rows = rows.filter(has_twins=True)
        sort = chosen.get("sort") or SORTS[0][0]
        return rows.order_by(sort.replace("words", "word_count"), "pk")


class AnswersForm(TwoTabsMixin, forms.Form):
    """Yes, no or unclear for each check, with a note; and a note about the entry."""

    note = forms.CharField(
        label=_("Note for colleagues"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        validators=[refuse_unreadable],
    )

    def __init__(
        self,
        screening: Screening,
        checks: list[ScreeningCheck],
        data: Any = None,
        suggested: dict[int, str] | None = None,
    ) -> None:
        self.instance = screening
        self.checks = checks
        self.twins: list[Entry] = []  # likely duplicates, for the page
        given = list(screening.findings.all()) if screening.pk else []
        initial: dict[str, Any] = {"note": screening.note}
        for row in given:
            initial[f"check_{row.screening_check_id}"] = row.answer
            initial[f"why_{row.screening_check_id}"] = row.note
        self.base_fields = self._fields()  # type: ignore[misc]  # of this form alone
        super().__init__(data, initial=initial)
        for pk, answer in (suggested or {}).items():
            name = f"check_{pk}"
            if name in self.fields and name not in initial:
                self.initial[name] = answer

    def _fields(self) -> dict[str, forms.Field]:
        """The two-tabs check has to know the fields from the beginning."""
        fields: dict[str, forms.Field] = {}
        for check in self.checks:
            fields[f"check_{check.pk}"] = forms.ChoiceField(
                label=check.text,
                choices=Finding.Answer.choices,
                widget=forms.RadioSelect,
                required=False,
            )
            fields[f"why_{check.pk}"] = forms.CharField(
                label=_("Note"),
                required=False,
                max_length=300,
                validators=[refuse_unreadable],
            )
        return fields | copy.deepcopy(type(self).base_fields)

    def rows(self) -> list[tuple[Any, Any]]:
        """The fields of each check: the answer and its note."""
        return [(self[f"check_{c.pk}"], self[f"why_{c.pk}"]) for c in self.checks]

    def answers(self, *, all_yes: bool = False) -> dict[int, tuple[str, str]]:
        """Check → answer and note; checks without an answer are left out."""
        given = {}
        for check in self.checks:
            answer = self.cleaned_data.get(f"check_{check.pk}", "")
            if all_yes:
                answer = Finding.Answer.YES.value
            if answer:
                given[check.pk] = (answer, self.cleaned_data.get(f"why_{check.pk}", ""))
        return given


class BatchReasonForm(forms.Form):
    """The one reason that the owners of all entries of a batch read."""

    reason = forms.ChoiceField(label=_("Reason"))

    def __init__(
        self, offered: list[EntryReason], language: str, data: Any = None
    ) -> None:
        super().__init__(data)
        worded = ((row, row.wording(language)) for row in offered)
        named = {str(row.pk): (row, text.label) for row, text in worded if text}
        self.offered = {pk: row for pk, (row, _label) in named.items()}
        field: Any = self.fields["reason"]
        field.choices = [(pk, label) for pk, (_row, label) in named.items()]

    @property
    def chosen(self) -> EntryReason:
        return self.offered[self.cleaned_data["reason"]]


class ReasonsForm(forms.Form):
    """Canned reasons of a contest, and the officer's own words; of both the letter is made."""

    reasons = forms.MultipleChoiceField(
        label=_("Reasons"), required=False, widget=forms.CheckboxSelectMultiple
    )
    line = forms.CharField(
        label=_("In your own words"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        validators=[refuse_unreadable],
    )

    def __init__(
        self, move: str, offered: list[EntryReason], language: str, data: Any = None
    ) -> None:
        super().__init__(data, prefix=move)
        self.move = move
        self.offered = {str(row.pk): row for row in offered if row.move == move}
        field: Any = self.fields["reasons"]
        worded = ((pk, row.wording(language)) for pk, row in self.offered.items())
        field.choices = [(pk, text.label) for pk, text in worded if text]

    def note_for(self, language: str) -> str:
        """The reason in the language of its reader."""
        texts = [
            self.offered[pk].wording(language) for pk in self.cleaned_data["reasons"]
        ]
        parts = [text.text for text in texts if text]
        return "\n".join([*parts, self.cleaned_data["line"]]).strip()[:NOTE_MAX_LENGTH]
