"""People of the Forum: speakers, moderators, facilitators; most of them have no account."""

import datetime
import unicodedata
from typing import Any, Self

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.mail.addresses import AddressField
from common.mail.links import Linked, LinkedQuerySet
from common.mail.models import OutgoingMail
from common.text.collation import InReadersOrder, folded_index, sort_indexes
from forum.edition.hours import LocalHours, hours_in_order
from forum.edition.models import Edition
from forum.feed import PEOPLE

LINK_HOLDS = datetime.timedelta(days=30)  # by which somebody takes over their record


class PersonQuerySet(LinkedQuerySet["Person"]):
    def public(self) -> Self:
        """People who have, or had, a part in the released programme."""
        return self.unmerged().filter(is_public=True).by_name()

    def by_name(self) -> Self:
        """In the order of the reader's alphabet; `sort_name` is the key of a page's cursor."""
        return self.annotate(sort_name=InReadersOrder("name")).order_by(
            "sort_name", "pk"
        )

    def unreachable(self) -> Self:
        """People at whose address nobody gets mail, as its server has said; `came_back_at` says
        when it did. Another address ends it."""
        lost = OutgoingMail.objects.no_such_address()
        addresses = lost.values("to")
        rows = self.unmerged().filter(
            models.Q(email__in=addresses, user=None)
            | models.Q(user__email__in=addresses)
        )
        of_person = Coalesce(models.OuterRef("user__email"), models.OuterRef("email"))
        latest = lost.filter(to=of_person).order_by("-came_back_at")
        return rows.annotate(
            came_back_at=models.Subquery(latest.values("came_back_at")[:1])
        )

    def unmerged(self) -> Self:
        """Without records that were merged as duplicates."""
        return self.filter(merged_into=None)

    def known_as(self, name: str, organization: str) -> "Person | None":
        """The one person of this name and organization; None when there is none, or several."""
        same = self.unmerged().filter(
            name_key=name_key(name), organization__iexact=organization.strip()
        )
        people = list(same[:2])
        return people[0] if len(people) == 1 else None

    def by_link(self, token: str) -> "Person | None":
        """Whose record the link of a mail leads to, where duplicates were merged since."""
        person = self.with_token(token).first()
        while person and person.merged_into:
            survivor = person.merged_into
            survivor.invited_at = person.invited_at  # in memory: of this link
            person = survivor
        return person

    def long_over(self, moment: datetime.datetime) -> Self:
        """People who have no part in an edition that went on after this moment."""
        lasted = models.Q(session__edition__end_date__gt=moment.date()) | models.Q(
            session__edition__end_date=None,
            session__edition__last_year__gte=moment.year,
        )
        parts = Participation.objects.filter(lasted, person=models.OuterRef("pk"))
        return self.filter(~models.Exists(parts), created_at__lte=moment)


# Letters that carry no separate accent, and what they are typed as on other keyboards.
PLAIN_LETTERS = str.maketrans(
    {
        "ł": "l",
        "ø": "o",
        "đ": "d",
        "ð": "d",
        "ı": "i",
        "ħ": "h",
        "æ": "ae",
        "œ": "oe",
        "þ": "th",
    }
)


TITLES = frozenset({"dr", "mr", "mrs", "ms", "prof", "sir", "hon", "eng", "amb"})


def name_key(name: str) -> str:
    """The same key for names that may mean one person: without accents, case, titles, initials
    and word order, so that “KĄKOL, Łukasz M.” and “Dr Lukasz Kakol” match."""
    text = unicodedata.normalize("NFKD", name.casefold().translate(PLAIN_LETTERS))
    letters = "".join(
        sign if sign.isalnum() else " "
        for sign in text.replace(".", " ").replace("’", "").replace("'", "")
        if not unicodedata.combining(sign)
    )
    words = [word for word in letters.split() if word not in TITLES]
    # One sign is an initial in alphabets, but a whole word in Chinese.
    long = [word for word in words if len(word) > 1 or not word.isascii()]
    return " ".join(sorted(long or words))[:150]


