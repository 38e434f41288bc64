"""Votes that are held: a voter whose votes fit a published rule is asked to confirm them.

The log (`HoldEvent`) is the truth: it only grows, each row carries the hash of the one before, and
its trigger (hold.sql) alone writes the state of each voter (`Hold`) and refuses a step that the
state does not allow. Nothing here names a person; docs/prizes.md says what is kept and how long.
"""

import datetime
import hashlib
from typing import NamedTuple, Self

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import OuterRef
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from common.mail.links import Linked, LinkedQuerySet
from prizes.contest.models import Contest, Phase
from prizes.hold.rules import Age, HoldRule

GENESIS = "0" * 64


REASON_LENGTH = 500


class SignalKey(models.Model):
    """The key of the hashes of networks and domains of a contest. It is deleted after the count:
    then nobody can find out any more whose network a hash meant."""

    contest = models.OneToOneField(
        Contest, models.CASCADE, related_name="signal_key", verbose_name=_("contest")
    )
    key = models.CharField(_("key"), max_length=64)
    swept_at = models.DateTimeField(
        _("votes checked last at"), null=True, blank=True, editable=False
    )

    class Meta:
        verbose_name = _("key of the signals")
        verbose_name_plural = _("keys of the signals")

    def __str__(self) -> str:
        return f"{self.contest_id}"

    @staticmethod
    def was_swept_after_close(contest: Contest) -> bool:
        """Whether every vote was judged by the rules; true of a contest that noted no signals."""
        voting = contest.phases.filter(kind=Phase.Kind.VOTING).first()
        if voting is None or not contest.hold_rules.exists():
            return True
        late = models.Q(swept_at=None) | models.Q(swept_at__lt=voting.closes_at)
        return not SignalKey.objects.filter(late, contest=contest).exists()


class SignalQuerySet(models.QuerySet["Signal"]):
    def no_longer_needed(self) -> Self:
        """Of contests that were counted, and of votes that ended three months ago."""
        old = models.Q(hour__lte=Now() - KEPT)
        return self.filter(old | models.Q(contest__counted_at__isnull=False))


KEPT = datetime.timedelta(days=90)


class Signal(models.Model):
    """Circumstances under which a voter voted in one hour: never for whom, never who it was.

    `network` and `domain` are keyed hashes of the address block (/24, IPv6 /48) and of the domain
    of the e-mail address ("" for public providers). The function `prize_ballot` writes these rows.
    """

    contest = models.ForeignKey(
        Contest,
        models.CASCADE,
        related_name="+",
        db_index=False,
        verbose_name=_("contest"),
    )
    voter = models.CharField(_("voter"), max_length=64)
    hour = models.DateTimeField(_("hour"))
    network = models.CharField(_("network"), max_length=16, blank=True)
    device = models.CharField(_("kind of device"), max_length=20, blank=True)
    domain = models.CharField(_("domain"), max_length=16, blank=True)
    age = models.PositiveSmallIntegerField(_("age of the account"), choices=Age.choices)
    votes = models.PositiveIntegerField(_("votes"), default=0)
    seconds = models.PositiveIntegerField(
        _("seconds"),
        default=0,
        help_text=_("From opening the pages to sending them, together."),
    )
    before_void = models.BooleanField(
        _("before a void"),
        db_default=False,
        help_text=_(
            "A vote of this voter was declared void afterwards: the rules no longer look at this."
        ),
    )

    objects = SignalQuerySet.as_manager()

    class Meta:
        verbose_name = _("signals of a voter")
        verbose_name_plural = _("signals of voters")
        ordering = ["contest", "-hour", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["contest", "voter", "hour", "network", "device", "domain"],
                condition=models.Q(before_void=False),
                name="signal_once",
            )
        ]
        indexes = [
            models.Index(fields=["contest", "-hour"], name="signal_order"),
            models.Index(
                fields=["contest", "voter"],
                name="signal_before_void",
                condition=models.Q(before_void=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contest_id}: {self.hour:%Y-%m-%d %H}"


class PatternQuerySet(models.QuerySet["Pattern"]):
    def with_held(self) -> Self:
        """Groups of voters who can still confirm."""
        return self.filter(
            models.Exists(Hold.objects.open().filter(pattern=OuterRef("pk")))
        )


class Pattern(models.Model):
    """A group of voters that fits a rule: what they share, as hashes."""

    contest = models.ForeignKey(
        Contest, models.PROTECT, related_name="patterns", verbose_name=_("contest")
    )
    rule = models.ForeignKey(
        HoldRule, models.PROTECT, related_name="patterns", verbose_name=_("rule")
    )
    shared = models.CharField(_("what they share"), max_length=100)
    found_at = models.DateTimeField(_("found at"), auto_now_add=True)

    objects = PatternQuerySet.as_manager()

    class Meta:
        verbose_name = _("pattern of votes")
        verbose_name_plural = _("patterns of votes")
        ordering = ["-found_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["rule", "shared"], name="pattern_once")
        ]
        indexes = [models.Index(fields=["-found_at", "-id"], name="pattern_order")]

    def __str__(self) -> str:
        return f"{self.rule} ({self.shared[:8]})"


class HoldQuerySet(LinkedQuerySet["Hold"]):
    def of_voter(self, contest: int, voter: str) -> Self:
        return self.filter(contest=contest, voter=voter).select_related("rule")

    def open(self) -> Self:
        """Votes that their voters can still confirm, or whose time has just run out: they are not
        counted before it is known."""
        return self.filter(state=Hold.State.HELD)

    def confirmable(self) -> Self:
        return self.filter(state=Hold.State.HELD, until__gt=Now())

    def expired(self) -> Self:
        return self.open().filter(until__lte=Now())

    def left_out(self) -> Self:
        """Of voters whose votes do not count."""
        return self.filter(state__in=LEFT_OUT)

    def of_vote(self) -> Self:
        """The row of the voter of a vote in an outer query."""
        return self.filter(
            contest=OuterRef("category__contest"), voter=OuterRef("voter")
        )


class Hold(Linked):
    """The state of a voter whose votes were held once; only the trigger of the log writes it.
    `voided_after` is written by the trigger of void votes (prizes/ballot/signals.sql)."""

    class State(models.TextChoices):
        HELD = "held", _("held until the voter confirms")
        CONFIRMED = "confirmed", _("confirmed by the voter")
        LAPSED = "lapsed", _("not confirmed in time")
        RELEASED = "released", _("released by the secretariat")
        VOID = "void", _("declared void")

    contest = models.ForeignKey(
        Contest, models.PROTECT, related_name="holds", verbose_name=_("contest")
    )
    voter = models.CharField(_("voter"), max_length=64)
    rule = models.ForeignKey(
        HoldRule, models.PROTECT, related_name="+", verbose_name=_("rule")
    )
    pattern = models.ForeignKey(
        Pattern, models.PROTECT, related_name="holds", verbose_name=_("pattern")
    )
    state = models.CharField(_("state"), max_length=10, choices=State.choices)
    until = models.DateTimeField(_("can be confirmed until"))
    told = models.CharField(
        _("state of which the voter was told"),
        max_length=10,
        blank=True,
        choices=State.choices,
    )
    voided_after = models.PositiveIntegerField(
        _("last step before a void"),
        db_default=0,
        editable=False,
        help_text=_(
            "What was confirmed or released until then spares the voter from no rule any more."
        ),
    )

    objects = HoldQuerySet.as_manager()

    class Meta:
        verbose_name = _("held votes of a voter")
        verbose_name_plural = _("held votes of voters")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["contest", "voter"], name="hold_once")
        ]
        indexes = [
            GinIndex(fields=["tokens"], name="hold_tokens"),
            models.Index(fields=["state", "until"], name="hold_expiry"),
        ]

    def __str__(self) -> str:
        return f"{self.contest_id}: {self.pk}"

    @property
    def is_held(self) -> bool:
        return self.state == Hold.State.HELD

    @property
    def has_lapsed(self) -> bool:
        return self.state == Hold.State.LAPSED

    @property
    def counts(self) -> bool:
        return self.state not in LEFT_OUT


