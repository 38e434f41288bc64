"""Projects, which the Stocktaking database holds."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Self

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.role.roles import roles_towards
from accounts.user.models import User
from common.files.picture_size import Picture, picture
from common.mail import outbox
from common.mail.models import OutgoingMail
from common.moves.actors import AnyUser
from common.moves.models import Moved, StatusChange
from common.moves.workflow import MoveRefused, status_check
from common.records.models import Change, PublicRecord
from stocktaking.base.workflow import MAIL_WAITS, Status, require_just_decided
from stocktaking.file.models import Attachment
from stocktaking.organization.models import Organization
from stocktaking.project.content import public_texts
from stocktaking.project.description import Description
from stocktaking.project.feed import PROJECTS
from stocktaking.project.fields import LISTS, PUBLIC_FIELDS, REQUIRED
from stocktaking.project.period import PERIOD_CONSTRAINTS, YEAR_VALIDATORS
from stocktaking.project.querysets import ProjectQuerySet
from stocktaking.project.workflow import PROJECT_WORKFLOW


class Project(Moved, PublicRecord, Description):
    """An activity on the action lines: project, programme, training, publication …

    What people say of it is in `Description`, what belongs to the record is here. A project that
    came from a public source says so in `source`, and what was inferred in `source_note`.
    """

    # Written by the database with the first save, and by nothing afterwards.
    number = models.CharField(
        _("number"),
        max_length=24,
        unique=True,
        editable=False,
        db_default=models.Value(""),
    )
    WORKFLOW = PROJECT_WORKFLOW
    status = models.CharField(
        _("status"),
        max_length=10,
        choices=Status.choices,
        default=Status.DRAFT,
        editable=False,
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("owner"),
        related_name="projects",
    )
    successor = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="predecessors",
        verbose_name=_("merged into"),
    )
    year = models.PositiveSmallIntegerField(
        _("year of the project"),
        validators=YEAR_VALIDATORS,
        default=0,
        editable=False,
        help_text=_(
            "The year in which the project was added to the database, as far as known."
        ),
    )
    external_id = models.CharField(
        _("external identifier"), max_length=60, null=True, blank=True, unique=True
    )
    prize_editions = models.CharField(
        _("WSIS Prizes"),
        max_length=200,
        blank=True,
        help_text=_("Editions and outcomes, as “2015:nominated;2016:winner”."),
    )
    source = models.TextField(_("source"), blank=True, max_length=2000)
    source_note = models.TextField(
        _("what is inferred or unconfirmed"), blank=True, max_length=2000
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed at"), auto_now=True)
    submitted_at = models.DateTimeField(
        _("submitted at"), null=True, blank=True, editable=False
    )
    published_at = models.DateTimeField(
        _("published at"), null=True, blank=True, editable=False
    )
    returned_at = models.DateTimeField(
        _("returned at"), null=True, blank=True, editable=False
    )
    refused_at = models.DateTimeField(
        _("rejected at"), null=True, blank=True, editable=False
    )
    archived_at = models.DateTimeField(
        _("archived at"), null=True, blank=True, editable=False
    )
    public_from = models.DateTimeField(
        _("public from"), null=True, blank=True, editable=False
    )
    reviewed_at = models.DateTimeField(
        _("reviewed at"), null=True, blank=True, editable=False
    )

    objects = ProjectQuerySet.as_manager()

    class Meta:
        verbose_name = _("project")
        verbose_name_plural = _("projects")
        ordering = ["-published_at", "-pk"]
        constraints = [
            PROJECTS,
            status_check(Status.values, "project_status"),
            *PERIOD_CONSTRAINTS,
            models.CheckConstraint(
                condition=~models.Q(status=Status.APPROVED, public_from=None),
                name="project_approved_for_a_date",
            ),
            models.CheckConstraint(
                condition=~models.Q(successor=models.F("pk")),
                name="project_not_own_successor",
            ),
            models.CheckConstraint(
                condition=models.Q(image="") | ~models.Q(image_alt=""),
                name="project_image_described",
                violation_error_message=_(
                    "Describe the image for people who cannot see it."
                ),
            ),
        ]
        indexes = [
            models.Index(
                fields=["-published_at", "-id"],
                name="project_newest",
                condition=models.Q(status=Status.PUBLISHED),
            ),
            models.Index(
                fields=["organization", "-published_at", "-id"],
                name="project_of_organization",
                condition=models.Q(status=Status.PUBLISHED),
            ),
            models.Index(fields=["status", "submitted_at", "id"], name="project_queue"),
            models.Index(fields=["owner", "-updated_at"], name="project_of_owner"),
            GinIndex(
                OpClass("title", name="gin_trgm_ops"),
                name="project_title_trigrams",
                fastupdate=False,
            ),
        ]

    def __str__(self) -> str:
        return self.title or gettext("Untitled draft")

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self.year:
            self.year = timezone.now().year
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("stocktaking:project", kwargs={"pk": self.pk})

    @property
    def image_url(self) -> str:
        """Where our own view serves the image: a new image has a new address."""
        name = str(self.image.name).rpartition("/")[2]
        return reverse("stocktaking:project-image", args=[self.pk, name])

    @property
    def picture(self) -> Picture:
        return picture(str(self.image.name), self.image_url)

    @property
    def is_public(self) -> bool:
        return self.status == Status.PUBLISHED

    def roles_of(self, user: AnyUser) -> set[str]:
        """The roles a person has towards this entry."""
        if not user.is_authenticated:
            return super().roles_of(user)
        owns = self.owner_id == user.pk
        writes = user.is_secretariat and self.is_written_by(user)
        return roles_towards(user, owns=owns, concerned=writes)

    def is_written_by(self, user: User) -> bool:
        """Whether this person writes in the entry, as its owner or as a co-editor."""
        return (
            self.owner_id == user.pk
            or Project.objects.written_by(user).filter(pk=self.pk).exists()
        )

    @transaction.atomic
    def approve(self, user: AnyUser, public_from: datetime, note: str = "") -> Self:
        """Approve what was submitted; it is public from that time. Raises MoveRefused."""
        rows = Project.objects.select_for_update().filter(
            pk=self.pk, status=Status.SUBMITTED
        )
        rows.update(public_from=public_from)
        return self.move("approve", user, note)

    def link_organization(self) -> None:
        """Point to the organization of the written name in its country; a new one waits for staff.
        Without a name there is none."""
        self.organization = None
        if self.organization_name.strip():
            self.organization = Organization.objects.get_or_create_named(
                self.organization_name,
                country_id=self.country_id,
                stakeholder_type_id=self.stakeholder_type_id,
                stated=self.organization_country_id,
            )
        self.save(update_fields=["organization"])

    def log_publication(self, change: StatusChange) -> None:
        self.reviewed_at = change.at
        # What was withdrawn and comes back is withdrawn no more.
        self.archived_at = None
        self.save(update_fields=["reviewed_at", "archived_at"])
        self.record_change(Change.Kind.PUBLISH, by=change.by)
        self.tell_owner(change)

    def unarchive(self, change: StatusChange) -> None:
        """As at its first import: nobody has reviewed it, nobody is told. The importer logs it."""
        self.archived_at = None
        self.save(update_fields=["archived_at"])

    def require_date(self) -> None:
        if self.public_from is None or self.public_from <= timezone.now():
            raise MoveRefused(_("Enter the time at which the project becomes public."))
        self.require_complete()

    def require_due(self) -> None:
        if self.public_from is None or self.public_from > timezone.now():
            raise MoveRefused(_("Its date has not yet come."))

    def keep_until_date(self, change: StatusChange) -> None:
        self.reviewed_at = change.at
        self.save(update_fields=["reviewed_at"])
        self.tell_owner(change)

    def log_release(self, change: StatusChange) -> None:
        """It was reviewed when it was approved."""
        self.record_change(Change.Kind.PUBLISH)
        self.tell_owner(change)

    def log_withdrawal(self, change: StatusChange) -> None:
        if change.source == Status.PUBLISHED:
            self.record_change(Change.Kind.DELETE, by=change.by)
        self.tell_owner(change)

    def tell_owner(self, change: StatusChange) -> None:
        """Write to the owner, unless the owner made the move; what can be undone is told later."""
        if self.owner and self.owner != change.by:
            wait = MAIL_WAITS if change.source == Status.SUBMITTED else None
            context = {"project": self, "change": change}
            outbox.send(
                f"stocktaking/{change.target}",
                self.owner,
                context,
                cause=change,
                wait=wait,
            )

    def require_undoable(self) -> None:
        require_just_decided(self)
        self.require_parted()

    def require_just_merged(self) -> None:
        """A public record that was merged comes back as long as nothing else happened to it."""
        last = self.history().first()
        if last is None or last.move != "merge" or last.source != Status.PUBLISHED:
            raise MoveRefused(_("This can no longer be undone."))
        self.require_parted()

    def require_parted(self) -> None:
        if self.successor_id:
            self.merges.latest("at").require_undoable()

    def require_successor(self) -> None:
        if self.successor_id is None:
            raise MoveRefused(_("Choose the record that stays."))

    def require_unmerged(self) -> None:
        if self.successor:
            raise MoveRefused(
                _("This project was merged into %(number)s.")
                % {"number": self.successor.number}
            )
        self.require_complete()

    def lead_to_successor(self, change: StatusChange) -> None:
        """The merged record is no longer public, and both owners are told."""
        if change.source == Status.PUBLISHED:
            into = str(self.successor_id)
            self.record_change(Change.Kind.MERGE, by=change.by, into=into)
        self.tell_both("stocktaking/merged", change, wait=MAIL_WAITS)

    def tell_both(
        self, template: str, change: StatusChange, wait: timedelta | None = None
    ) -> None:
        """Write to the owners of a merged record and of the one it was merged into."""
        context = {"project": self, "survivor": self.successor, "change": change}
        owners = {self.owner, self.successor.owner if self.successor else None}
        to_tell = [owner for owner in owners if owner and owner != change.by]
        for owner in sorted(to_tell, key=lambda user: user.pk):
            outbox.send(template, owner, context, cause=change, wait=wait)

    def part(self, change: StatusChange) -> None:
        """What the successor had taken over goes back; letters about the merge are kept back."""
        merge = self.move_before(change)
        OutgoingMail.objects.withdraw(merge)
        if merge.at < timezone.now() - MAIL_WAITS:  # the letters about it have left
            self.tell_both("stocktaking/parted", change)
        self.merges.latest("at").take_back(change)
        self.successor = self.archived_at = None
        self.save(update_fields=["successor", "archived_at"])
        if change.target == Status.PUBLISHED:
            self.record_change(Change.Kind.PUBLISH, by=change.by)

    def take_back_decision(self, change: StatusChange) -> None:
        """Keep back the mail about the decision; what became public is no longer."""
        if self.successor_id:
            self.part(change)
            return
        OutgoingMail.objects.withdraw(self.move_before(change))
        if change.source in (Status.PUBLISHED, Status.APPROVED):
            self.published_at = self.reviewed_at = self.public_from = None
            self.save(update_fields=["published_at", "reviewed_at", "public_from"])
        if change.source == Status.PUBLISHED:
            self.record_change(Change.Kind.DELETE, by=change.by)

    def receive(self, change: StatusChange) -> None:
        """Tie the entry to the authority list, and send its owner a copy of what was submitted."""
        self.link_organization()
        if self.owner:
            outbox.send(
                "stocktaking/submitted",
                self.owner,
                {"project": self, "change": change},
            )

    def missing(self) -> list[str]:
        """Names of the required fields that are empty, in the order of the form."""
        return [name for name in REQUIRED if not self._is_filled(name)]

    def _is_filled(self, name: str) -> bool:
        value = getattr(self, name)
        return bool(value.exists() if name in LISTS else value)

    def require_complete(self) -> None:
        """Raises ValidationError with a sentence per field that is missing or broken.

        Entries loaded from a public source (`source`) keep their gaps: nothing is invented.
        """
        if self.source:
            return
        errors = {
            name: [_("Fill in this field before you submit.")]
            for name in self.missing()
        }
        if errors:
            raise ValidationError(errors)
        self.full_clean()

    def public_content(self) -> dict[str, Any]:
        """What the public may read of this entry, as plain values: hashed, versioned, exported."""
        plain = {name: getattr(self, name) for name in PUBLIC_FIELDS}
        plain["image"] = self.image.name or ""
        if self.attachments:  # an entry without files keeps the hash it always had
            plain["attachments"] = self.attachments
        for name in LISTS:
            plain[name] = sorted(term.pk for term in getattr(self, name).all())
        plain["sdgs"].sort(key=int)  # as the goals are numbered
        return plain

    @classmethod
    def contents_of(cls, records: Sequence[Self]) -> list[dict[str, Any]]:
        texts = public_texts(records)
        return [one.public_content() | texts.get(one.pk, {}) for one in records]

    @classmethod
    def save_changed(cls, records: Sequence[Self]) -> None:
        now = timezone.now()
        for project in records:
            project.updated_at = now  # readers who go by time must not miss it
        cls.objects.bulk_update(records, ["version", "updated_at"])
        Attachment.objects.make_public(
            item["id"] for project in records for item in project.attachments
        )
