"""The files of a project on the evidence step: titles, descriptions, order, and a new file."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from common.files.images import MAX_BYTES as MAX_IMAGE_BYTES
from common.files.images import clean_image
from common.files.kept import keep, kept
from common.files.pdf import MAX_BYTES as MAX_PDF_BYTES
from common.files.pdf import check_pdf, is_pdf
from common.files.scanner import require_clean
from common.forms.values import refuse_unreadable
from common.limits.throttle import allow
from stocktaking.file.models import ALT, MAX_FILES, TITLE, Attachment, Shown, files_of

STEP = "evidence"  # the step whose page has this form
FORMATS = ("JPEG", "PNG", "WEBP")
ACCEPT = "image/jpeg,image/png,image/webp,application/pdf"


@dataclass(frozen=True)
class Judged:
    """An uploaded file after the check, as it would be stored."""

    kind: str
    content: bytes
    clean: bool  # the virus scanner said so

    @property
    def is_image(self) -> bool:
        return self.kind == Attachment.Kind.IMAGE

    @property
    def size(self) -> int:
        return len(self.content)


class Row(NamedTuple):
    """A file of the project with its fields on the page."""

    file: Shown
    fields: list[forms.BoundField]


def judge(file: UploadedFile) -> Judged:
    """Check a file by its content. Raises ValidationError with a sentence."""
    if not file.size:
        raise ValidationError(_("The file is empty. Choose another one."), code="empty")
    if is_pdf(file):
        content = check_pdf(file)
        return Judged(Attachment.Kind.DOCUMENT, content, require_clean(file))
    picture = clean_image(file, FORMATS, others=("PDF",))
    return Judged(Attachment.Kind.IMAGE, picture.read(), require_clean(file))


def words(label: Any, limit: int, **options: Any) -> forms.CharField:
    field = forms.CharField(
        label=label,
        required=False,
        max_length=limit,
        validators=[refuse_unreadable],
        **options,
    )
    # the server reports what is too long; a browser would truncate it silently
    field.widget.attrs.pop("maxlength", None)
    return field


class AttachmentsForm(forms.Form):
    """`title_5`, `alt_5`, `place_5` and `remove_5` for each file of the project, and a new file."""

    file = forms.FileField(
        label=_("Add an image or a document"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
        help_text=format_lazy(
            _(
                "JPEG, PNG or WebP up to {image_limit} MB, or PDF up to {limit} MB. At most "
                "{count} files. Of a moving picture, the first frame is kept and shown."
            ),
            image_limit=MAX_IMAGE_BYTES // 1024**2,
            limit=MAX_PDF_BYTES // 1024**2,
            count=MAX_FILES,
        ),
    )
    file_title = words(
        _("Title of the new file"),
        TITLE,
        help_text=_("Enter a description for each image."),
    )
    file_alt = words(
        _("What the new image shows"),
        ALT,
        help_text=_("For people who cannot see the image. Required with an image."),
    )

    def __init__(
        self, data: Any = None, files: Any = None, *, project: Any, by: Any = None
    ) -> None:
        super().__init__(data, files)
        self.project, self.by = project, by
        self.kept_file = ""  # the name of a chosen file that waits for its words
        self.kept: Judged | None = None
        self.present = files_of(project)
        for number, one in enumerate(self.present, start=1):
            self._add_row(number, one)

    def _add_row(self, number: int, one: Shown) -> None:
        """Each field remembers what the page showed, so that only what its writer has changed
        overwrites what somebody else wrote meanwhile."""
        pk = one.attachment.pk
        places = [(n, str(n)) for n in range(1, len(self.present) + 1)]
        options: dict[str, Any] = {"show_hidden_initial": True}
        self.fields[f"title_{pk}"] = words(
            _("Title"), TITLE, initial=one.title, **options
        )
        if one.attachment.is_image:
            self.fields[f"alt_{pk}"] = words(
                _("What the image shows"), ALT, initial=one.alt, **options
            )
        if len(self.present) > 1:
            self.fields[f"place_{pk}"] = forms.TypedChoiceField(
                label=_("Position in the list"),
                choices=places,
                coerce=int,
                initial=number,
                required=False,
                **options,
            )
        self.fields[f"remove_{pk}"] = forms.BooleanField(
            label=_("Remove this file"), required=False
        )

    def rows(self) -> Iterator[Row]:
        for one in self.present:
            names = [
                f"{part}_{one.attachment.pk}"
                for part in ("title", "alt", "place", "remove")
            ]
            yield Row(one, [self[name] for name in names if name in self.fields])

    def new(self) -> list[forms.BoundField]:
        return [self[name] for name in ("file", "file_title", "file_alt")]

    @property
    def is_full(self) -> bool:
        return len(self.project.attachments) >= MAX_FILES

    # --- what is asked ---

    def clean_file(self) -> Judged | None:
        sent = self.cleaned_data["file"]
        if not sent:
            upload = kept(self.data.get("kept_file"))
            return Judged(**upload) if upload and "clean" in upload else None
        staying = [
            one
            for one in self.present
            if f"remove_{one.attachment.pk}" not in self.data
        ]
        if len(staying) >= MAX_FILES:
            raise ValidationError(
                _("A project can have at most ten files. Remove one first.")
            )
        limit, seconds = settings.LIMITS["upload"]
        if (
            self.by
            and not allow("upload", f"user-{self.by.pk}", limit, seconds).allowed
        ):
            raise ValidationError(
                _("You can add at most %(limit)d files per hour. Add this one later."),
                code="too_many",
                params={"limit": limit},
            )
        return judge(sent)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        judged = data.get("file")
        if judged and judged.kind == Attachment.Kind.IMAGE:
            self._require(
                "file_alt", _("Describe the image for people who cannot see it.")
            )
        elif judged:
            self._require("file_title", _("Enter a title for the document."))
        for one in self.present:
            pk = one.attachment.pk
            if one.attachment.is_image:
                self._require(
                    f"alt_{pk}", _("Describe the image for people who cannot see it.")
                )
            else:
                self._require(f"title_{pk}", _("Enter a title for the document."))
        if (
            judged and self.errors
        ):  # a browser forgets the file when the page comes back
            self.kept_file = keep(asdict(judged))
            self.kept = judged
        return data

    def _require(self, name: str, sentence: Any) -> None:
        if name in self.errors or self.cleaned_data.get(name):
            return
        if name not in self.changed_data and not name.startswith("file_"):
            return  # nobody touched it
        self.add_error(name, sentence)

    # --- keeping ---

    def write(self, by_itself: bool = False) -> None:
        """Put every valid answer into `project.attachments`, in memory.

        Files are added, removed and moved by a button only, and only when the whole page is valid.
        """
        self.is_valid()
        items = [dict(item) for item in self.project.attachments]
        for item in items:
            for part in ("title", "alt"):
                name = f"{part}_{item['id']}"
                if name in self.changed_data and name in self.cleaned_data:
                    item[part] = self.cleaned_data[name]
        if not by_itself and not self.errors:
            items = self._moved(items)
            gone = [
                i["id"] for i in items if self.cleaned_data.get(f"remove_{i['id']}")
            ]
            Attachment.objects.discard(gone)
            items = [item for item in items if item["id"] not in gone]
            items += self._added()
        self.project.attachments = items

    def _moved(self, items: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """The files in the chosen order; a moved file goes before the one that had its place."""

        def wish(numbered: tuple[int, dict[str, Any]]) -> float:
            number, item = numbered
            name = f"place_{item['id']}"
            place = self.cleaned_data.get(name) if name in self.changed_data else None
            if not place or place == number:
                return number
            return place - 0.5 if place < number else place + 0.5

        return [item for _number, item in sorted(enumerate(items, start=1), key=wish)]

    def _added(self) -> list[dict[str, Any]]:
        judged = self.cleaned_data["file"]
        if not judged:
            return []
        made = Attachment.keep(
            self.project, judged.kind, judged.content, judged.clean, self.by
        )
        alt = self.cleaned_data["file_alt"] if made.is_image else ""
        return [made.as_item(self.cleaned_data["file_title"], alt)]
