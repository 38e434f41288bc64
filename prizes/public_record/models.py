"""The record of a vote beside the votes: the frame as a chain, the roll of accounts, and roots.

Triggers (frame.sql) write the frame and the roots. A root holds the ends of all chains at one
moment; published each hour, it makes every later change of the chains visible, with the hour.
"""

import datetime
from typing import Self

from django.conf import settings
from django.db import models, transaction
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Now, TruncHour
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from common.mail import outbox
from common.mail.addresses import AddressField
from prizes.contest.models import Contest, Phase
from prizes.entry.models import Entry

FRAME = "frame"  # the name of its chain among those of the votes, which have numbers
HELD = "held"  # the log of held votes; a root holds its last hash, not how long it is


class FrameEventQuerySet(models.QuerySet["FrameEvent"]):
    def visible(self, contest: Contest) -> Self:
        """What everybody may read now: nominees when voting has begun; the count, from which small
        numbers could be guessed, with the champions."""
        rows = self.filter(contest=contest)
        if not contest.has_begun(Phase.Kind.VOTING):
            rows = rows.exclude(kind=FrameEvent.Kind.NOMINEE)
        if not Contest.objects.filter(pk=contest.pk, champions_at__lte=Now()).exists():
            rows = rows.exclude(kind=FrameEvent.Kind.COUNT)
        return rows


class FrameEvent(models.Model):
    """One change of what decides the result beside the votes. Never updated, never deleted.

    `content` is JSON as it was hashed, "" when the thing is gone; `record` is its primary key.
    """

    class Kind(models.TextChoices):
        RULES = "rules", _("rules")
        CATEGORY = "category", _("category")
        PHASE = "phase", _("phase")
        EXTENSION = "extension", _("extension")
        NOMINEE = "nominee", _("nominee")
        VOID = "void", _("void of a vote")
        ROLL = "roll", _("roll of accounts")
        COUNT = "count", _("count")

    # a contest that was made by mistake can be deleted; what the chain said of it stays
    contest = models.ForeignKey(
        Contest,
        models.DO_NOTHING,
        related_name="frame_events",
        verbose_name=_("contest"),
        db_index=False,
        db_constraint=False,
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    record = models.BigIntegerField(_("record"))
    content = models.TextField(_("content"), blank=True, max_length=2000)
    # written by the trigger
    number = models.PositiveIntegerField(_("number"), db_default=0)
    at = models.DateTimeField(_("at"), db_default=Now())
    previous = models.CharField(
        _("hash of the event before"), max_length=64, db_default=""
    )
    hash = models.CharField(_("hash"), max_length=64, db_default="")

    objects = FrameEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("event of the frame")
        verbose_name_plural = _("events of the frame")
        ordering = ["contest", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["contest", "number"], name="frame_event_once"
            ),
        ]
        indexes = [
            models.Index(
                fields=["contest", "kind", "record", "-number"],
                name="frame_event_of_thing",
            )
        ]

    def __str__(self) -> str:
        return f"{FRAME}/{self.number} {self.kind}"


class Roll(models.Model):
    """Accounts that joined the roll of those who can vote. Each event of the frame of this kind
    has one: `numbers` are the accounts, as ranges ("1-40,42"), so that the hash in the event can
    be computed again when an account has been deleted since."""

    event = models.OneToOneField(
        FrameEvent, models.PROTECT, related_name="roll", verbose_name=_("event")
    )
    numbers = models.TextField(_("accounts"), blank=True)
    through = models.BigIntegerField(_("last account"))

    class Meta:
        verbose_name = _("part of the roll")
        verbose_name_plural = _("parts of the roll")
        ordering = ["event"]

    def __str__(self) -> str:
        return str(self.event)


class RootQuerySet(models.QuerySet["Root"]):
    def of_contest(self, contest: Contest) -> Self:
        """The newest first, without the ends of the chains."""
        return self.filter(contest=contest).defer("heads").order_by("-number")


