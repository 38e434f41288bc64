"""Organizations: the authority list behind the many spellings in projects."""

from collections.abc import Iterable
from typing import Any, Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import TrigramSimilarity
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models.functions import Coalesce, Length, Lower, Now, Upper
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from common.moves.actors import AnyUser
from common.text.collation import (
    Folded,
    InReadersOrder,
    Trimmed,
    folded_index,
    sort_indexes,
)
from reference.names import vocabulary
from stocktaking.base.workflow import Status
from stocktaking.feed import ORGANIZATIONS
from stocktaking.organization.identity import (
    INTERNATIONAL,
    Namesake,
    chosen,
    clean_ror,
    clean_wikidata,
    home_of,
    is_international,
)

NAMES_ALIKE = 0.5  # share of three-letter pieces that two names have in common


class OrganizationQuerySet(models.QuerySet["Organization"]):
    def named(self, name: str) -> Self:
        """Organizations with this name or alias, in any case."""
        return self.annotate(
            lower_aliases=models.Func(
                "aliases",
                template="lower(%(expressions)s::text)::varchar[]",
                output_field=ArrayField(models.CharField()),
            )
        ).filter(
            models.Q(name__iexact=name)
            | models.Q(lower_aliases__contains=[name.lower()])
        )

    def only_ones(self, names: Iterable[str]) -> dict[str, int]:
        """`only_one` for many names at once: name in lower case → the organization of that name."""
        holders = self.holders(names)
        return {name: pks.pop() for name, pks in holders.items() if len(pks) == 1}

    def holders(self, names: Iterable[str]) -> dict[str, set[int]]:
        """Name in lower case → the organizations that have it as name or alias."""
        lower = {name.lower() for name in names}
        if not lower:
            return {}
        rows = self.annotate(
            lower_name=Lower("name"),
            lower_aliases=models.Func(
                "aliases",
                template="lower(%(expressions)s::text)::varchar[]",
                output_field=ArrayField(models.CharField()),
            ),
        ).filter(
            models.Q(lower_name__in=lower)
            | models.Q(lower_aliases__overlap=sorted(lower))
        )
        holders: dict[str, set[int]] = {}
        columns = ("pk", "successor_id", "lower_name", "lower_aliases")
        for pk, successor, name, aliases in rows.values_list(*columns):
            for name_in_lower in {name, *(aliases or [])} & lower:
                holders.setdefault(name_in_lower, set()).add(successor or pk)
        return holders

    def visible_to(self, user: AnyUser) -> Self:
        """Confirmed names for everybody; unconfirmed ones for staff only. No merged ones."""
        if user.is_authenticated and user.is_secretariat:
            return self.filter(successor=None)
        return self.confirmed()

    def like(self, text: str) -> Self:
        """Organizations whose name or alias contains the text, or a similar word (trigrams)."""
        sought = " ".join(text.upper().split())
        return self.alias(folded_names=Folded("known_as")).filter(
            models.Q(folded_names__contains=Trimmed(models.Value(text)))
            | models.Q(known_as__contains=sought)
            | models.Q(known_as__trigram_word_similar=sought)
        )

    def like_name(self, name: str, country: str | None) -> Self:
        """Confirmed organizations of this country, or of none, whose name is like this one, the
        most similar first; the index finds those with at least 0.3 of three-letter pieces."""
        rows = self.confirmed().filter(
            models.Q(country=country) | models.Q(country=None)
        )
        capitals = name.upper()
        return (
            rows.alias(capitals=Upper("name"))
            .filter(capitals__trigram_similar=capitals)
            .alias(likeness=TrigramSimilarity(Upper("name"), capitals))
            .filter(likeness__gte=NAMES_ALIKE)
            .order_by("-likeness", "pk")
        )

    def for_list(self) -> Self:
        """Rows of the list with `project_count`, the number of their published projects."""
        counted = (
            self.model._default_manager.filter(
                pk=models.OuterRef("pk"), projects__status=Status.PUBLISHED
            )
            .order_by()
            .values("pk")
            .annotate(n=models.Count("projects"))
            .values("n")
        )
        return self.annotate(
            project_count=Coalesce(models.Subquery(counted), 0),
            sort_name=InReadersOrder("name"),
        ).order_by("sort_name", "pk")

    def offered(self) -> Self:
        """Rows for a list of choices, with the country in the name, as two may have the same."""
        return self.annotate(is_offered=models.Value(True))

    def confirm_sourced(self) -> int:
        """Confirm the names of published projects with a source and no owner: nobody typed them.
        Returns how many there were."""
        sourced = {"projects__status": Status.PUBLISHED, "projects__owner": None}
        rows = self.filter(confirmed_at=None, successor=None, **sourced).exclude(
            projects__source=""
        )
        return self.filter(pk__in=rows.values("pk")).update(confirmed_at=Now())

    def drop_unused(self, ids: list[int]) -> None:
        """Delete those of these names that are unconfirmed and not referred to."""
        links = [str(f.get_accessor_name()) for f in self.model._meta.related_objects]
        unused = self.filter(pk__in=ids, confirmed_at=None, successor=None)
        for organization in unused:
            if not any(_points_to(organization, name) for name in links):
                organization.delete()

    def confirmed(self) -> Self:
        """Names that the secretariat has confirmed, without merged ones."""
        return self.filter(confirmed_at__isnull=False, successor=None)

    def suggested(self, text: str) -> Self:
        """Confirmed organizations with this text in their name or an alias, shortest first."""
        return (
            self.confirmed()
            .alias(folded_names=Folded("known_as"))
            .filter(folded_names__contains=Trimmed(models.Value(text)))
            .order_by(Length("name"), "name", "country", "pk")
        )

    def namesake(self, name: str, home: str | None) -> "Organization | None":
        """The organization with this name in this country (None: international), or the one into
        which it was merged."""
        name = " ".join(name.split())
        rows = {row.pk: row for row in self.named(name).select_related("successor")}
        pk = chosen((row.as_namesake(name) for row in rows.values()), home)
        return rows[pk].successor or rows[pk] if pk else None

    def only_one(self, name: str) -> "Organization | None":
        """The organization with this name when no country is given; None when two have it."""
        rows = self.named(name).select_related("successor")
        namesakes = {row.successor or row for row in rows}
        return namesakes.pop() if len(namesakes) == 1 else None

    def get_or_create_named(
        self,
        name: str,
        *,
        country_id: str | None = None,
        stakeholder_type_id: str | None = None,
        stated: str | None = None,
    ) -> "Organization":
        """The organization that a project of this country names; an unknown name creates an
        unconfirmed row. When two people enter the same name at once, both get one row.

        `stated` is the country of the organization, where it is given.
        """
        name = " ".join(name.split())
        home = home_of(country_id, stakeholder_type_id, stated)
        namesake = self.namesake(name, home)
        if namesake:
            return namesake
        new = {
            "name": name,
            "country_id": home,
            "stakeholder_type_id": stakeholder_type_id,
            "international": is_international(country_id, stakeholder_type_id, stated),
        }
        return self.get_or_create(name__iexact=name, country_id=home, defaults=new)[0]

    def create_named(self, names: Iterable[str]) -> list[Any]:
        """Unconfirmed rows for names that no organization has, of no known country. One that
        somebody else enters at the same time is taken instead."""
        new = [self.model(name=" ".join(name.split())) for name in names]
        try:
            with transaction.atomic():
                return self.bulk_create(new)
        except IntegrityError:
            return [self.get_or_create_named(row.name) for row in new]

    def with_country(self, text: str) -> "Organization | None":
        """The organization that “Name (Country)” names, as the list of suggestions writes it."""
        name, country = split_country(text)
        if not country:
            return None
        home = home_of(country)
        namesake = self.namesake(name, home)
        return namesake if namesake and namesake.country_id == home else None


