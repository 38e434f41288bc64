"""Merging and splitting organizations: what moved where, by whom, and the undo.

Also renaming: the old name becomes an alias, and records that repeat the name follow.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.moves.actors import AnyUser
from common.moves.workflow import MoveRefused
from common.records.hashing import content_hash
from common.records.models import Change
from stocktaking.organization.models import Organization
from stocktaking.organization.references import (
    Carried,
    Carrier,
    Column,
    put_back,
    references_to,
)

# Records of merges and splits themselves never move.
STAYS: frozenset[Column] = frozenset(
    {("stocktaking.restructuring", "kept"), ("stocktaking.restructuring", "other")}
)
FILLED = (
    "ror",
    "wikidata",
    "website",
)  # fields that the kept organization takes over where it has none


def carried_references() -> list[models.ForeignKey]:
    """All that refers to an organization and moves with it."""
    return [
        reference
        for reference in references_to(Organization)
        if (reference.model._meta.label_lower, reference.name) not in STAYS
    ]


class RestructuringQuerySet(models.QuerySet["Restructuring"]):
    def of(self, organization: Organization) -> models.QuerySet["Restructuring"]:
        rows = self.filter(models.Q(kept=organization) | models.Q(other=organization))
        return rows.select_related("kept", "other", "by", "undone_by").order_by("-pk")

    @transaction.atomic
    def merge(
        self, kept: Organization, other: Organization, by: AnyUser | None = None
    ) -> "Restructuring":
        """`kept` takes over everything that refers to `other`, which leads to it from now on.

        Raises MoveRefused.
        """
        kept, other = _locked(kept, other)
        if kept.pk == other.pk or kept.successor_id or other.successor_id:
            raise MoveRefused(_("Choose organizations that are not merged yet."))
        carried = Carrier(other, kept).carry(carried_references())
        done = self.model(
            kind=Restructuring.Kind.MERGE,
            kept=kept,
            other=other,
            by=_person(by),
            kept_name=kept.name,
            other_name=other.name,
            rows=carried.as_json(),
        )
        other.successor = kept
        other.save(update_fields=["successor"])
        aliases = sorted({*kept.aliases, *other.aliases, other.name} - {kept.name})
        taken = {n: getattr(other, n) for n in FILLED if not getattr(kept, n)}
        done.write_kept({"aliases": aliases} | {n: v for n, v in taken.items() if v})
        done.save()
        done.tell(carried, by)
        _log(other, Change.Kind.MERGE, into=str(kept.pk))
        return done

    @transaction.atomic
    def split(
        self,
        kept: Organization,
        other: Organization,
        rows: Mapping[Column, Iterable[Any]],
        aliases: Iterable[str] = (),
        by: AnyUser | None = None,
    ) -> "Restructuring":
        """Move these rows and aliases of `kept` to `other`, which may be a new one.

        Raises MoveRefused, and ValidationError when the new one is invalid.
        """
        is_new = other.pk is None
        if is_new:
            other.full_clean()
            other.save()
        kept, other = _locked(kept, other)
        if kept.pk == other.pk or kept.successor_id or other.successor_id:
            raise MoveRefused(_("Choose organizations that are not merged yet."))
        carried = Carrier(kept, other).carry(carried_references(), rows)
        gone = [alias for alias in kept.aliases if alias in set(aliases)]
        if not carried.moved and not gone:
            raise MoveRefused(_("Choose what belongs to the other organization."))
        done = self.model(
            kind=Restructuring.Kind.SPLIT,
            kept=kept,
            other=other,
            by=_person(by),
            is_new=is_new,
            kept_name=kept.name,
            other_name=other.name,
            rows=carried.as_json(),
        )
        done.other_before = {"aliases": other.aliases}
        other.aliases = sorted({*other.aliases, *gone} - {other.name})
        other.save(update_fields=["aliases"])
        done.write_kept(
            {"aliases": [alias for alias in kept.aliases if alias not in gone]}
        )
        done.save()
        done.tell(carried, by)
        return done


class Restructuring(models.Model):
    """One merge or split of organizations."""

    class Kind(models.TextChoices):
        MERGE = "merge", _("Merge")
        SPLIT = "split", _("Split")

    kind = models.CharField(_("kind"), max_length=5, choices=Kind.choices)
    kept = models.ForeignKey(
        "stocktaking.Organization",
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("organization"),
    )
    other = models.ForeignKey(
        "stocktaking.Organization",
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("other organization"),
    )
    kept_name = models.CharField(_("its name then"), max_length=250)
    other_name = models.CharField(_("name of the other then"), max_length=250)
    is_new = models.BooleanField(_("the other was made by it"), default=False)
    rows = models.JSONField(_("what went over"), default=dict)
    before = models.JSONField(_("what the organization said before"), default=dict)
    after = models.JSONField(_("what it said then"), default=dict)
    other_before = models.JSONField(_("what the other said before"), default=dict)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("by"),
    )
    at = models.DateTimeField(_("at"), auto_now_add=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("undone by"),
    )
    undone_at = models.DateTimeField(_("undone at"), null=True)

    objects = RestructuringQuerySet.as_manager()

    class Meta:
        verbose_name = _("merge or split of organizations")
        verbose_name_plural = _("merges and splits of organizations")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.kept_name} – {self.other_name}"

    @property
    def carried(self) -> Carried:
        return Carried.of(self.rows)

    def write_kept(self, values: dict[str, Any]) -> None:
        """Give the organization these values and remember its earlier ones."""
        kept: Any = self.kept
        self.before = {name: getattr(kept, name) for name in values}
        self.after = values
        for name, value in values.items():
            setattr(kept, name, value)
        kept.save(update_fields=list(values))

    def tell(self, carried: Carried, by: Any) -> None:
        """Log a change of each public record that moved."""
        for reference in carried_references():
            model: Any = reference.model
            if hasattr(model, "record_changes"):
                ids = carried.ids(model._meta.label_lower)
                log_public(model._default_manager.filter(pk__in=ids), by)

    @transaction.atomic
    def undo(self, by: AnyUser) -> None:
        """Restore everything. Raises MoveRefused."""
        done = Restructuring.objects.select_for_update().get(pk=self.pk)
        if done.undone_at:
            raise MoveRefused(_("This is undone already."))
        if done.kept is None or done.other is None:
            raise MoveRefused(_("One of the organizations is no longer there."))
        both = [done.kept_id, done.other_id]
        later = Restructuring.objects.filter(pk__gt=done.pk, undone_at=None)
        if later.filter(models.Q(kept__in=both) | models.Q(other__in=both)).exists():
            raise MoveRefused(
                _("Undo the later merge or split of these organizations first.")
            )
        kept, other = _locked(done.kept, done.other)
        done.kept, done.other = kept, other
        done._restore_kept()
        if done.kind == Restructuring.Kind.MERGE:
            done._part(kept, other)
        else:
            done._join(kept, other)
        done.tell(done.carried, by)
        done.undone_at, done.undone_by = timezone.now(), _person(by)
        done.save()
        self.refresh_from_db()

    def _restore_kept(self) -> None:
        kept: Any = self.kept
        for name, before in self.before.items():
            now, then = getattr(kept, name), self.after[name]
            if now == then:
                setattr(kept, name, before)
            elif name == "aliases":  # edited since
                added, removed = {*then} - {*before}, {*before} - {*then}
                kept.aliases = sorted(({*now} - added) | removed)
        kept.save(update_fields=list(self.before))

    def _part(self, kept: Organization, other: Organization) -> None:
        """Undo a merge: the merged organization is independent again."""
        other.successor = None
        try:
            with transaction.atomic():
                other.save(update_fields=["successor"])
        except IntegrityError as error:
            message = _(
                "Another organization has its identifier now: take it away there first."
            )
            raise MoveRefused(message) from error
        put_back(self.carried, other, kept)
        _log(other, Change.Kind.PUBLISH)

    def _join(self, kept: Organization, other: Organization) -> None:
        """Undo a split: what was moved comes back; an organization that the split created is
        deleted."""
        put_back(self.carried, kept, other)
        if not self.is_new:
            other.aliases = self.other_before["aliases"]
            other.save(update_fields=["aliases"])
            return
        Carrier(other, kept).carry(carried_references())
        _log(other, Change.Kind.MERGE, into=str(kept.pk))
        other.delete()
        self.other = None


def _locked(*organizations: Organization) -> list[Organization]:
    """These rows as they are now, locked in the order of their ids."""
    ids = [organization.pk for organization in organizations]
    rows = (
        Organization.objects.select_for_update(of=("self",))
        .filter(pk__in=ids)
        .order_by("pk")
    )
    by_id = {row.pk: row for row in rows}
    return [by_id[pk] for pk in ids]


def _person(by: Any) -> Any:
    return by if getattr(by, "pk", None) else None


def _log(organization: Organization, kind: str, into: str = "") -> None:
    record = {
        "record_kind": "stocktaking.organization",
        "record_id": str(organization.pk),
    }
    Change.objects.create(
        kind=kind,
        into=into,
        version=Change.objects.filter(**record).count() + 1,
        content_hash=content_hash(
            {"name": organization.name, "aliases": organization.aliases}
        ),
        **record,
    )


def log_public(rows: models.QuerySet, by: Any) -> None:
    """Log a change of these records, as far as they are public."""
    model: Any = rows.model
    lists = [field.name for field in model._meta.many_to_many]
    public = [
        row for row in rows.prefetch_related(*lists).order_by("pk") if row.is_public
    ]
    if public:
        model.record_changes(public, Change.Kind.UPDATE, by=by)


@transaction.atomic
def rename(
    organization: Organization, old_name: str, by: AnyUser | None = None
) -> None:
    """After a new name is saved: make the old one an alias and update the records that repeat
    it. Other spellings, such as those in other languages, stay as written."""
    name = organization.name
    if old_name == name:
        return
    spelt_alike = old_name.casefold() == name.casefold()
    kept = {*organization.aliases} | (set() if spelt_alike else {old_name})
    organization.aliases = sorted(kept - {name})
    organization.save(update_fields=["aliases"])
    for reference in carried_references():
        model: Any = reference.model
        if any(field.name == "organization_name" for field in model._meta.fields):
            written = {
                reference.name: organization,
                "organization_name__iexact": old_name,
            }
            ids = list(
                model._base_manager.filter(**written).values_list("pk", flat=True)
            )
            rows = model._base_manager.filter(pk__in=ids)
            rows.update(organization_name=name)
            if hasattr(model, "record_changes"):
                log_public(rows, by)
    _log(organization, Change.Kind.UPDATE)
