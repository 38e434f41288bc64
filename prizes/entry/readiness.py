"""What an entry has to be before it is submitted: complete, of a project that is submitted too, and
the only one of its organization in the category."""

from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from prizes.entry.workflow import Status
from stocktaking.base.workflow import EDITABLE, WAITING
from stocktaking.base.workflow import Status as ProjectStatus

# What an entry takes from its project when it is begun, and again when it is first submitted.
FROM_PROJECT = (
    "title",
    "language",
    "organization",
    "organization_name",
    "country",
    "stakeholder_type",
)
# A project in one of these may be entered; its entry is submitted once the project is.
SUBMITTED_PROJECT = (*WAITING, ProjectStatus.APPROVED, ProjectStatus.PUBLISHED)
MAY_ENTER = (*EDITABLE, *SUBMITTED_PROJECT)

ONE_IS_ALLOWED = _(
    "Your organization already has an entry in this category: one is allowed."
)
PROJECT_FIRST = _(
    "Submit the project to the Stocktaking database first; then submit this entry."
)
PROJECT_GONE = _(
    "The project is no longer in the Stocktaking database and cannot enter."
)
SIMILAR = _(
    "An organization with a similar name already has an entry in this category, and one is "
    "allowed. If yours is another organization, select the box."
)


class Readiness:
    """Methods of `Entry`."""

    def require_ready(self: Any) -> None:
        """Raises MoveRefused after the deadline, ValidationError for what is missing."""
        self.require_open()
        self.read_project()
        errors: dict[str, list[Any]] = {}
        if problem := self.words_problem():
            errors["description"] = [problem]
        if self.unanswered():
            errors["answers"] = [_("Answer the eligibility questions first.")]
        if problem := self.project_problem():
            errors["project"] = [problem]
        if errors:
            raise ValidationError(errors)
        self.submitted_to_constraints()
        self.require_distinct()

    def read_project(self: Any) -> None:
        """Take over what the project says by now, before the first submission: afterwards staff
        may have corrected it. An organization that the entrant chose from the list stays."""
        if self.project is None or self.submitted_at is not None:
            return
        chosen, theirs = self.organization, self.project.organization
        for name in FROM_PROJECT:
            setattr(self, name, getattr(self.project, name))
        if chosen and chosen.confirmed_at and not (theirs and theirs.confirmed_at):
            self.organization = chosen
        self.save(update_fields=FROM_PROJECT)

    def project_problem(self: Any) -> Any:
        """A sentence when its project cannot take part, or not yet."""
        if self.project is None:
            return None
        if type(self).objects.has_won(self.project):
            return _("This project has already won a WSIS Prize and cannot enter.")
        if self.project.status in EDITABLE:
            return PROJECT_FIRST
        if self.project.status not in SUBMITTED_PROJECT:
            return PROJECT_GONE
        return None

    def unanswered(self: Any) -> list[Any]:
        """Eligibility questions without a yes: all when they were added after the draft was
        begun, none where the contest has none."""
        answered = {row["question"] for row in self.answers if row["answer"]}
        return [q for q in self.contest.questions.all() if q.wording not in answered]

    def answer(self: Any, questions: list[Any]) -> None:
        """Store a yes to each of these questions, with the original wording of the question."""
        self.answers = [
            *self.answers,
            *({"question": q.wording, "answer": True} for q in questions),
        ]

    def submitted_to_constraints(self: Any) -> None:
        """Check the constraints that will hold once the entry is submitted."""
        entry = type(self).objects.get(pk=self.pk)
        setattr(entry, "status", Status.SUBMITTED)  # noqa: B010  (a question, never saved)
        try:
            entry.validate_constraints()
        except ValidationError as error:
            raise ValidationError(
                {"category": error.message_dict[NON_FIELD_ERRORS]}
            ) from error

    def require_distinct(self: Any) -> None:
        """Raises ValidationError when another entry of the category is of an organization with a
        similar name, and the entrant has not said that it is another one."""
        if self.is_distinct or not self.exclusive:
            return
        if type(self).objects.of_like_organization(self).exists():
            raise ValidationError({"is_distinct": [SIMILAR]})

    def words_problem(self: Any) -> str | None:
        """A sentence when the description has too few or too many words."""
        contest = self.contest
        if contest.words_min <= self.word_count <= contest.words_max:
            return None
        sentence = ngettext(
            "Enter %(least)d to %(most)d words; you have %(count)d.",
            "Enter %(least)d to %(most)d words; you have %(count)d.",
            self.word_count,
        )
        return sentence % {
            "least": contest.words_min,
            "most": contest.words_max,
            "count": self.word_count,
        }