def split_country(text: str) -> tuple[str, str]:
    """“Name (Country)” as name and code; the text and "" when it does not end with a country."""
    text = " ".join(text.split())
    if text.endswith(")"):
        opened = text.find(" (")
        while opened > 0:  # some countries have brackets in their own names
            code = vocabulary.country_named(text[opened + 2 : -1])
            if code:
                return text[:opened], code
            opened = text.find(" (", opened + 1)
    return text, ""


def _points_to(organization: "Organization", accessor: str) -> bool:
    """Whether any row is linked by this accessor, of one or of many rows."""
    linked: Any = getattr(organization, accessor, None)
    return linked.exists() if hasattr(linked, "exists") else linked is not None


class Organization(models.Model):
    name = models.CharField(_("name"), max_length=250)
    aliases = ArrayField(
        models.CharField(max_length=250),
        verbose_name=_("also known as"),
        default=list,
        blank=True,
    )
    stakeholder_type = models.ForeignKey(
        "reference.StakeholderType",
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("stakeholder type"),
        related_name="organizations",
    )
    country = models.ForeignKey(
        "reference.Country",
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("country"),
        related_name="organizations",
        limit_choices_to=~models.Q(code=INTERNATIONAL),
    )
    international = models.BooleanField(
        _("international"),
        default=False,
        help_text=_("It belongs to no country: leave the country empty."),
    )
    website = models.URLField(_("website"), max_length=500, blank=True)
    ror = models.CharField(
        "ROR",
        max_length=60,
        blank=True,
        default="",
        help_text=_(
            "Identifier of the Research Organization Registry, such as 03yrm5c26."
        ),
    )
    wikidata = models.CharField(
        "Wikidata",
        max_length=60,
        blank=True,
        default="",
        help_text=_("Identifier of its item, such as Q33150."),
    )
    successor = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="predecessors",
        verbose_name=_("merged into"),
    )
    confirmed_at = models.DateTimeField(
        _("confirmed at"),
        null=True,
        blank=True,
        help_text=_(
            "Empty until the secretariat has checked a name that a submitter typed."
        ),
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    # Follows name and aliases whoever writes them; a trigram index makes it quick to look into.
    known_as = models.GeneratedField(
        expression=models.Func("name", "aliases", function="public.organization_names"),
        output_field=models.TextField(),
        db_persist=True,
    )

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        verbose_name = _("organization")
        verbose_name_plural = _("organizations")
        ordering = [InReadersOrder("name"), "pk"]
        constraints = [
            ORGANIZATIONS,
            models.UniqueConstraint(
                Lower("name"),
                Coalesce("country", models.Value(""), output_field=models.CharField()),
                name="organization_name_and_country_once",
                violation_error_message=_(
                    "An organization of this name is already listed in this country."
                ),
            ),
            *(
                models.UniqueConstraint(
                    fields=[name],
                    condition=models.Q(successor=None) & ~models.Q(**{name: ""}),
                    name=f"organization_{name}_once",
                    violation_error_message=_(
                        "Another organization has this identifier."
                    ),
                )
                for name in ("ror", "wikidata")
            ),
            models.CheckConstraint(
                condition=models.Q(international=False) | models.Q(country=None),
                name="organization_international_without_country",
                violation_error_message=_(
                    "An international organization has no country: leave the country empty."
                ),
            ),
            models.CheckConstraint(
                condition=models.Q(country=None) | ~models.Q(country=INTERNATIONAL),
                name="organization_country_is_one",
            ),
            models.CheckConstraint(
                condition=~models.Q(successor=models.F("pk")),
                name="organization_not_own_successor",
            ),
        ]
        indexes = [
            *sort_indexes("name", "organization_order"),
            folded_index("known_as", "organization_names_folded"),
            GinIndex(
                OpClass(Upper("name"), name="gin_trgm_ops"),
                name="organization_name_trgm",
            ),
            GinIndex(
                OpClass("known_as", name="gin_trgm_ops"), name="organization_known_as"
            ),
        ]

    def __str__(self) -> str:
        """Its name; among choices (`offered()`), with its country."""
        return self.name_with_country if self.__dict__.get("is_offered") else self.name

    def get_absolute_url(self) -> str:
        return reverse("stocktaking:organization", kwargs={"pk": self.pk})

    def clean_fields(self, exclude: Any = None) -> None:
        """Identifiers may be typed or pasted as addresses; they are stored without them."""
        errors: dict[str, Any] = {}
        for name, clean in (("ror", clean_ror), ("wikidata", clean_wikidata)):
            try:
                setattr(self, name, clean(getattr(self, name)))
            except ValidationError as error:
                errors[name] = error.error_list
        self.name = " ".join(self.name.split())
        try:
            super().clean_fields(exclude=exclude)
        except ValidationError as error:
            errors = error.update_error_dict(errors)
        if errors:
            raise ValidationError(errors)

    def clean(self) -> None:
        """Show beside the field that another organization has the identifier; the constraint
        looks at a column that no form has."""
        others = Organization.objects.filter(successor=None).exclude(pk=self.pk)
        for name in ("ror", "wikidata"):
            value = getattr(self, name)
            if (
                value
                and self.successor_id is None
                and others.filter(**{name: value}).exists()
            ):
                raise ValidationError(
                    {name: _("Another organization has this identifier.")}
                )

    @property
    def place(self) -> str:
        """Its country, or “international”, in the reader's language; "" if unknown."""
        if self.international:
            return vocabulary.label("country", INTERNATIONAL)
        return vocabulary.label("country", self.country_id) if self.country_id else ""

    @property
    def name_with_country(self) -> str:
        """Its name with what distinguishes it from others, as the list of suggestions writes it."""
        return f"{self.name} ({self.place})" if self.place else self.name

    def as_namesake(self, name: str) -> Namesake:
        return Namesake(
            pk=self.pk,
            country=self.country_id,
            international=self.international and self.confirmed_at is not None,
            by_name=self.name.casefold() == " ".join(name.split()).casefold(),
        )