class Person(Linked):
    """Somebody with a part in a session; public once the agenda is."""

    name = models.CharField(_("name"), max_length=150)
    organization = models.CharField(_("organization"), max_length=250, blank=True)
    position = models.CharField(_("position"), max_length=250, blank=True)
    email = AddressField(
        _("e-mail address"),
        blank=True,
        help_text=_(
            "Only staff see it. Someone without an account is told there about their sessions."
        ),
    )
    country = models.ForeignKey(
        "reference.Country",
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("country"),
        related_name="forum_people",
    )
    bio = models.TextField(_("about the person"), blank=True, max_length=4000)
    bio_language = models.CharField(
        _("language of the text"),
        max_length=8,
        choices=settings.LANGUAGES,
        default="en",
    )
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="forum_person",
        verbose_name=_("account"),
    )
    invited_at = models.DateTimeField(
        _("link to take over the record sent at"), null=True, blank=True, editable=False
    )
    claimed_at = models.DateTimeField(
        _("taken over at"), null=True, blank=True, editable=False
    )
    is_public = models.BooleanField(
        _("in a released programme"), default=False, editable=False
    )
    source = models.TextField(_("source"), blank=True, max_length=2000)
    name_key = models.CharField(max_length=150, blank=True, editable=False)
    merged_into = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="merged_people",
        editable=False,
        verbose_name=_("merged with"),
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    objects = PersonQuerySet.as_manager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = [InReadersOrder("name"), "pk"]
        constraints = [PEOPLE]
        indexes = [
            *sort_indexes("name", "person_order"),
            folded_index("name", "person_name_folded"),
            models.Index(fields=["name_key"], name="person_name_key"),
            GinIndex(fields=["tokens"], name="person_tokens"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.organization})" if self.organization else self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.name_key = name_key(self.name)
        fields = kwargs.get("update_fields")
        if fields is not None and "name" in fields:
            kwargs["update_fields"] = {*fields, "name_key"}
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("forum:person", args=[self.pk])

    @property
    def can_be_invited(self) -> bool:
        return bool(self.email and not self.user_id and not self.merged_into_id)

    @property
    def can_be_claimed(self) -> bool:
        """Whether the last link still holds, and nobody has the record yet."""
        if self.user_id or not self.invited_at:
            return False
        return timezone.now() < self.invited_at + LINK_HOLDS

    def invite(self) -> str:
        """The token of a new link by which somebody takes over this record; earlier ones end."""
        self.tokens, self.invited_at = [], timezone.now()
        self.save(update_fields=["invited_at"])
        return self.add_link()

    def end_links(self) -> None:
        """Links that were sent lead nowhere any more; the caller saves."""
        self.tokens, self.invited_at = [], None

    @transaction.atomic
    def claim(self, user: Any) -> "Person":
        """Link the record with this account; one that the account has already takes it in.
        Returns the record that stays. Raises ValidationError when somebody was first."""
        person = Person.objects.select_for_update(of=("self",)).get(pk=self.pk)
        if person.user_id or person.merged_into_id:
            raise ValidationError(_("This link has ended."))
        person.tokens = []
        person.save(update_fields=["tokens"])
        own = Person.objects.unmerged().filter(user=user).first()
        if own:
            person.merge_into(own, user)
            return own
        person.user, person.claimed_at = user, timezone.now()
        person.save(update_fields=["user", "claimed_at"])
        return person

    def namesakes(self) -> models.QuerySet["Person"]:
        """Other people whose name may mean the same person."""
        return (
            Person.objects.unmerged()
            .filter(name_key=name_key(self.name))
            .exclude(pk=self.pk)
        )

    @transaction.atomic
    def merge_into(self, survivor: "Person", by: Any) -> "PersonMerge":
        """Give the other record all parts in sessions, the account and, where it has none, the
        address; this one then leads to it.

        Releases keep the names that they had; the next one shows the survivor's. Raises
        ValidationError when one of the two is merged already, or both have an account.
        """
        pair = Person.objects.select_for_update(of=("self",)).in_bulk(
            [self.pk, survivor.pk]
        )
        if len(pair) != 2 or any(person.merged_into_id for person in pair.values()):  # noqa: PLR2004
            raise ValidationError(
                _("Choose two different people that are not merged yet.")
            )
        merged, kept = pair[self.pk], pair[survivor.pk]
        if merged.user_id and kept.user_id:
            raise ValidationError(
                _("Both have an account of their own: they are different people.")
            )
        taken = set(kept.participations.values_list("session", "role"))
        parts = list(merged.participations.all())
        double = [part for part in parts if (part.session_id, part.role) in taken]
        moving = [part for part in parts if part not in double]
        log = PersonMerge.objects.create(
            survivor=kept,
            merged=merged,
            by=by,
            moved=[part.pk for part in moving],
            dropped=[
                {"session": part.session_id, "role": part.role, "order": part.order}
                for part in double
            ],
            account=merged.user,
            took_email=bool(merged.email and not kept.email),
            was_public=kept.is_public,
        )
        Participation.objects.filter(pk__in=[part.pk for part in double]).delete()
        Participation.objects.filter(pk__in=log.moved).update(person=kept)
        if merged.user_id:
            kept.claimed_at = merged.claimed_at
        account, merged.user = merged.user, None
        merged.merged_into = kept
        merged.save(update_fields=["user", "merged_into"])
        kept.user = kept.user or account
        kept.email = kept.email or merged.email
        kept.is_public = kept.is_public or merged.is_public
        kept.save(update_fields=["user", "email", "claimed_at", "is_public"])
        return log


