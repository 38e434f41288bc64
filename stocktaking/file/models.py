"""Images and documents of a project: the stored files, and how a project shows them."""

import hashlib
import secrets
from collections.abc import Iterable
from typing import Any, NamedTuple, Self

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from common.files.images import SMALL_SIDE
from common.files.picture_size import Picture, picture
from common.files.scanner import NoVerdictError, virus_in
from common.mail import outbox
from common.moves.actors import AnyUser
from stocktaking.base.workflow import Status
from stocktaking.former_owner.models import OwnersOwn, coedited_by, readable_by

MAX_FILES = 10  # files of one project
TITLE, ALT = 150, 250  # characters


def attachment_path(attachment: "Attachment", filename: str) -> str:
    """A name of our own; the uploader's file name is not stored."""
    token = secrets.token_hex(16)
    return f"attachments/{token[:2]}/{token[2:]}.{filename.rpartition('.')[2]}"


class Scan(models.TextChoices):
    UNSCANNED = "unscanned", _("accepted without a virus check")
    CLEAN = "clean", _("no virus found")
    HELD = "held", _("awaiting the virus check")
    INFECTED = "infected", _("virus found, file deleted")


SERVED = (Scan.UNSCANNED, Scan.CLEAN)


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    def served(self) -> Self:
        """Files that may be served: a held file is given to nobody, staff included."""
        return self.filter(scan__in=SERVED)

    def visible_to(self, user: AnyUser) -> Self:
        """Files that a published project shows or once showed; one's own; all for the
        secretariat."""
        public = Q(project__status=Status.PUBLISHED, public_since__isnull=False)
        if not user.is_authenticated:
            return self.filter(public)
        if user.is_secretariat:
            return self
        coedited = coedited_by(user, self.model._default_manager.all(), "project__")
        own = Q(project__owner=user) | Q(pk__in=coedited.values("pk"))
        return self.filter(public | (own & readable_by(user)))

    def due(self) -> Self:
        """Files that clamd has not scanned yet; those not tried for longest come first."""
        waiting = self.filter(scan__in=(Scan.HELD, Scan.UNSCANNED))
        return waiting.order_by(models.F("asked_at").asc(nulls_first=True), "pk")

    def make_public(self, ids: Iterable[int]) -> None:
        """Mark these files as published: from now on they are kept."""
        if pks := list(ids):
            self.filter(pk__in=pks, public_since=None).update(public_since=Now())

    def discard(self, ids: Iterable[int]) -> None:
        """Delete those that were never public, with their files; the others are kept."""
        for attachment in self.filter(pk__in=list(ids), public_since=None):
            attachment.delete()
            transaction.on_commit(attachment.drop_files)


