"""Documents of an edition, and what is written about its sessions: outcome reports and minutes."""

import hashlib
from datetime import timedelta
from typing import Any, ClassVar, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.role.roles import OWNER, is_own
from accounts.user.models import User
from common.moves.actors import AnyUser
from common.moves.models import StatusChange
from common.moves.workflow import CONCERNED, NotYourMove
from common.text.words import WordLimit
from forum.base.workflow import STAFF
from forum.edition.models import Edition
from forum.feed import DOCUMENTS
from forum.people.models import Participation, Person, Role
from forum.session.models import Session


class DocumentQuerySet(models.QuerySet["Document"]):
    def visible_to(self, user: AnyUser) -> Self:
        """Published documents; for the secretariat also unpublished ones."""
        if getattr(user, "is_secretariat", False):
            return self
        return self.filter(is_public=True)

    def for_list(self) -> Self:
        return self.select_related("edition", "session").order_by(
            "-edition__last_year", "kind", "title", "pk"
        )


class TextQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: AnyUser) -> Self:
        """Published texts; those of one's own sessions; all for the secretariat."""
        if getattr(user, "is_secretariat", False):
            return self
        public = Q(published_at__isnull=False)
        if not user.is_authenticated:
            return self.filter(public)
        return self.filter(public | Q(session__in=written_by(user)))

    def published(self) -> Self:
        return self.filter(published_at__isnull=False)

    def handed_in(self) -> Self:
        return self.filter(handed_in_at__isnull=False)


def written_by(user: User) -> models.QuerySet[Session]:
    """The sessions whose report and minutes a person writes: organizers and rapporteurs."""
    sessions = Session.objects
    reporting = Participation.objects.filter(person__user=user, role=Role.RAPPORTEUR)
    return sessions.filter(
        sessions.all().organized_by(user) | Q(pk__in=reporting.values("session"))
    )


def may_write(session: Session, user: AnyUser) -> bool:
    """Organizers and rapporteurs of the session, and the secretariat."""
    if session.roles_of(user) & {OWNER, *STAFF}:
        return True
    return user.is_authenticated and written_by(user).filter(pk=session.pk).exists()


OUTCOME_WORDS = 800
MOST_PEOPLE = 100_000  # in one session


def long_text(label: Any) -> models.TextField:
    return models.TextField(
        label, blank=True, max_length=12_000, validators=[WordLimit(OUTCOME_WORDS)]
    )


def file_path(document: "Document", filename: str) -> str:
    """A name of our own; the uploader's file name is never used on disk."""
    digest = hashlib.sha256(
        f"{filename}:{timezone.now().isoformat()}".encode()
    ).hexdigest()
    return f"forum/{digest[:2]}/{digest[2:24]}.{filename.rpartition('.')[2]}"


