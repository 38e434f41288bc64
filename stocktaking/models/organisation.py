"""Organisations: the authority list behind the many spellings on entries."""

from typing import Any, Self

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models.functions import Coalesce, Length, Lower, Now, Upper
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from common.models import Change
from stocktaking.models.content import content_hash
from stocktaking.workflow import Status


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def named(self, name: str) -> Self:
        """Organisations that go by this name, in any case, aliases included."""
        return self.annotate(
            lower_aliases=models.Func(
                "aliases",
                template="lower(%(expressions)s::text)::varchar[]",
                output_field=ArrayField(models.CharField()),
            )
        ).filter(models.Q(name__iexact=name) | models.Q(lower_aliases__contains=[name.lower()]))

    def visible_to(self, user: Any) -> Self:
        """Checked names for everybody; those that still wait for staff alone. No merged ones."""
        if user.is_authenticated and user.is_secretariat:
            return self.filter(successor=None)
        return self.confirmed()

    def like(self, text: str) -> Self:
        """Names and aliases that hold the text, or a word much like it (trigrams)."""
        sought = " ".join(text.upper().split())
        return self.filter(
            models.Q(known_as__contains=sought) | models.Q(known_as__trigram_word_similar=sought)
        )

    def for_list(self) -> Self:
        """Rows of the list with `entries`, the number of their published projects."""
        projects = apps.get_model("stocktaking", "Project")._default_manager
        mine = projects.filter(organisation=models.OuterRef("pk"), status=Status.PUBLISHED)
        counted = mine.order_by().values("organisation").annotate(n=models.Count("pk")).values("n")
        return self.annotate(entries=Coalesce(models.Subquery(counted), 0)).order_by("name", "pk")

    def confirm_sourced(self) -> int:
        """Confirm names of published entries that have a source and no owner: nobody typed them.
        Returns how many there were."""
        sourced = {"projects__status": Status.PUBLISHED, "projects__owner": None}
        rows = self.filter(confirmed_at=None, successor=None, **sourced).exclude(
            projects__source=""
        )
        return self.filter(pk__in=rows.values("pk")).update(confirmed_at=Now())

    def confirmed(self) -> Self:
        """Names that the secretariat has checked, without those merged into another."""
        return self.filter(confirmed_at__isnull=False, successor=None)

    def suggested(self, text: str) -> Self:
        """Confirmed organisations with this text in their name or an alias, shortest first."""
        return (
            self.confirmed()
            .filter(models.Q(name__icontains=text) | models.Q(aliases__icontains=text))
            .order_by(Length("name"), "name")
        )

    def going_by(self, name: str, **defaults: Any) -> "Organisation":
        """The organisation of this name, or its successor; a new name makes a new row, which
        waits to be confirmed. Two people may bring the same name at once: both get one row."""
        name = " ".join(name.split())
        known = self.named(name).order_by("pk").select_related("successor").first()
        if known:
            return known.successor or known
        return self.get_or_create(name__iexact=name, defaults={"name": name} | defaults)[0]


class Organisation(models.Model):
    name = models.CharField(_("name"), max_length=250)
    aliases = ArrayField(
        models.CharField(max_length=250), verbose_name=_("also known as"), default=list, blank=True
    )
    stakeholder_type = models.ForeignKey(
        "reference.StakeholderType",
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("stakeholder type"),
        related_name="organisations",
    )
    country = models.ForeignKey(
        "reference.Country",
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("country"),
        related_name="organisations",
    )
    website = models.URLField(_("website"), max_length=500, blank=True)
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
        help_text=_("Empty while the secretariat has not checked a name that a submitter typed."),
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    # Follows name and aliases whoever writes them; a trigram index makes it quick to look into.
    known_as = models.GeneratedField(
        expression=models.Func("name", "aliases", function="public.organisation_names"),
        output_field=models.TextField(),
        db_persist=True,
    )

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                Lower("name"),
                name="organisation_name_once",
                violation_error_message=_("An organisation of this name is already listed."),
            ),
            models.CheckConstraint(
                condition=~models.Q(successor=models.F("pk")), name="organisation_not_own_successor"
            ),
        ]
        indexes = [
            models.Index(fields=["name", "id"], name="organisation_order"),
            GinIndex(OpClass(Upper("name"), name="gin_trgm_ops"), name="organisation_name_trgm"),
            GinIndex(OpClass("known_as", name="gin_trgm_ops"), name="organisation_known_as"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("stocktaking:organisation", kwargs={"pk": self.pk})

    def absorb(self, other: "Organisation", by: Any = None) -> None:
        """Take over another spelling's projects, members and names; call inside a transaction.

        The other row stays as a signpost (`successor`), so that nothing that points to it breaks.
        """
        moved = list(other.projects.select_for_update())
        other.projects.update(organisation=self)
        other.members.update(organisation=self)
        other.predecessors.update(successor=self)
        self.aliases = sorted({*self.aliases, *other.aliases, other.name} - {self.name})
        self.save(update_fields=["aliases"])
        other.successor = self
        other.save(update_fields=["successor"])
        for project in moved:
            if project.status == Status.PUBLISHED:
                project.organisation = self
                project.record_change(Change.Kind.UPDATE, by=by)
        self._log_merge(other)

    def _log_merge(self, other: "Organisation") -> None:
        record = {"record_kind": "stocktaking.organisation", "record_id": str(other.pk)}
        Change.objects.create(
            kind=Change.Kind.MERGE,
            into=str(self.pk),
            version=Change.objects.filter(**record).count() + 1,
            content_hash=content_hash({"name": other.name, "aliases": other.aliases}),
            **record,
        )
