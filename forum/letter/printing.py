"""The certificates of an edition as one file."""

from django.utils import translation
from django.utils.translation import gettext_lazy as _

from forum.letter.drawing import pdf_of
from forum.letter.forms import CertificatePrintForm
from forum.letter.models import IssuedLetter, LetterTemplate, entitled
from forum.printing.kinds import PrintKind, register


@register
class CertificatePrint(PrintKind):
    name, title, form = "certificates", _("Certificates"), CertificatePrintForm
    size = 50

    def rows(self) -> list[IssuedLetter]:
        """Of all who may have one; none before the end of the edition or without a template."""
        kind = self.options["letter"]
        if not LetterTemplate.objects.filter(
            edition=self.job.edition, kind=kind
        ).exists():
            return []
        people = list(entitled(self.job.edition, kind))
        return IssuedLetter.objects.issue(people, kind)

    def document(self, rows: list[IssuedLetter]) -> bytes:
        with translation.override(self.options["language"]):
            template = LetterTemplate.objects.select_related("edition").get(
                edition=self.job.edition, kind=self.options["letter"]
            )
            return pdf_of(template, rows)