class Document(models.Model):
    class Kind(models.TextChoices):
        OUTCOME = "outcome", _("Outcome document")
        SUMMARY = "summary", _("Chair’s summary")
        AGENDA = "agenda", _("Agenda and brochure")
        STATEMENTS = "statements", _("Policy statements")
        MATRIX = "matrix", _("WSIS–SDG matrix of the sessions")
        FACILITATORS = (
            "facilitators",
            _("Summaries of the High-Level Track Facilitators"),
        )
        PRESENTATION = "presentation", _("Presentation")
        OTHER = "other", _("Other document")

    edition = models.ForeignKey(
        Edition, models.PROTECT, related_name="documents", verbose_name=_("edition")
    )
    session = models.ForeignKey(
        Session,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="documents",
        verbose_name=_("session"),
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    title = models.CharField(_("title"), max_length=300)
    language = models.CharField(
        _("language"), max_length=8, choices=settings.LANGUAGES, default="en"
    )
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    link = models.URLField(_("address"), max_length=500, blank=True)
    file = models.FileField(_("file"), upload_to=file_path, blank=True)
    size = models.PositiveIntegerField(_("size in bytes"), default=0, editable=False)
    is_public = models.BooleanField(_("public"), default=True)
    source = models.TextField(_("source"), blank=True, max_length=2000)
    source_note = models.TextField(
        _("what is inferred or unconfirmed"), blank=True, max_length=2000
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed at"), auto_now=True)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ["-edition__last_year", "kind", "title", "pk"]
        constraints = [
            DOCUMENTS,
            models.UniqueConstraint(
                fields=["edition", "kind", "title", "language", "version"],
                name="document_version_once",
                violation_error_message=_(
                    "This version is already listed: increase the number."
                ),
            ),
            models.CheckConstraint(
                condition=~models.Q(link="", file=""),
                name="document_leads_somewhere",
                violation_error_message=_(
                    "Enter the address of the document or upload a file."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Our own address of the file, else the external one."""
        return reverse("forum:document", args=[self.pk]) if self.file else self.link

    def clean(self) -> None:
        if (
            self.session
            and self.edition_id
            and self.session.edition_id != self.edition_id
        ):
            raise ValidationError(
                {"session": _("This session belongs to another edition.")}
            )


class SessionText(models.Model):
    """A text about one session, which its organizers, its rapporteurs and the secretariat write
    together. Every text that another one replaces is kept as a `SessionTextVersion`."""

    WRITTEN: ClassVar[tuple[str, ...]]  # what a version keeps, besides `language`
    KEPT_APART: ClassVar[timedelta] = timedelta(minutes=10)

    language = models.CharField(
        _("language of the text"),
        max_length=8,
        choices=settings.LANGUAGES,
        default="en",
    )
    by_machine = models.BooleanField(
        _("Parts of this text were written by a machine"),
        default=False,
        help_text=_(
            "Such as a summary by artificial intelligence or automatic captions. This is printed "
            "wherever the text is."
        ),
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("written by"),
    )
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("changed by"),
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed at"), auto_now=True)
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)

    objects = TextQuerySet.as_manager()

    session: Any

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return str(self.session)

    def log(self, move: str, source: str, target: str, by: User | None) -> None:
        StatusChange.objects.create(
            record_kind=self._meta.label_lower,
            record_id=self.pk,
            move=move,
            source=source,
            target=target,
            by=by,
        )

    def publish(self, by: User | None) -> None:
        """Publish the text, once; the log says who did it. Raises MoveRefused for organizers
        of the session."""
        if self.published_at:
            return
        if is_own(self.session, by):
            raise NotYourMove(CONCERNED)
        self.published_at = timezone.now()
        self.save(update_fields=["published_at"])
        self.log("publish", "draft", "published", by)

    def written(self) -> dict[str, Any]:
        """What a version keeps; of terms their codes, of people their names."""
        return {"language": self.language, "by_machine": self.by_machine} | {
            name: self._kept(name) for name in self.WRITTEN
        }

    def _kept(self, name: str) -> Any:
        value = getattr(self, name)
        if not self._meta.get_field(name).many_to_many:
            return value
        return sorted(str(getattr(one, "code", one)) for one in value.all())

    def keep_version(self, by: User) -> None:
        """Store what is written now as the newest version.

        One person who goes on writing within ten minutes changes the version that they began.
        """
        content = self.written()
        newest = self.versions.order_by("-number").first()
        if newest and newest.content == content:
            return
        since = timezone.now() - self.KEPT_APART
        if newest and newest.by_id == by.pk and newest.began_at > since:
            newest.content, newest.at = content, timezone.now()
            newest.save(update_fields=["content", "at"])
            return
        self.versions.create(
            number=newest.number + 1 if newest else 1, content=content, by=by
        )

    @property
    def versions(self) -> Any:
        raise NotImplementedError


def count_of(label: Any) -> models.PositiveIntegerField:
    return models.PositiveIntegerField(
        label, null=True, blank=True, validators=[MaxValueValidator(MOST_PEOPLE)]
    )


def not_more_than(whole: str, *parts: str) -> Q:
    """The known parts of a number are not more than the number itself."""
    total: Any = Value(0)
    for part in parts:
        total = total + Coalesce(F(part), 0)
    return Q(**{whole: None}) | Q(**{f"{whole}__gte": total})


class OutcomeReport(SessionText):
    """The organizers' report on their session; outcome documents are compiled from these."""

    WRITTEN = (
        "summary",
        "outcomes",
        "challenges",
        "outlook",
        "action_lines",
        "sdgs",
        "attended",
        "on_site",
        "on_site_women",
        "on_site_men",
        "remote",
        "remote_women",
        "remote_men",
    )

    session = models.OneToOneField(
        Session, models.PROTECT, related_name="outcome", verbose_name=_("session")
    )
    summary = long_text(_("key points of the discussion"))
    outcomes = long_text(_("outcomes and commitments"))
    challenges = long_text(_("challenges"))
    outlook = long_text(_("vision for the action lines and the way ahead"))
    action_lines = models.ManyToManyField(
        "reference.ActionLine",
        blank=True,
        related_name="+",
        verbose_name=_("action lines that were discussed"),
        limit_choices_to={"number__isnull": False},
    )
    sdgs = models.ManyToManyField(
        "reference.SDG",
        blank=True,
        related_name="+",
        verbose_name=_("Goals that were discussed"),
    )
    attended = models.ManyToManyField(
        Person,
        blank=True,
        related_name="+",
        verbose_name=_("people of the programme who took part"),
    )
    on_site = count_of(_("people in the room"))
    on_site_women = count_of(_("of these women"))
    on_site_men = count_of(_("of these men"))
    remote = count_of(_("people who took part remotely"))
    remote_women = count_of(_("of these women"))
    remote_men = count_of(_("of these men"))
    source = models.TextField(_("source"), blank=True, max_length=2000)
    handed_in_at = models.DateTimeField(_("submitted at"), null=True, blank=True)

    class Meta:
        verbose_name = _("outcome report")
        verbose_name_plural = _("outcome reports")
        ordering = ["-updated_at", "-pk"]
        indexes = [models.Index(fields=["-updated_at", "-id"], name="outcome_order")]
        constraints = [
            models.CheckConstraint(
                condition=not_more_than("on_site", "on_site_women", "on_site_men"),
                name="outcome_people_on_site_add_up",
                violation_error_message=_(
                    "Women and men are more than all people in the room."
                ),
            ),
            models.CheckConstraint(
                condition=not_more_than("remote", "remote_women", "remote_men"),
                name="outcome_people_remote_add_up",
                violation_error_message=_(
                    "Women and men are more than all people who took part remotely."
                ),
            ),
        ]

    def get_absolute_url(self) -> str:
        return reverse("forum:outcome", args=[self.session_id])

    def hand_in(self, by: User) -> None:
        """Say that the report is complete, once; it can be changed until it is published."""
        if self.handed_in_at:
            return
        self.handed_in_at = timezone.now()
        self.save(update_fields=["handed_in_at"])
        self.log("hand_in", "draft", "handed_in", by)

    def publish(self, by: User | None) -> None:
        """What is published counts as handed in."""
        super().publish(by)
        if not self.handed_in_at:
            self.handed_in_at = self.published_at
            self.save(update_fields=["handed_in_at"])

    @property
    def versions(self) -> Any:
        return self.report_versions


class Minutes(SessionText):
    """Who said what in a session, or its transcript; never the authoritative record."""

    WRITTEN = ("text",)

    session = models.OneToOneField(
        Session, models.PROTECT, related_name="minutes", verbose_name=_("session")
    )
    text = models.TextField(_("minutes"), blank=True, max_length=200_000)

    class Meta:
        verbose_name = _("minutes")
        verbose_name_plural = _("minutes of sessions")
        ordering = ["-updated_at", "-pk"]
        indexes = [models.Index(fields=["-updated_at", "-id"], name="minutes_order")]

    def get_absolute_url(self) -> str:
        return reverse("forum:minutes", args=[self.session_id])

    @property
    def versions(self) -> Any:
        return self.minutes_versions


class SessionTextVersion(models.Model):
    """A report or minutes as somebody left them; what is written later is a version of its own."""

    report = models.ForeignKey(
        OutcomeReport,
        models.CASCADE,
        null=True,
        related_name="report_versions",
        verbose_name=_("outcome report"),
    )
    minutes = models.ForeignKey(
        Minutes,
        models.CASCADE,
        null=True,
        related_name="minutes_versions",
        verbose_name=_("minutes"),
    )
    number = models.PositiveIntegerField(_("number"))
    content = models.JSONField(_("text"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("written by"),
    )
    began_at = models.DateTimeField(_("begun at"), auto_now_add=True)
    at = models.DateTimeField(_("written at"), default=timezone.now)

    class Meta:
        verbose_name = _("version of a text")
        verbose_name_plural = _("versions of texts")
        ordering = ["-number", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(report=None, minutes__isnull=False)
                | Q(report__isnull=False, minutes=None),
                name="session_text_version_of_one_text",
            ),
            models.UniqueConstraint(
                fields=["report", "minutes", "number"],
                nulls_distinct=False,
                name="session_text_version_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report or self.minutes}: {self.number}"
