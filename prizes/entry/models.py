"""Entries: projects that compete in a category of a contest."""

import secrets
from collections import Counter
from collections.abc import Iterable
from typing import Any, ClassVar, Self

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models, transaction
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.role.roles import roles_towards
from accounts.user.models import User
from common.mail import outbox
from common.mail.models import OutgoingMail
from common.moves.actors import AnyUser
from common.moves.models import Moved, StatusChange
from common.moves.workflow import MoveRefused, NoteMissing, require_length, status_check
from common.records.hashing import content_hash
from common.records.models import Change
from common.search.fields import Words
from common.text.collation import Trimmed
from common.text.words import count_words
from prizes.base.remark import FOR_THE_FILE, Remark
from prizes.contest.models import Category, Contest, Phase
from prizes.entry.amendment import DISQUALIFIED, Amendment
from prizes.entry.feed import ENTRIES, RESULTS
from prizes.entry.fields import PUBLIC_FIELDS, SEARCHED
from prizes.entry.querysets import EntryQuerySet
from prizes.entry.readiness import ONE_IS_ALLOWED, Readiness
from prizes.entry.workflow import (
    CHAIR,
    COEDITOR,
    ON_BALLOT,
    OUT,
    PRIZE_WORKFLOW,
    UNDO_ALLOWED,
    Status,
)
from stocktaking.base.workflow import Status as ProjectStatus

DESCRIPTION_LENGTH = 4000  # characters
MADE_HERE = models.Q(source="")
TAKING_PART = MADE_HERE & ~models.Q(status__in=OUT)
IN_HAND = (Status.DRAFT, Status.RETURNED)
NEEDS_REASON = _("Enter a reason for the file: the panel and the secretariat read it.")
CODE_BYTES = 9  # twelve characters in an address


def new_code() -> str:
    return secrets.token_urlsafe(CODE_BYTES)


