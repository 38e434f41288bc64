"""Forms of the prizes: entering, writing, reviewing; a sentence beside the field for every no."""

import copy
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import escape
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.two_tabs import TwoTabsMixin
from common.workflow import NOTE_MAX_LENGTH
from prizes.models import Category, Contest, Criterion, Entry, Question, Review, Score
from prizes.models.decision import REASON_LENGTH
from prizes.models.entry import DESCRIPTION_LENGTH
from prizes.models.panel import COMMENT_LENGTH
from prizes.models.remark import FOR_THE_FILE
from stocktaking.forms import refuse_unreadable, with_code
from stocktaking.models import Project
from stocktaking.workflow import Status as ProjectStatus

YES_NO = [("yes", _("Yes")), ("no", _("No"))]


def line_of(category: Any) -> str:
    """Code and name, as people know the categories."""
    return with_code(category.action_line)


def name_of(question: Question) -> str:
    return f"question_{question.pk}"


def question_field(question: Question, *, required: bool = True) -> forms.ChoiceField:
    """A question of eligibility, to be answered with yes or no."""
    return forms.ChoiceField(
        label=gettext(question.text),
        choices=YES_NO,
        widget=forms.RadioSelect,
        required=required,
    )


def refuse_every_no(form: forms.BaseForm, questions: list[Question]) -> None:
    """Whoever answers no reads why the project cannot enter."""
    for question in questions:
        if form.cleaned_data.get(name_of(question)) == "no":
            form.add_error(name_of(question), gettext(question.refusal))


