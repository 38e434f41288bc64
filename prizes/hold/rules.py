"""The published rules by which votes are held until their voters confirm them."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import translation
from django.utils.functional import Promise
from django.utils.text import get_text_list
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from modeltranslation.utils import build_localized_fieldname

from prizes.contest.models import Contest

WEEK = 7 * 24


SLOW = 20  # seconds for a vote, at most, so that one long pause does not cover many fast votes


class Age(models.IntegerChoices):
    """How old an account was when it voted: hours, at most. No exacter age is kept."""

    HOUR = 1, _("under an hour")
    DAY = 24, _("under a day")
    THREE_DAYS = 72, _("under three days")
    OLDER = 10_000, _("three days or more")


class HoldRule(models.Model):
    """What many votes must have in common to be held.

    A group is all voters of a contest who share what the rule names. Their votes are held when at
    least `voters_min` of them within `hours` each gave `votes_min` votes, each vote in less than
    `seconds_max`, from accounts no older than `age_max`; and when these are `share_min` percent of
    all who share it, so that one fast voter in a busy network is left alone.
    """

    contest = models.ForeignKey(
        Contest, models.CASCADE, related_name="hold_rules", verbose_name=_("contest")
    )
    order = models.PositiveSmallIntegerField(_("order"))
    text = models.CharField(
        _("rule in plain words"),
        max_length=300,
        help_text=_(
            "The public and the voters concerned read it. The numbers stand beside it."
        ),
    )
    shares_network = models.BooleanField(
        _("same network and kind of device"), default=False
    )
    shares_domain = models.BooleanField(
        _("same domain of the e-mail address"),
        default=False,
        help_text=_("Public e-mail providers do not count as a domain."),
    )
    shares_ballot = models.BooleanField(_("the same votes"), default=False)
    voters_min = models.PositiveIntegerField(
        _("voters, at least"),
        default=20,
        validators=[MinValueValidator(5), MaxValueValidator(100_000)],
    )
    votes_min = models.PositiveSmallIntegerField(
        _("votes of each, at least"),
        default=5,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
    )
    seconds_max = models.PositiveSmallIntegerField(
        _("seconds for each vote, less than"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(SLOW)],
        help_text=_("From opening the page to sending it. Empty: at any speed."),
    )
    age_max = models.PositiveSmallIntegerField(
        _("age of the account"),
        choices=[choice for choice in Age.choices if choice[0] != Age.OLDER],
        null=True,
        blank=True,
        help_text=_("When it voted. Empty: of any age."),
    )
    hours = models.PositiveSmallIntegerField(
        _("within hours"),
        default=24,
        validators=[MinValueValidator(1), MaxValueValidator(WEEK)],
    )
    share_min = models.PositiveSmallIntegerField(
        _("percent of those who share it, at least"),
        default=30,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
    )
    confirm_hours = models.PositiveSmallIntegerField(
        _("hours to confirm"),
        default=72,
        validators=[MinValueValidator(24), MaxValueValidator(WEEK)],
    )

    class Meta:
        verbose_name = _("rule for holding votes")
        verbose_name_plural = _("rules for holding votes")
        ordering = ["contest", "order"]
        constraints = [
            models.UniqueConstraint(
                fields=["contest", "order"], name="hold_rule_order_once"
            ),
            models.CheckConstraint(
                condition=models.Q(shares_network=True)
                | models.Q(shares_domain=True)
                | models.Q(shares_ballot=True),
                name="hold_rule_shares_something",
                violation_error_message=_("Choose what the votes have in common."),
            ),
            models.CheckConstraint(
                condition=models.Q(seconds_max__isnull=False)
                | models.Q(shares_domain=True, shares_ballot=True)
                | models.Q(shares_network=True, shares_ballot=True),
                name="hold_rule_spares_the_many",
                violation_error_message=_(
                    "A class or a ministry shares its network and its domain too: set a number of "
                    "seconds for each vote, or ask for the same votes as well."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def limits(self) -> list[str]:
        """What it asks, with its numbers, in sentences."""
        names = ("shares_network", "shares_domain", "shares_ballot")
        fields: list[Any] = [
            self._meta.get_field(name) for name in names if getattr(self, name)
        ]
        shared = [str(field.verbose_name) for field in fields]
        numbers = {
            "voters": self.voters_min,
            "hours": self.hours,
            "share": self.share_min,
            "votes": self.votes_min,
            "seconds": self.seconds_max,
            "confirm": self.confirm_hours,
            "shared": get_text_list(shared, gettext("and")),
        }
        sentences = [
            gettext("What they share: %(shared)s."),
            gettext(
                "Voters within %(hours)d hours, at least: %(voters)d; and %(share)d percent of all"
                " who share it."
            ),
            gettext("Votes of each of them, at least: %(votes)d."),
        ]
        if self.seconds_max:
            sentences.append(
                gettext(
                    "Seconds for each vote, from opening the page to sending it: less than"
                    " %(seconds)d."
                )
            )
        if self.age_max:
            numbers["age"] = self.get_age_max_display()
            sentences.append(gettext("Age of the account: %(age)s."))
        sentences.append(gettext("Hours to confirm: %(confirm)d."))
        return [sentence % numbers for sentence in sentences]

    def clean(self) -> None:
        """Raises ValidationError while people vote: rules do not change behind them."""
        if self.contest_id and are_in_use(self.contest_id):
            raise ValidationError(
                _("Voting has begun: the rules for holding votes can no longer change.")
            )


def are_in_use(contest: int) -> bool:
    """Whether the vote of this contest has begun."""
    return Contest.objects.filter(pk=contest, chains__isnull=False).exists()


# What a new contest begins with.
USUAL: tuple[tuple[str | Promise, dict[str, Any]], ...] = (
    (
        _(
            "Many votes from one network and one kind of device, faster than a person reads."
        ),
        {"shares_network": True, "voters_min": 15, "votes_min": 5, "seconds_max": 5},
    ),
    (
        _(
            "Many votes of new accounts at one e-mail domain, faster than a person reads."
        ),
        {
            "shares_domain": True,
            "voters_min": 15,
            "votes_min": 5,
            "seconds_max": 5,
            "age_max": Age.THREE_DAYS,
        },
    ),
    (
        _("The same long list of votes many times, faster than a person reads."),
        {"shares_ballot": True, "voters_min": 15, "votes_min": 8, "seconds_max": 5},
    ),
    (
        _("The same long list of votes from many new accounts at one e-mail domain."),
        {
            "shares_domain": True,
            "shares_ballot": True,
            "voters_min": 20,
            "votes_min": 10,
            "age_max": Age.THREE_DAYS,
        },
    ),
)


def make_rules(contest: Contest) -> None:
    """The usual rules, in six languages, for a contest that has none."""
    if HoldRule.objects.filter(contest=contest).exists():
        return
    for order, (text, limits) in enumerate(USUAL, start=1):
        HoldRule.objects.create(
            contest=contest, order=order, **limits, **in_all_languages(text)
        )


def in_all_languages(text: str | Promise, name: str = "text") -> dict[str, str]:
    """The columns of a field with this message in each language."""
    columns = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            columns[build_localized_fieldname(name, language)] = gettext(str(text))
    return columns
