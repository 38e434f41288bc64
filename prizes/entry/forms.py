"""Forms of an entry: eligibility, the text, and the note of a move."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.user.models import User
from common.forms.two_tabs import TwoTabsMixin
from common.forms.values import refuse_unreadable, with_code
from common.moves.workflow import NOTE_MAX_LENGTH
from common.templatetags.names import worded
from common.text.digits import whole_number
from prizes.base.remark import FOR_THE_FILE
from prizes.contest.models import Category, Contest
from prizes.contest.rules import Question
from prizes.entry.fields import ASKED
from prizes.entry.models import DESCRIPTION_LENGTH, Entry
from prizes.entry.readiness import FROM_PROJECT, MAY_ENTER
from stocktaking.base.workflow import Status as ProjectStatus
from stocktaking.organization.models import Organization
from stocktaking.project.models import Project
from stocktaking.submission.beginning import TooManyBegunError, begin

CHOICES = {"project", "new_title"}  # of which one is needed
OFFERED = 5  # organizations of the authority list
YES_NO = [("yes", _("Yes")), ("no", _("No"))]


def line_of(category: Any) -> str:
    """Code and name of a category, as people know it."""
    return with_code(category.action_line)


def title_and_status(project: Project) -> str:
    """A project among choices; one that is not published says so."""
    if project.status == ProjectStatus.PUBLISHED:
        return str(project)
    return f"{project} ({project.get_status_display()})"


def name_of(question: Question) -> str:
    return f"question_{question.pk}"


def question_field(question: Question, *, required: bool = True) -> forms.ChoiceField:
    """An eligibility question, answered with yes or no."""
    return forms.ChoiceField(
        label=worded(question, "text"),
        choices=YES_NO,
        widget=forms.RadioSelect,
        required=required,
    )


def refuse_every_no(form: forms.BaseForm, questions: list[Question]) -> None:
    """Tell people who answer no why the project cannot enter."""
    for question in questions:
        if form.cleaned_data.get(name_of(question)) == "no":
            form.add_error(name_of(question), worded(question, "refusal"))


class EnterForm(forms.Form):
    """The first form: which project, which category, and the eligibility questions."""

    project = forms.ModelChoiceField(
        label=_("Project"),
        queryset=Project.objects.none(),
        required=False,
        empty_label=_("Choose a project"),
        help_text=_(
            "Your projects in the Stocktaking database, and those that you edit with others: "
            "published, submitted, or still drafts."
        ),
    )
    new_title = forms.CharField(
        label=_("Or the title of a new project"),
        required=False,
        max_length=Project._meta.get_field("title").max_length,
        validators=[refuse_unreadable],
        help_text=_(
            "A draft of the project begins with this title. You can complete it in the "
            "Stocktaking database now or later, and then come back to your entry."
        ),
    )
    category = forms.ModelChoiceField(
        label=_("Category"),
        queryset=Category.objects.none(),
        empty_label=_("Choose a category"),
        help_text=_("A project takes part in one category only."),
    )

    def __init__(self, contest: Contest, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.contest, self.user = contest, user
        projects = Project.objects.written_by(user).filter(status__in=MAY_ENTER)
        project = self.fields["project"]
        project.queryset = projects  # type: ignore[attr-defined]  # a choice of records
        project.label_from_instance = title_and_status  # type: ignore[attr-defined]  # the same
        category = self.fields["category"]
        category.queryset = contest.categories.select_related("action_line")  # type: ignore[attr-defined]  # the same
        category.label_from_instance = line_of  # type: ignore[attr-defined]  # the same
        self.questions = list(contest.questions.all())
        for question in self.questions:
            self.fields[name_of(question)] = question_field(question)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        refuse_every_no(self, self.questions)
        project, new = data.get("project"), data.get("new_title")
        if project is None and not new and not self.errors.keys() & CHOICES:
            self.add_error(
                "project", _("Choose a project, or enter the title of a new one.")
            )
        if project and new:
            self.add_error(
                "new_title",
                _("Choose a project or enter the title of a new one, not both."),
            )
        if project and Entry.objects.has_won(project):
            self.add_error(
                "project",
                _("This project has already won a WSIS Prize and cannot enter."),
            )
        return data

    def save(self) -> Entry:
        """A new draft for this project; it belongs to the owner of the project."""
        project = self.cleaned_data["project"]
        entry = Entry(
            contest=self.contest,
            category=self.cleaned_data["category"],
            project=project,
            owner=project.owner or self.user,
            description=project.summary,
            exclusive=self.contest.one_per_organization,
            **{name: getattr(project, name) for name in FROM_PROJECT},
        )
        entry.answer(self.questions)
        entry.save()
        return entry

    def begin_project(self) -> bool:
        """Make the draft of a new project, if one was asked for. Returns False, with an error
        beside the title, when this person has begun too many today."""
        if not self.cleaned_data["new_title"]:
            return True
        try:
            project = begin(self.user, self.cleaned_data["new_title"])
        except TooManyBegunError as refused:
            self.add_error("new_title", str(refused))
            return False
        self.cleaned_data["project"] = project
        return True

    def take_up(self, draft: Entry) -> bool:
        """Continue an existing draft with the present category and answers. Returns whether the
        category changed; call it with the draft locked."""
        chosen = self.cleaned_data["category"]
        is_other = draft.category_id != chosen.pk
        draft.category = chosen
        new = {question.pk for question in draft.unanswered()}
        draft.answer([question for question in self.questions if question.pk in new])
        draft.save(update_fields=["category", "answers", "updated_at"])
        return is_other


class EntryForm(TwoTabsMixin, forms.ModelForm):
    """A draft may be too short or too long; submitting requires the contest's number of words.

    Eligibility questions that were added after the draft was begun are asked here.
    """

    class Meta:
        model = Entry
        fields = (
            "category",
            *(field.name for field in ASKED),
            "organization",
            "is_distinct",
        )
        widgets = {"description": forms.Textarea(attrs={"rows": 12})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        contest = self.instance.contest
        category, text = self.fields["category"], self.fields["description"]
        category.queryset = contest.categories.select_related("action_line")  # type: ignore[attr-defined]  # a choice of records
        category.label_from_instance = line_of  # type: ignore[attr-defined]  # the same
        category.empty_label = None  # type: ignore[attr-defined]  # the same
        category.required = True  # entries from public sources may have none
        text.max_length = DESCRIPTION_LENGTH  # type: ignore[attr-defined]  # a text
        for asked in ASKED:
            field = self.fields[asked.name]
            field.required = False
            field.help_text = asked.hint or ""
            field.widget.attrs.pop("maxlength", None)
            field.validators = [*field.validators, refuse_unreadable]
        text.words_at_most = contest.words_max  # type: ignore[attr-defined]  # counted while one types
        text.help_text = _(
            "%(least)d to %(most)d words, in English. Voters read this text."
        ) % {"least": contest.words_min, "most": contest.words_max}

        self.questions = self.instance.unanswered()
        for question in self.questions:
            self.fields[name_of(question)] = question_field(question, required=False)
        self.rivals = self._rivals()
        if not self.rivals:
            del self.fields["is_distinct"]
        self._offer_organizations()

    def _rivals(self) -> list[Entry]:
        """Entries of the chosen category that may be of the same organization."""
        entry = Entry(
            pk=self.instance.pk,
            category_id=self.instance.category_id,
            **{
                name: getattr(self.instance, name)
                for name in ("organization", "organization_name", "country")
            },
        )
        chosen = whole_number(self.data.get(self.add_prefix("category"), ""))
        if chosen is not None:
            entry.category_id = chosen
        if not self.instance.exclusive or not entry.organization_name:
            return []
        alike = Entry.objects.of_like_organization(entry).select_related("contest")
        return list(alike.defer("words")[:OFFERED])

    def _offer_organizations(self) -> None:
        """Confirmed names of the authority list that are like the one that was typed; nothing
        where the organization is one of them already."""
        field: Any = self.fields["organization"]
        listed, name = self.instance.organization, self.instance.organization_name
        field.queryset = Organization.objects.none()
        if name and not (listed and listed.confirmed_at):
            rows = Organization.objects.like_name(name, self.instance.country_id)
            field.queryset = Organization.objects.filter(
                pk__in=[row.pk for row in rows[:OFFERED]]
            ).offered()
        if not field.queryset:
            del self.fields["organization"]
            return
        field.required = False
        field.label = _("Is your organization one of these?")
        field.empty_label = _("None of these")
        field.help_text = _(
            "Organizations of the Stocktaking database with a similar name."
        )
        if listed and not listed.confirmed_at:
            self.initial["organization"] = None

    def clean_organization(self) -> Organization | None:
        """Without a choice, the name that was typed stays as it was."""
        chosen: Organization | None = self.cleaned_data["organization"]
        return chosen or self.instance.organization

    def _guarded(self) -> list[forms.BoundField]:
        return [self[name] for name in self.Meta.fields if name in self.fields]

    @property
    def text_fields(self) -> list[forms.BoundField]:
        return [self[field.name] for field in ASKED]

    @property
    def question_fields(self) -> list[forms.BoundField]:
        return [self[name_of(question)] for question in self.questions]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        refuse_every_no(self, self.questions)
        return data

    def keep(self) -> None:
        """Store each field that is valid, while others are not yet."""
        self._answer()
        self.instance.save()

    def save(self, commit: bool = True) -> Entry:
        """Store the positive answers with the draft."""
        self._answer()
        entry: Entry = super().save(commit)
        return entry

    def _answer(self) -> None:
        yes = [q for q in self.questions if self.cleaned_data.get(name_of(q)) == "yes"]
        self.instance.answer(yes)

    def take(self, refused: ValidationError) -> None:
        """Show the errors of a move beside their fields."""
        sentences_of = dict(refused.message_dict)
        if self.questions:
            for sentence in sentences_of.pop("answers", ()):
                self.add_error(name_of(self.questions[0]), sentence)
        for name, sentences in sentences_of.items():
            place = name if name in self.fields else None
            for sentence in sentences:
                self.add_error(place, sentence)


class NoteForm(forms.Form):
    """The texts of a move; the move table says when a reason is needed."""

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
    is for the file: if only one text is given, it is that one, whichever field it was in."""
    if move not in FOR_THE_FILE:
        return for_entrant, for_file
    return (for_file, for_entrant) if for_file.strip() else (for_entrant, "")