class Entry(Readiness, Moved):
    """An entry made here refers to its project; one from a public source says so in `source`."""

    contest = models.ForeignKey(
        Contest, models.PROTECT, related_name="entries", verbose_name=_("contest")
    )
    category = models.ForeignKey(
        Category,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="entries",
        verbose_name=_("category"),
    )
    project = models.ForeignKey(
        "stocktaking.Project",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="prize_entries",
        verbose_name=_("project"),
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="prize_entries",
        verbose_name=_("owner"),
    )
    title = models.CharField(_("title"), max_length=250, blank=True)
    language = models.CharField(
        _("language of the text"),
        max_length=8,
        choices=settings.LANGUAGES,
        default="en",
    )
    organization = models.ForeignKey(
        "stocktaking.Organization",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="prize_entries",
        verbose_name=_("organization"),
    )
    organization_name = models.CharField(_("organization"), max_length=250, blank=True)
    country = models.ForeignKey(
        "reference.Country",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="prize_entries",
        verbose_name=_("country"),
    )
    stakeholder_type = models.ForeignKey(
        "reference.StakeholderType",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="prize_entries",
        verbose_name=_("stakeholder type"),
    )
    description = models.TextField(
        _("short description"), blank=True, max_length=DESCRIPTION_LENGTH
    )
    answers = models.JSONField(_("answers on eligibility"), default=list, blank=True)
    exclusive = models.BooleanField(
        _("one per organization and category"), default=True, editable=False
    )
    is_distinct = models.BooleanField(
        _("My organization is another one than those with a similar name"),
        default=False,
        help_text=_("The secretariat compares the entries after submission closes."),
    )
    word_count = models.PositiveIntegerField(
        _("words of the description"), default=0, editable=False
    )
    WORKFLOW = PRIZE_WORKFLOW
    status = models.CharField(
        _("status"),
        max_length=13,
        choices=Status.choices,
        default=Status.DRAFT,
        editable=False,
    )
    announced = models.CharField(
        _("outcome announced"),
        max_length=13,
        blank=True,
        editable=False,
        help_text=_("What the change log and the e-mails have already announced."),
    )
    code = models.CharField(
        _("code of the certificate"),
        max_length=16,
        unique=True,
        default=new_code,
        editable=False,
    )
    source = models.TextField(_("source"), blank=True, max_length=2000)
    source_note = models.TextField(
        _("inferred or unconfirmed"), blank=True, max_length=2000
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed at"), auto_now=True)
    submitted_at = models.DateTimeField(
        _("submitted at"), null=True, blank=True, editable=False
    )
    winner_at = models.DateTimeField(
        _("chosen at"), null=True, blank=True, editable=False
    )
    words = models.GeneratedField(
        expression=Words(*SEARCHED),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    # What names are compared by: without accents, case and punctuation.
    title_key = models.GeneratedField(
        expression=Trimmed("title"), output_field=models.TextField(), db_persist=True
    )
    organization_key = models.GeneratedField(
        expression=Trimmed("organization_name"),
        output_field=models.TextField(),
        db_persist=True,
    )

    objects = EntryQuerySet.as_manager()

    # Two entries of one category may be found to be of one organization: both took part.
    GIVES_UP: ClassVar[dict[str, Any]] = {"exclusive": False}

    bar: str | None = (
        None  # why the voter for whom for_votes() asked cannot vote for it, or ""
    )
    translation: Any = None  # text of its project in the reader's language
    own = False  # whether it is the reader's own, where a page of the ballot lists it

    class Meta:
        verbose_name = _("prize entry")
        verbose_name_plural = _("prize entries")
        ordering = ["-created_at", "-pk"]
        constraints = [
            ENTRIES,
            RESULTS,
            status_check(Status.values, "entry_status"),
            models.CheckConstraint(
                condition=~MADE_HERE
                | models.Q(category__isnull=False, project__isnull=False),
                name="entry_has_category_and_project",
            ),
            models.UniqueConstraint(
                fields=["contest", "project"],
                condition=TAKING_PART,
                name="entry_project_once",
                violation_error_message=_(
                    "This project already takes part in this contest."
                ),
            ),
            models.UniqueConstraint(
                fields=["category", "organization"],
                name="entry_organization_once",
                condition=TAKING_PART
                & ~models.Q(status=Status.DRAFT)
                & models.Q(exclusive=True),
                violation_error_message=ONE_IS_ALLOWED,
            ),
            models.UniqueConstraint(
                "category",
                Trimmed("organization_name"),
                Coalesce("country", models.Value(""), output_field=models.CharField()),
                name="entry_organization_name_once",
                condition=TAKING_PART
                & ~models.Q(status=Status.DRAFT)
                & models.Q(exclusive=True, organization=None)
                & ~models.Q(organization_name=""),
                violation_error_message=ONE_IS_ALLOWED,
            ),
            models.UniqueConstraint(
                fields=["category"],
                condition=MADE_HERE & models.Q(status=Status.WINNER),
                name="entry_one_winner",
                violation_error_message=_("This category already has a winner."),
            ),
            models.UniqueConstraint(
                fields=["contest", "category", "title", "organization_name"],
                condition=~MADE_HERE,
                nulls_distinct=False,
                name="entry_imported_once",
            ),
        ]
        indexes = [
            GinIndex(fields=["words"], name="entry_words"),
            models.Index(
                fields=["contest", "category", "status"], name="entry_of_category"
            ),
            models.Index(fields=["contest", "title_key"], name="entry_of_title"),
            models.Index(fields=["owner", "-updated_at"], name="entry_of_owner"),
            models.Index(fields=["-created_at", "-id"], name="entry_order"),
        ]

    def __str__(self) -> str:
        return self.title or gettext("(project title not given in source)")

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.word_count = count_words(self.description)
        if "description" in (kwargs.get("update_fields") or ()):
            kwargs["update_fields"] = {*kwargs["update_fields"], "word_count"}
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("prizes:nominee", args=[self.contest.slug, self.pk])

    @property
    def is_public(self) -> bool:
        """Whether the change log has announced it."""
        return self.announced not in ("", Status.NOT_NOMINATED)

    def standing(self) -> str:
        """The status as the amendments leave it, public or not."""
        given = self.amendments.confirmed().exclude(kind=Amendment.Kind.RECOGNITION)
        latest = given.last()
        return str(latest.kind if latest else self.status)

    @staticmethod
    def record_changes(
        entries: Iterable["Entry"], kind: str, by: User | None = None
    ) -> None:
        """One row of the change log per entry; call inside the transaction that changed them."""
        entries = list(entries)
        ids = [str(entry.pk) for entry in entries]
        seen = Counter(
            Change.objects.filter(
                record_kind="prizes.entry", record_id__in=ids
            ).values_list("record_id", flat=True)
        )
        Change.objects.bulk_create(
            Change(
                kind=kind,
                record_kind="prizes.entry",
                record_id=str(entry.pk),
                version=seen[str(entry.pk)] + 1,
                content_hash=content_hash(entry.public_content()),
            )
            for entry in entries
        )

    # --- people ---

    def roles_of(self, user: AnyUser) -> set[str]:
        """The roles of a person towards this entry, without the chair's in case of a conflict of
        interest."""
        if not user.is_authenticated:
            return super().roles_of(user)
        owns = self.owner_id == user.pk
        concerned = user.is_secretariat and self._concerns(user)
        roles = roles_towards(user, owns=owns, concerned=concerned)
        if not owns and self.is_written_by(user):
            roles.add(COEDITOR)
        return roles | ({CHAIR} if self._is_chair(user) else set())

    def is_written_by(self, user: User) -> bool:
        """Whether this person may write its text: the owner, and co-editors of the project."""
        writers = Entry.objects.written_by(user).order_by()
        return self.owner_id == user.pk or writers.filter(pk=self.pk).exists()

    def _concerns(self, user: User) -> bool:
        """Whether it is this officer's own, or competes with an entry that concerns them."""
        rivals = Entry.objects.filter(pk=self.pk)
        if self.status in (Status.CHAMPION, Status.WINNER):
            champions = (Status.CHAMPION, Status.WINNER)
            rivals |= Entry.objects.filter(
                category=self.category_id, status__in=champions
            )
        return rivals.concerning(user).exists()

    def _is_chair(self, user: User) -> bool:
        here = Entry.objects.filter(
            pk=self.pk,
            category__panel__seats__expert=user,
            category__panel__seats__is_chair=True,
        )
        return here.without_conflict(user).exists()

    @transaction.atomic
    def move(self, name: str, user: AnyUser, note: str = "", remark: str = "") -> Self:
        """Make one move of the table, with a second text for people who do not read its reason
        (`Remark`). Raises common.moves.workflow.MoveRefused or ValidationError."""
        require_length(remark)
        try:
            moved = super().move(name, user, note)
        except NoteMissing as missing:
            raise (
                NoteMissing(NEEDS_REASON) if name in FOR_THE_FILE else missing
            ) from missing
        if remark.strip():
            change = moved.history().latest("at", "pk")
            Remark.objects.create(change=change, text=remark.strip())
        return moved

    def history(self) -> models.QuerySet[StatusChange]:
        return super().history().select_related("prize_remark")

    # --- what follows from the moves ---

    def tell_owner(self, change: StatusChange) -> None:
        """Write to the owner, unless the owner made the move; a confirmation of a submission goes
        to the owner and to the co-editor who has submitted. No e-mail where a letter says that
        the entry is not eligible."""
        if self.contest.told_by_letter and change.target == Status.REFUSED:
            return
        people = {self.owner} - {change.by}
        if change.target == Status.SUBMITTED:
            people = {self.owner, change.by}
        undoable = change.source == Status.SUBMITTED
        for person in people:
            if person is not None:
                outbox.send(
                    f"prizes/{change.target}",
                    person,
                    {"entry": self, "change": change},
                    cause=change if undoable else None,
                )

    def take_back_decision(self, change: StatusChange) -> None:
        """Keep back the mail about the decision, if it has not left yet."""
        OutgoingMail.objects.withdraw(self.move_before(change))

    def tell_of_removal(self, change: StatusChange) -> None:
        """Write to the owner; a background task writes to the people who voted for it."""
        self.tell_owner(change)
        self.note_removal()

    def note_removal(self) -> None:
        """During the vote, record that its voters have to be notified."""
        if self.contest.has_begun(Phase.Kind.VOTING):
            self.removals.create()

    # --- what the moves ask ---

    def require_open(self) -> None:
        """Drafts can change while submission is open, returned entries until the experts are
        done."""
        kinds = [Phase.Kind.SUBMISSION]
        if self.status == Status.RETURNED:
            kinds.append(Phase.Kind.NOMINATION)
        if not self.contest.phases.filter(kind__in=kinds).open().exists():
            raise MoveRefused(_("Submission is closed: no more changes are possible."))

    def require_unsealed(self) -> None:
        if self.contest.sealed and not self.contest.has_ended(Phase.Kind.SUBMISSION):
            raise MoveRefused(_("Entries cannot be read until submission closes."))

    def require_published(self) -> None:
        """Experts and voters read the project too, so it has to be public by then."""
        self.require_unsealed()
        if self.project and self.project.status != ProjectStatus.PUBLISHED:
            raise MoveRefused(_("The project of this entry is not published."))

    def require_just_screened(self) -> None:
        """Raises MoveRefused unless the last move was a recent decision on the submission, and the
        entry is as it was then."""
        last = self.history().first()
        if (
            last is None
            or last.source != Status.SUBMITTED
            or last.at < timezone.now() - UNDO_ALLOWED
        ):
            raise MoveRefused(_("This can no longer be undone."))
        if self.updated_at > last.at:
            raise MoveRefused(_("The entry was changed since."))

    def require_unreviewed(self) -> None:
        """Raises MoveRefused once experts have it, or people vote."""
        self.require_before_voting()
        rows: Any = self
        if rows.assignments.exists() or rows.reviews.exists():
            raise MoveRefused(_("Experts have this entry already."))

    def require_before_voting(self) -> None:
        if self.contest.has_begun(Phase.Kind.VOTING):
            raise MoveRefused(_("Voting has begun: the list of nominees is final."))

    def require_place(self) -> None:
        """Lock the category while its nominees are counted, so that its limit holds for
        simultaneous moves."""
        self.require_before_voting()
        self.lock_category()
        taken = Entry.objects.filter(
            category=self.category_id, status__in=ON_BALLOT
        ).count()
        if taken >= self.contest.nominee_cap:
            sentence = _("The category is full: it can have %(cap)d nominees.")
            raise MoveRefused(sentence % {"cap": self.contest.nominee_cap})

    def lock_category(self) -> None:
        """Lock the category until the end of the transaction."""
        list(Category.objects.select_for_update().filter(entries=self))

    def require_no_results(self) -> None:
        if self.contest.counted_at:
            raise MoveRefused(_("The votes have been counted: the results are final."))

    def require_no_winner(self) -> None:
        self.lock_category()
        if Entry.objects.filter(
            category=self.category_id, status=Status.WINNER
        ).exists():
            raise MoveRefused(_("This category already has a winner."))

    def require_decision(self) -> None:
        if self.standing() == DISQUALIFIED:
            raise MoveRefused(Amendment.NEEDS[DISQUALIFIED][1])
        self.require_no_winner()
        self.require_chosen()

    def require_chosen(self) -> None:
        """Raises MoveRefused unless the panel has chosen this entry, or nobody on it may choose."""
        panel: Any = getattr(self.category, "panel", None)
        entitled = panel.entitled() if panel else set()
        if entitled and panel.chosen(entitled) != self.pk:
            raise MoveRefused(_("The panel has not decided for this entry."))

    def require_embargo(self) -> None:
        winners_at = self.contest.winners_at
        if winners_at and winners_at <= timezone.now():
            raise MoveRefused(_("The winners are public: the choice is final."))

    def public_content(self) -> dict[str, Any]:
        """What the public may read of this entry, as plain values: hashed for the change log."""
        return {name: getattr(self, name) for name in PUBLIC_FIELDS}
