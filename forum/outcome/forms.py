"""The forms of what is written about a session, and the check of an uploaded document."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.files.pdf import check_pdf
from common.files.scanner import require_scanned
from common.forms.two_tabs import TwoTabsMixin
from common.forms.values import with_code
from forum.base.forms import PlainForm
from forum.outcome.calls import asked_of
from forum.outcome.models import Minutes, OutcomeReport, SessionText
from forum.people.models import Person
from forum.session.models import Session

MAX_PDF_BYTES = 20 * 1024**2
COUNTED = (
    ("on_site", "on_site_women", "on_site_men"),
    ("remote", "remote_women", "remote_men"),
)


class AskedForm(PlainForm):
    """Without the fields that the edition does not ask for; those stay as they are stored."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.required_fields = self.ask()

    def ask(self) -> set[str]:
        """Take the other fields out; returns the names of those that must be filled in."""
        return set()


class SessionTextForm(TwoTabsMixin, AskedForm):
    """Several people write one text; it saves itself, and what is valid is kept."""

    instance: Any  # a text about a session, of whichever kind

    @classmethod
    def begun(cls, session: Session) -> dict[str, Any]:
        """The initial values of a text that nobody has written yet."""
        return {}

    def keep(self, user: Any) -> SessionText:
        """Store each field that is valid, as a version by this person."""
        text = self.instance
        text.by, text.updated_by = text.by or user, user
        text.save()
        self._save_m2m()  # type: ignore[attr-defined]  # of a ModelForm; skips what is not valid
        text.keep_version(user)
        return text

    def require_complete(self) -> None:
        """Add an error to each field that must be filled in and is empty."""
        for name in self.fields:
            if name in self.required_fields and name not in self.errors:
                value = self.cleaned_data.get(name)
                is_empty = value in (None, "") or (
                    hasattr(value, "exists") and not value.exists()
                )
                if is_empty:
                    self.add_error(name, gettext("This field is required."))


class OutcomeForm(SessionTextForm):
    """Organizers of one session and the secretariat write the same report."""

    class Meta:
        model = OutcomeReport
        fields = ("language", *OutcomeReport.WRITTEN, "by_machine")
        widgets = {
            "action_lines": forms.CheckboxSelectMultiple,
            "sdgs": forms.CheckboxSelectMultiple,
            "attended": forms.CheckboxSelectMultiple,
        }

    @classmethod
    def begun(cls, session: Session) -> dict[str, Any]:
        """Lines and Goals of the session: its organizers take away what was not discussed."""
        return {
            "action_lines": list(session.action_lines.all()),
            "sdgs": list(session.sdgs.all()),
        }

    def ask(self) -> set[str]:
        asked, required = asked_of(self.instance.session.edition)
        for name in OutcomeReport.WRITTEN:
            if name not in asked:
                del self.fields[name]
        for name in ("action_lines", "sdgs"):
            if name in self.fields:
                self.fields[name].label_from_instance = with_code  # type: ignore[attr-defined]  # a choice of terms
        if "attended" in self.fields:
            self._offer_people()
        for name in self.fields.keys() - required - {"language", "by_machine"}:
            field = self.fields[name]
            field.label = gettext("%(label)s (optional)") % {"label": field.label}
        return required

    def _offer_people(self) -> None:
        """The people of the session, and those who were ticked before they left it."""
        of_session = Q(participations__session=self.instance.session_id)
        if self.instance.pk:
            chosen = self.instance.attended.values("pk")
            of_session |= Q(pk__in=chosen)
        offered: Any = self.fields["attended"]
        offered.queryset = Person.objects.filter(of_session).by_name().distinct()
        if not offered.queryset.exists():
            del self.fields["attended"]

    def clean(self) -> dict[str, Any]:
        """Women and men are not more than all; else none of the three numbers is kept."""
        data = super().clean()
        for whole, *parts in COUNTED:
            total = data.get(whole)
            if total is not None and sum(data.get(one) or 0 for one in parts) > total:
                sentence = gettext("Women and men together are more than %(total)d.")
                self.add_error(whole, sentence % {"total": total})
                for one in parts:
                    data.pop(one, None)
        return data


class MinutesForm(SessionTextForm):
    class Meta:
        model = Minutes
        fields = ("language", "text", "by_machine")
        widgets = {"text": forms.Textarea(attrs={"rows": 24})}
        help_texts = {"text": _("Who said what, or a transcript of the session.")}


def clean_pdf(file: UploadedFile) -> Any:
    """Check an uploaded document by its content. Raises ValidationError with a sentence."""
    check_pdf(file, MAX_PDF_BYTES)
    require_scanned(file)
    file.seek(0)
    file.name = "document.pdf"
    return file