LEFT_OUT = (Hold.State.HELD, Hold.State.LAPSED)


class HoldLink(NamedTuple):
    """The content of a row of the log, in the form in which it is hashed."""

    contest: int
    number: int
    kind: str
    voter: str
    rule: int
    by: int
    at: datetime.datetime
    reason: str


def hold_hash(previous: str, link: HoldLink) -> str:
    """The hash of a row after `previous`; the trigger computes the same."""
    at = link.at.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    parts = (previous, *link._replace(at=at))  # type: ignore[arg-type]  # as text
    return hashlib.sha256("|".join(map(str, parts)).encode()).hexdigest()


class HoldEvent(models.Model):
    """A step in the state of a voter: who, when, why. Never updated, never deleted."""

    class Kind(models.TextChoices):
        HOLD = "hold", _("held")
        CONFIRM = "confirm", _("confirmed by the voter")
        LAPSE = "lapse", _("not confirmed in time")
        RELEASE = "release", _("released by the secretariat")
        VOID = "void", _("declared void")

    contest = models.ForeignKey(
        Contest,
        models.PROTECT,
        related_name="+",
        db_index=False,
        verbose_name=_("contest"),
    )
    voter = models.CharField(_("voter"), max_length=64)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices)
    pattern = models.ForeignKey(
        Pattern, models.PROTECT, related_name="events", verbose_name=_("pattern")
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
        help_text=_("Empty: by rule, by the voter, or by the clock."),
    )
    reason = models.CharField(_("reason"), max_length=REASON_LENGTH, blank=True)
    # written by the trigger
    number = models.PositiveIntegerField(_("number"), db_default=0)
    at = models.DateTimeField(
        _("hour"),
        db_default=Now(),
        help_text=_(
            "The full hour: an exact time could be joined with records of visits."
        ),
    )
    previous = models.CharField(
        _("hash of the row before"), max_length=64, db_default=""
    )
    hash = models.CharField(_("hash"), max_length=64, db_default="")

    class Meta:
        verbose_name = _("step of held votes")
        verbose_name_plural = _("steps of held votes")
        ordering = ["contest", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["contest", "number"], name="hold_event_link_once"
            )
        ]
        indexes = [
            models.Index(
                fields=["contest", "voter", "-number"], name="hold_event_of_voter"
            )
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.kind}"
