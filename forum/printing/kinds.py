"""What can be printed for many people at once. A noun above registers its kind here."""

from typing import Any, ClassVar

from django import forms

from forum.printing.models import PrintJob


class PrintKind:
    """One kind: whom it is printed for, and how.

    `options` has values that JSON can hold. `size` is how many records one document takes; the
    documents are joined.
    """

    name: ClassVar[str]
    title: ClassVar[Any]
    form: ClassVar[type[forms.Form]]
    size: ClassVar[int] = 100
    do_not_call_in_templates: ClassVar[bool] = True  # a template shows the class itself

    def __init__(self, job: PrintJob) -> None:
        self.job = job
        self.options: dict[str, Any] = job.options

    @classmethod
    def form_for(cls, job: PrintJob, *args: Any) -> forms.Form:
        """The form in which staff choose; `job` has the edition."""
        return cls.form(*args)

    def rows(self) -> list[Any]:
        raise NotImplementedError

    def document(self, rows: list[Any]) -> bytes:
        """A PDF of these records."""
        raise NotImplementedError

    def finish(self, rows: list[Any]) -> None:
        """Note what was printed; called once the file is stored."""


KINDS: dict[str, type[PrintKind]] = {}


def register(kind: type[PrintKind]) -> type[PrintKind]:
    KINDS[kind.name] = kind
    return kind