class EnterForm(forms.Form):
    """The gate: which project, which category, and the questions of eligibility."""

    project = forms.ModelChoiceField(
        label=_("Project"),
        queryset=Project.objects.none(),
        empty_label=_("Choose a project"),
        help_text=_("Your published projects of the Stocktaking database."),
    )
    category = forms.ModelChoiceField(
        label=_("Category"),
        queryset=Category.objects.none(),
        empty_label=_("Choose a category"),
        help_text=_("A project takes part in one category only."),
    )

    def __init__(self, contest: Contest, user: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.contest, self.user = contest, user
        mine = Project.objects.of_owner(user).filter(status=ProjectStatus.PUBLISHED)
        self.fields["project"].queryset = mine  # type: ignore[attr-defined]  # a choice of records
        category = self.fields["category"]
        category.queryset = contest.categories.select_related("action_line")  # type: ignore[attr-defined]  # the same
        category.label_from_instance = line_of  # type: ignore[attr-defined]  # the same
        self.questions = list(contest.questions.all())
        for question in self.questions:
            self.fields[name_of(question)] = question_field(question)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        refuse_every_no(self, self.questions)
        project = data.get("project")
        if project and Entry.objects.has_won(project):
            self.add_error(
                "project",
                _("This project has already won a WSIS Prize and cannot enter."),
            )
        return data

    def save(self) -> Entry:
        """The draft of this project, new or begun before."""
        project = self.cleaned_data["project"]
        entry = Entry(
            contest=self.contest,
            category=self.cleaned_data["category"],
            project=project,
            owner=self.user,
            title=project.title,
            language=project.language,
            organisation=project.organisation,
            organisation_name=project.organisation_name,
            country=project.country,
            stakeholder_type=project.stakeholder_type,
            description=project.summary,
            exclusive=self.contest.one_per_organisation,
        )
        entry.answer(self.questions)
        entry.save()
        return entry

    def take_up(self, draft: Entry) -> bool:
        """Go on with a draft that was begun before, with the category and the answers of now.
        Returns whether the category is another one; call it with the draft locked."""
        chosen = self.cleaned_data["category"]
        is_other = draft.category_id != chosen.pk
        draft.category = chosen
        new = {question.pk for question in draft.unanswered()}
        draft.answer([question for question in self.questions if question.pk in new])
        draft.save(update_fields=["category", "answers", "updated_at"])
        return is_other


class EntryForm(TwoTabsMixin, forms.ModelForm):
    """A draft may be too short or too long; submitting asks for the words of the contest.

    Questions of eligibility that were added after the draft was begun are asked here.
    """

    class Meta:
        model = Entry
        fields = ("category", "description")
        widgets = {"description": forms.Textarea(attrs={"rows": 12})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        contest = self.instance.contest
        category, text = self.fields["category"], self.fields["description"]
        category.queryset = contest.categories.select_related("action_line")  # type: ignore[attr-defined]  # a choice of records
        category.label_from_instance = line_of  # type: ignore[attr-defined]  # the same
        category.empty_label = None  # type: ignore[attr-defined]  # the same
        text.required = False
        text.max_length = DESCRIPTION_LENGTH  # type: ignore[attr-defined]  # a text
        text.widget.attrs.pop("maxlength", None)
        text.validators = [*text.validators, refuse_unreadable]
        text.help_text = _(
            "%(least)d to %(most)d words, in English. Voters read this text."
        ) % {"least": contest.words_min, "most": contest.words_max}

        self.questions = self.instance.unanswered()
        for question in self.questions:
            self.fields[name_of(question)] = question_field(question, required=False)

    def _guarded(self) -> list[forms.BoundField]:
        return [self[name] for name in self.Meta.fields]

    @property
    def question_fields(self) -> list[forms.BoundField]:
        return [self[name_of(question)] for question in self.questions]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        refuse_every_no(self, self.questions)
        return data

    def save(self, commit: bool = True) -> Entry:
        """The yeses are kept with the draft."""
        yes = [q for q in self.questions if self.cleaned_data.get(name_of(q)) == "yes"]
        self.instance.answer(yes)
        entry: Entry = super().save(commit)
        return entry

    def judge(self) -> None:
        """Say beside the fields what a submission lacks."""
        if problem := self.instance.words_problem():
            self.add_error("description", problem)

    def take(self, refused: ValidationError) -> None:
        """Put what a move refused beside its field."""
        sentences_of = dict(refused.message_dict)
        if self.questions:
            for sentence in sentences_of.pop("answers", ()):
                self.add_error(name_of(self.questions[0]), sentence)
        for name, sentences in sentences_of.items():
            place = name if name in self.fields else None
            for sentence in sentences:
                self.add_error(place, sentence)


class NoteForm(forms.Form):
    """The texts that go with a move; the move table says when a reason is needed."""

    note = forms.CharField(
        label=_("Reason for the entrant"),
        required=False,
        max_length=NOTE_MAX_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        validators=[refuse_unreadable],
        help_text=format_lazy(
            _(
                "At most {limit} characters. The entrant reads it; the reason for a winner is "
                "published."
            ),
            limit=NOTE_MAX_LENGTH,
        ),
    )
    file_note = forms.CharField(
        label=_("Reason for the file"),
        required=False,
        max_length=NOTE_MAX_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        validators=[refuse_unreadable],
        help_text=_(
            "Only the panel and the secretariat read it. “Do not nominate” and “Withdraw the "
            "decision” need it."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("note", "file_note"):
            self.fields[name].widget.attrs.pop("maxlength", None)

    def texts_for(self, move: str) -> tuple[str, str]:
        """Reason and remark of this move."""
        return texts_for(
            move, self.cleaned_data["note"], self.cleaned_data["file_note"]
        )


def texts_for(move: str, for_entrant: str, for_file: str) -> tuple[str, str]:
    """Reason and remark of a move, as `Entry.move` takes them. The reason of a move of the panel
    is for the file: if only one text is given there, it is that one, whatever box it was in."""
    if move not in FOR_THE_FILE:
        return for_entrant, for_file
    return (for_file, for_entrant) if for_file.strip() else (for_entrant, "")


class ConflictForm(forms.Form):
    reason = forms.CharField(
        label=_("Your tie to this entry"),
        max_length=300,
        required=False,
        validators=[refuse_unreadable],
    )


class ChoiceForm(forms.Form):
    """The champion that an expert would see win, and why."""

    entry = forms.ModelChoiceField(
        Entry.objects.none(),
        label=_("Winner"),
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={"required": _("Choose one of the champions.")},
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=REASON_LENGTH,
        validators=[refuse_unreadable],
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Read by the secretariat. At most 500 characters."),
    )

    def __init__(self, champions: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ModelChoiceField, self.fields["entry"]).queryset = champions
        self.fields["reason"].widget.attrs.pop("maxlength", None)


def score_field(criterion: Criterion) -> forms.IntegerField:
    """Points for a criterion. Staff's guidance is text: a hint is not escaped by its template."""
    guidance = gettext(criterion.guidance) if criterion.guidance else ""
    values = {
        "scale": criterion.scale,
        "weight": criterion.weight,
        "guidance": escape(guidance),
    }
    return forms.IntegerField(
        label=gettext(criterion.text),
        required=False,
        min_value=0,
        max_value=criterion.scale,
        help_text=_("%(guidance)s From 0 to %(scale)d; weight %(weight)d.") % values,
    )


NO_CRITERIA = _(
    "The contest has no criteria yet, so a review cannot be submitted. Save a draft; your comment "
    "is kept."
)


class ReviewForm(TwoTabsMixin, forms.Form):
    """The rubric: a score per criterion and a comment. A draft may lack scores."""

    comment = forms.CharField(
        label=_("Comment"),
        required=False,
        max_length=COMMENT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 6}),
        validators=[refuse_unreadable],
        help_text=_("Read by the panel and the secretariat. At most 4,000 characters."),
    )

    def __init__(
        self, review: Review, criteria: list[Criterion], *args: Any, **kwargs: Any
    ) -> None:
        given = (
            {s.criterion_id: s.value for s in review.scores.all()} if review.pk else {}
        )
        initial = {f"score_{key}": value for key, value in given.items()}
        kwargs["initial"] = initial | {"comment": review.comment}
        self.base_fields = self._rubric(criteria)  # type: ignore[misc]  # of this form alone
        self.instance = self.review = review
        self.criteria = criteria
        super().__init__(*args, **kwargs)

    def _rubric(self, criteria: list[Criterion]) -> dict[str, forms.Field]:
        """The scores come before the comment; the guard has to know them from the beginning."""
        plain = copy.deepcopy(type(self).base_fields)
        plain["comment"].widget.attrs.pop("maxlength", None)
        scores = {
            f"score_{criterion.pk}": score_field(criterion) for criterion in criteria
        }
        return {**scores, **plain}

    def require_scores(self) -> None:
        """Submitting needs every score, and something to score."""
        if not self.criteria:
            self.add_error(None, NO_CRITERIA)
        for criterion in self.criteria:
            name = f"score_{criterion.pk}"
            if self.cleaned_data.get(name) is None and name not in self.errors:
                self.add_error(name, _("Enter a score, or abstain."))

    def save(self, state: str) -> Review:
        """Keep review and scores; call inside a transaction."""
        review = self.review
        review.state, review.comment = state, self.cleaned_data["comment"]
        review.save()
        for criterion in self.criteria:
            value = self.cleaned_data.get(f"score_{criterion.pk}")
            if value is None:
                Score.objects.filter(review=review, criterion=criterion).delete()
            else:
                Score.objects.update_or_create(
                    review=review, criterion=criterion, defaults={"value": value}
                )
        return review