class Role(models.TextChoices):
    CHAIR = "chair", _("Chair")
    FACILITATOR = "facilitator", _("High-Level Track Facilitator")
    LINE_FACILITATOR = "line", _("Action line facilitator")
    MODERATOR = "moderator", _("Moderator")
    PANELLIST = "panellist", _("Panellist")
    REMOTE = "remote", _("Remote moderator")
    RAPPORTEUR = "rapporteur", _("Rapporteur")
    ORGANIZER = "organizer", _("Organizer")


# An organizer need not sit in the room; everybody else can be in one room at a time only.
PRESENT = frozenset(set(Role) - {Role.ORGANIZER})


class Participation(models.Model):
    """A person's part in a session."""

    session = models.ForeignKey(
        "forum.Session",
        models.CASCADE,
        related_name="participations",
        verbose_name=_("session"),
    )
    person = models.ForeignKey(
        Person, models.PROTECT, related_name="participations", verbose_name=_("person")
    )
    role = models.CharField(_("role"), max_length=12, choices=Role.choices)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("part in a session")
        verbose_name_plural = _("parts in sessions")
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["session", "person", "role"],
                name="participation_once",
                violation_error_message=_(
                    "This person already has this role in the session."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.session} ({self.get_role_display()})"


class Availability(LocalHours):
    """Hours in which a person can take part in sessions of an edition; somebody without such a
    row can always."""

    person = models.ForeignKey(
        Person, models.CASCADE, related_name="availabilities", verbose_name=_("person")
    )
    edition = models.ForeignKey(
        Edition,
        models.CASCADE,
        related_name="availabilities",
        verbose_name=_("edition"),
    )

    class Meta:
        verbose_name = _("availability")
        verbose_name_plural = _("availability, by the clock of the venue")
        ordering = ["person", models.F("day").asc(nulls_first=True), "since", "pk"]
        constraints = [hours_in_order("availability_in_order")]
        indexes = [models.Index(fields=["edition", "person"], name="availability_of")]

    def __str__(self) -> str:
        return self.text


class PersonMerge(models.Model):
    """The merge of two records of one person, with what moved, so that it can be undone."""

    survivor = models.ForeignKey(
        Person, models.CASCADE, related_name="merges", verbose_name=_("kept record")
    )
    merged = models.ForeignKey(
        Person,
        models.CASCADE,
        related_name="merges_away",
        verbose_name=_("merged record"),
    )
    moved = models.JSONField(_("parts moved"), default=list)
    dropped = models.JSONField(_("parts that both had"), default=list)
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("account moved"),
    )
    took_email = models.BooleanField(_("address taken over"), default=False)
    was_public = models.BooleanField(_("kept record was public"), default=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )
    at = models.DateTimeField(_("at"), auto_now_add=True)
    undone_at = models.DateTimeField(_("undone at"), null=True, blank=True)

    class Meta:
        verbose_name = _("merge of people")
        verbose_name_plural = _("merges of people")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.merged} → {self.survivor}"

    @transaction.atomic
    def undo(self) -> None:
        """Give the parts and the account back to the merged record, once."""
        merge = PersonMerge.objects.select_for_update(of=("self",)).get(pk=self.pk)
        if merge.undone_at:
            return
        people = Person.objects.select_for_update(of=("self",)).in_bulk(
            [merge.survivor_id, merge.merged_id]
        )
        kept, merged = people[merge.survivor_id], people[merge.merged_id]
        Participation.objects.filter(pk__in=merge.moved, person=kept).update(
            person=merged
        )
        # A session that was deleted meanwhile has no part to give back.
        relation: Any = Participation.session
        sessions = relation.get_queryset().in_bulk(
            [row["session"] for row in merge.dropped]
        )
        Participation.objects.bulk_create(
            (
                Participation(
                    person=merged,
                    session=sessions[row["session"]],
                    role=row["role"],
                    order=row["order"],
                )
                for row in merge.dropped
                if row["session"] in sessions
            ),
            ignore_conflicts=True,
        )
        if merge.account_id and kept.user_id == merge.account_id:
            kept.user, kept.claimed_at = None, None
            kept.save(update_fields=["user", "claimed_at"])
            merged.user = merge.account
        if merge.took_email and kept.email == merged.email:
            kept.email = ""
            kept.save(update_fields=["email"])
        merged.merged_into = None
        merged.save(update_fields=["user", "merged_into"])
        merge.undone_at = timezone.now()
        merge.save(update_fields=["undone_at"])