class Root(models.Model):
    """The ends of all chains at one moment: "chain:events:hash;…", hashed with the root before it.
    Never updated, never deleted."""

    contest = models.ForeignKey(
        Contest,
        models.PROTECT,
        related_name="roots",
        verbose_name=_("contest"),
        db_index=False,
    )
    # written by the trigger
    number = models.PositiveIntegerField(_("number"), db_default=0)
    at = models.DateTimeField(_("at"), db_default=Now())
    events = models.PositiveIntegerField(_("events"), db_default=0)
    heads = models.TextField(_("ends of the chains"), db_default="")
    previous = models.CharField(
        _("hash of the root before"), max_length=64, db_default=""
    )
    hash = models.CharField(_("hash"), max_length=64, db_default="")

    objects = RootQuerySet.as_manager()

    class Meta:
        verbose_name = _("root")
        verbose_name_plural = _("roots")
        ordering = ["contest", "number"]
        constraints = [
            models.UniqueConstraint(fields=["contest", "number"], name="root_once"),
        ]
        indexes = [models.Index(fields=["-at", "-id"], name="root_order")]

    def __str__(self) -> str:
        return f"{self.contest_id}/{self.number}"

    def get_absolute_url(self) -> str:
        return reverse("prizes:root", args=[self.contest.slug, self.number])

    @property
    def line(self) -> str:
        """What is hashed, after the hash of the root before."""
        at = f"{self.at.astimezone(datetime.UTC):%Y-%m-%dT%H:%M:%S.%fZ}"
        return f"{self.contest_id}|{self.number}|{at}|{self.heads}"

    @property
    def ends(self) -> dict[str, tuple[int, str]]:
        """Chain → number of its events, hash of the last one. Of `HELD` the number is 0."""
        parts = (head.split(":") for head in self.heads.split(";") if head)
        return {chain: (int(number), end) for chain, number, end in parts}


class Witness(models.Model):
    """An address outside the portal that gets each root: what was mailed, nobody can change."""

    contest = models.ForeignKey(
        Contest,
        models.CASCADE,
        related_name="witnesses",
        verbose_name=_("contest"),
        db_index=False,
    )
    address = AddressField(
        _("e-mail address"),
        help_text=_(
            "It gets one e-mail an hour while people vote. Choose addresses outside the house."
        ),
    )

    class Meta:
        verbose_name = _("witness")
        verbose_name_plural = _("witnesses")
        ordering = ["contest", "address"]
        constraints = [
            models.UniqueConstraint(
                fields=["contest", "address"],
                name="witness_once",
                violation_error_message=_("This address is a witness already."),
            )
        ]

    def __str__(self) -> str:
        return self.address


def root_due() -> models.QuerySet[Contest]:
    """Contests held here whose root of this hour is missing: each hour while people vote, at
    other times when the frame or the votes have changed."""
    last = Root.objects.filter(contest=OuterRef("pk"))
    this_hour = last.filter(at__gte=TruncHour(Now()))
    voting = Phase.objects.filter(contest=OuterRef("pk"), kind=Phase.Kind.VOTING)
    held_here = Entry.objects.filter(contest=OuterRef("pk"), source="")
    ends = models.Func(F("pk"), function="prize_heads", output_field=models.TextField())
    return (
        Contest.objects.filter(Exists(voting.open()) | Exists(held_here))
        .exclude(Exists(this_hour))
        .annotate(ends=ends, known=last.order_by("-number").values("heads")[:1])
        .filter(Exists(voting.open()) | Q(known=None) | ~Q(ends=F("known")))
        .order_by("pk")
    )


@transaction.atomic
@transaction.atomic
def publish_root(contest: Contest) -> Root:
    """Write a root of this moment, and send it to the witnesses: both, or neither."""
    root = Root.objects.create(contest=contest)
    root.refresh_from_db()
    for witness in contest.witnesses.order_by("pk"):
        outbox.send_to_address(
            "prizes/root",
            witness.address,
            settings.LANGUAGE_CODE,
            {"root": root, "contest": contest},
        )
    return root
