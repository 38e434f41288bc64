"""Drafts: a new project, or a new version of a published one, written in the same steps."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.user.models import User
from common.moves.actors import AnyUser
from stocktaking.base.workflow import EDITABLE
from stocktaking.file.forms import STEP as FILES_STEP
from stocktaking.file.forms import AttachmentsForm
from stocktaking.project.content import set_terms
from stocktaking.project.forms import STEPS, Step
from stocktaking.project.models import Project
from stocktaking.revision.models import Revision
from stocktaking.revision.workflow import EDITABLE_REVISIONS
from stocktaking.submission.forms import ProjectForm

MISSING = _("Fill in this field before you submit.")
KINDS = {"project": Project, "revision": Revision}


@dataclass(frozen=True)
class StepState:
    """One line of the task list."""

    step: Step
    url: str
    state: str  # "done", "begun", "todo" or "optional"
    missing: list[str]


@dataclass(frozen=True)
class Draft:
    """A record that people write in step by step; `kind` is "project" or "revision"."""

    kind: str
    record: Any

    @classmethod
    def find(
        cls, user: AnyUser, kind: str, pk: int, lock: bool = False
    ) -> "Draft | None":
        """The draft that this person may edit, or could until it was submitted."""
        rows: Any = KINDS[kind].objects.written_by(user)  # type: ignore[attr-defined]  # both have it
        if lock:
            rows = rows.select_for_update(of=("self",))
        record = rows.filter(pk=pk).first()
        return cls(kind, record) if record else None

    @cached_property
    def project(self) -> Project:
        """The project as the form shows it; of a revision in memory only."""
        if isinstance(self.record, Revision):
            return self.record.draft()
        return self.record

    @property
    def is_open(self) -> bool:
        states: Any = EDITABLE_REVISIONS if self.kind == "revision" else EDITABLE
        return self.record.status in states

    def url(self, name: str, *args: Any) -> str:
        return reverse(f"stocktaking:{self.kind}-{name}", args=[self.record.pk, *args])

    @property
    def list_url(self) -> str:
        return self.url("edit")

    @property
    def check_url(self) -> str:
        return (
            self.record.get_absolute_url()
            if self.kind == "revision"
            else self.url("check")
        )

    def step_url(self, step: Step) -> str:
        return self.url("step", step.slug)

    def form(
        self,
        step: Step,
        data: Mapping[str, Any] | None = None,
        files: Mapping[str, Any] | None = None,
    ) -> ProjectForm:
        return ProjectForm(data, files, instance=self.project, step=step)

    def files_form(
        self,
        step: Step,
        data: Mapping[str, Any] | None = None,
        files: Mapping[str, Any] | None = None,
        by: User | None = None,
    ) -> AttachmentsForm | None:
        """The form of the images and documents, on the step that has one; `by` adds files."""
        if step.slug != FILES_STEP:
            return None
        return AttachmentsForm(data, files, project=self.project, by=by)

    def keep(self, form: ProjectForm) -> None:
        """Store every valid field. Nothing typed is lost: the rest comes back with the page."""
        project = form.valid_project()
        if isinstance(self.record, Revision):
            for name, terms in form.valid_lists().items():
                set_terms(project, name, terms)
            self.record.keep(project)
            return
        project.save()
        for name, terms in form.valid_lists().items():
            getattr(project, name).set(terms)

    def steps(self) -> list[StepState]:
        missing = self.project.missing()
        return [self._state(step, missing) for step in STEPS]

    def _state(self, step: Step, missing: list[str]) -> StepState:
        lacking = [name for name in step.fields if name in missing]
        filled = [name for name in step.fields if self._filled(name)]
        state = "done" if filled else "optional"
        if lacking:
            state = "begun" if set(filled) - {"language"} else "todo"
        return StepState(step, self.step_url(step), state, lacking)

    def _filled(self, name: str) -> bool:
        value = getattr(self.project, name)
        if name == "image":  # or any other file
            return bool(value or self.project.attachments)
        return value.exists() if hasattr(value, "exists") else bool(value)

    def lacking(self) -> dict[str, list[str]]:
        """Required fields that are empty: field → sentence, in the order of the form."""
        missing = [] if self.project.source else self.project.missing()
        return in_order({name: [str(MISSING)] for name in missing})

    def problems(self) -> dict[str, list[str]]:
        """All reasons for which a submission would be refused: field → sentences, in the form's
        order."""
        try:
            self.project.require_complete()
        except ValidationError as error:
            return in_order(error.message_dict)
        return {}


def in_order(problems: dict[str, list[str]]) -> dict[str, list[str]]:
    order = [name for step in STEPS for name in step.fields]
    return {
        name: problems[name]
        for name in [*order, *(problems.keys() - set(order))]
        if name in problems
    }


def step_named(slug: str) -> Step | None:
    return next((step for step in STEPS if step.slug == slug), None)


def step_of(field: str) -> Step:
    """The step of a field; the first one for what belongs to no field."""
    return next((step for step in STEPS if field in step.fields), STEPS[0])


def step_after(step: Step) -> Step | None:
    later = STEPS[STEPS.index(step) + 1 :]
    return later[0] if later else None
