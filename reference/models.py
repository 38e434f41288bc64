"""Vocabularies from outside, keyed by their own codes, named in six languages.

`reference/data/*.csv` are the only source; `load_reference` upserts them at every deploy.
`name` is translated (reference/translation.py): `name_en`, `name_ar`, `name_zh_hans` …
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from common.collation import InReadersOrder
from common.feed import Part
from reference.feed import code_list

COMMISSIONS = Part(
    "reference_country_commissions",
    "true",
    "SELECT jsonb_agg(jsonb_build_array(part.country_id, part.commission_id) "
    "ORDER BY part.country_id, part.commission_id) FROM reference_country_commissions AS part",
)


class Term(models.Model):
    """A row of a vocabulary: a code that URLs and files use, a name that people read."""

    code = models.CharField(_("code"), max_length=12, primary_key=True)
    name = models.CharField(_("name"), max_length=200)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    source = models.TextField(_("source"), blank=True)

    class Meta:
        abstract = True
        ordering = ["order", "code"]

    def __str__(self) -> str:
        return self.name


class ActionLine(Term):
    """One of the 18 action lines of the Geneva Plan of Action; C7 is the parent of eight parts."""

    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="parts",
        verbose_name=_("part of"),
    )
    number = models.PositiveSmallIntegerField(
        _("prize category"),
        null=True,
        blank=True,
        unique=True,
        help_text=_("1 to 18; empty for C7"),
    )
    lead_facilitator = models.CharField(
        _("lead facilitator"), max_length=200, blank=True
    )
    partners = models.CharField(
        _("partners or former facilitators"), max_length=300, blank=True
    )

    class Meta(Term.Meta):
        verbose_name = _("action line")
        verbose_name_plural = _("action lines")
        constraints = [code_list("action_line", "parent_id", "number")]


class SDG(Term):
    """One of the 17 Sustainable Development Goals; the code is its number."""

    colour = models.CharField(_("colour"), max_length=7)

    class Meta(Term.Meta):
        verbose_name = _("SDG")
        verbose_name_plural = _("SDGs")
        constraints = [code_list("sdg", "colour")]


class MatrixCell(models.Model):
    """A link of the matrix of WSIS and SDGs: why an action line serves a goal."""

    action_line = models.ForeignKey(
        ActionLine, models.CASCADE, related_name="cells", verbose_name=_("action line")
    )
    sdg = models.ForeignKey(
        SDG, models.CASCADE, related_name="cells", verbose_name=_("SDG")
    )
    targets = ArrayField(
        models.CharField(max_length=8),
        verbose_name=_("targets"),
        default=list,
        blank=True,
    )
    rationale = models.TextField(_("rationale"))
    source = models.TextField(_("source"), blank=True)

    class Meta:
        verbose_name = _("matrix cell")
        verbose_name_plural = _("WSIS–SDG Matrix")
        ordering = ["action_line__order", "sdg__order"]
        constraints = [
            models.UniqueConstraint(
                fields=["action_line", "sdg"], name="matrix_cell_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.action_line_id} × SDG {self.sdg_id}"


class Region(Term):
    """One of ITU's six regions, or International, which lies outside the six."""

    class Meta(Term.Meta):
        verbose_name = _("ITU region")
        verbose_name_plural = _("ITU regions")
        constraints = [code_list("region")]


class Commission(Term):
    """A United Nations regional commission; commissions overlap, a country may be in several."""

    class Meta(Term.Meta):
        verbose_name = _("UN regional commission")
        verbose_name_plural = _("UN regional commissions")
        constraints = [code_list("commission")]


class Country(Term):
    """A country under the United Nations' own short name, or International (code INTL)."""

    iso3 = models.CharField(_("ISO 3166 alpha-3"), max_length=3, blank=True)
    m49 = models.CharField(_("M49 code"), max_length=3, blank=True)
    aliases = ArrayField(
        models.CharField(max_length=200),
        verbose_name=_("aliases"),
        default=list,
        blank=True,
        help_text=_("Common names in any language; used for search, never shown."),
    )
    region = models.ForeignKey(
        Region, models.PROTECT, related_name="countries", verbose_name=_("ITU region")
    )
    commissions = models.ManyToManyField(
        Commission,
        blank=True,
        related_name="countries",
        verbose_name=_("UN regional commissions"),
    )
    is_ldc = models.BooleanField(_("least developed country"), default=False)
    is_un_member = models.BooleanField(_("United Nations member"), default=False)
    is_itu_member = models.BooleanField(_("ITU Member State"), default=False)
    status_note = models.CharField(_("status"), max_length=200, blank=True)

    class Meta(Term.Meta):
        verbose_name = _("country")
        verbose_name_plural = _("countries")
        ordering = ["order", InReadersOrder("name", translated=True)]
        constraints = [
            code_list(
                "country", "iso3", "m49", "region_id", "is_ldc", parts=[COMMISSIONS]
            )
        ]


class StakeholderType(Term):
    class Meta(Term.Meta):
        verbose_name = _("stakeholder type")
        verbose_name_plural = _("stakeholder types")
        constraints = [code_list("stakeholder_type")]


class ActivityType(Term):
    class Meta(Term.Meta):
        verbose_name = _("activity type")
        verbose_name_plural = _("activity types")
        constraints = [code_list("activity_type")]


class CoverageLevel(Term):
    class Meta(Term.Meta):
        verbose_name = _("coverage")
        verbose_name_plural = _("coverage levels")
        constraints = [code_list("coverage")]


class TargetGroup(Term):
    class Meta(Term.Meta):
        verbose_name = _("target group")
        verbose_name_plural = _("target groups")
        constraints = [code_list("target_group")]


class Technology(Term):
    class Meta(Term.Meta):
        verbose_name = _("emerging technology")
        verbose_name_plural = _("emerging technologies")
        constraints = [code_list("technology")]