class Attachment(OwnersOwn):
    """A stored file; never changed. Title, description and order are part of the project
    (`Project.attachments`), so that each version has its own."""

    class Kind(models.TextChoices):
        IMAGE = "image", _("Image")
        DOCUMENT = "document", _("PDF document")

    project = models.ForeignKey(
        "stocktaking.Project",
        models.CASCADE,
        related_name="files",
        verbose_name=_("project"),
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    file = models.FileField(_("file"), upload_to=attachment_path)
    size = models.PositiveIntegerField(_("size in bytes"))
    sha256 = models.CharField(_("SHA-256 of the content"), max_length=64)
    scan = models.CharField(_("virus check"), max_length=10, choices=Scan.choices)
    virus = models.CharField(_("virus found"), max_length=200, blank=True)
    asked_at = models.DateTimeField(_("scanner last asked at"), null=True, blank=True)
    public_since = models.DateTimeField(_("public since"), null=True, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("by"),
    )
    at = models.DateTimeField(_("at"), auto_now_add=True)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("image or document")
        verbose_name_plural = _("images and documents")
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(scan__in=Scan.values), name="attachment_scan_known"
            ),
        ]
        indexes = [
            models.Index(fields=["-at", "-id"], name="attachment_order"),
            models.Index(
                fields=["id"],
                name="attachment_due",
                condition=Q(scan__in=["held", "unscanned"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project_id}: {self.get_kind_display()} {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("stocktaking:project-file", args=[self.project_id, self.pk])

    @property
    def is_image(self) -> bool:
        return self.kind == self.Kind.IMAGE

    @property
    def picture(self) -> Picture:
        return picture(str(self.file.name), self.get_absolute_url())

    @property
    def is_served(self) -> bool:
        return self.scan in SERVED

    @property
    def download_name(self) -> str:
        return f"WSIS-{self.project_id:06d}-{self.pk}.pdf"

    def as_item(self, title: str, alt: str) -> dict[str, Any]:
        """How a project shows it: one item of `Project.attachments`."""
        return {
            "id": self.pk,
            "kind": str(self.kind),
            "title": title,
            "alt": alt,
            "size": self.size,
            "sha256": self.sha256,
        }

    def drop_files(self) -> None:
        storage, path = self.file.storage, str(self.file.name)
        for stored in (path, small_of(path)):
            storage.delete(stored)

    @classmethod
    def keep(
        cls, project: Any, kind: str, content: bytes, clean: bool, by: Any
    ) -> "Attachment":
        """Store a checked and re-encoded file. `clean`: the scanner approved it; when a scanner
        is set and did not answer, the file is held."""
        waits = Scan.HELD if settings.CLAMD_URL else Scan.UNSCANNED
        made = cls(
            project_id=project.pk,
            kind=kind,
            size=len(content),
            by=by,
            sha256=hashlib.sha256(content).hexdigest(),
            scan=Scan.CLEAN if clean else waits,
        )
        name = "image.webp" if made.is_image else "document.pdf"
        made.file.save(name, ContentFile(content), save=False)
        made.save()
        return made

    def scan_again(self) -> None:
        """Scan the stored file and record the result; an infected one is deleted and the person
        who added it is told. Raises NoVerdictError."""
        row = Attachment.objects.filter(pk=self.pk)
        row.update(asked_at=Now())
        try:
            with self.file.storage.open(str(self.file.name)) as file:
                virus = virus_in(file)
        except FileNotFoundError as error:
            raise NoVerdictError from error
        result = Scan.INFECTED if virus else Scan.CLEAN
        with transaction.atomic():
            row.update(scan=result, virus=virus)
            if virus:
                self._tell(virus)
                transaction.on_commit(self.drop_files)

    def _tell(self, virus: str) -> None:
        if self.by:
            titles = [
                item["title"]
                for item in self.project.attachments
                if item["id"] == self.pk
            ]
            told = {
                "project": self.project,
                "virus": virus,
                "title": next(iter(titles), ""),
            }
            outbox.send("stocktaking/file_infected", self.by, told)


class Shown(NamedTuple):
    """A file of a project with its title and description there."""

    attachment: Attachment
    title: str
    alt: str


def files_of(project: Any) -> list[Shown]:
    """The files of a project, or of a version in memory, in its order; `attachment.is_served`
    says whether each may be served. No query for a project without files."""
    if not project.attachments:
        return []
    ids = [item["id"] for item in project.attachments]
    attachments = Attachment.objects.filter(project=project.pk).in_bulk(ids)
    return [
        Shown(attachments[item["id"]], item["title"], item["alt"])
        for item in project.attachments
        if item["id"] in attachments
    ]


def small_of(path: str) -> str:
    """The path of the small copy of an image."""
    return f"{path.rpartition('.')[0]}-{SMALL_SIDE}.webp"


def described(items: list[dict[str, Any]]) -> str:
    """The files of a version in words, one per line, for comparing two versions."""
    kinds = dict(Attachment.Kind.choices)
    return "\n".join(
        f"{number}. {' – '.join(filter(None, (item['title'], item['alt'])))}"
        f" ({kinds[item['kind']]}, {filesizeformat(item['size'])})"
        for number, item in enumerate(items, start=1)
    )
