"""Countries, their regions, and the commissions of the United Nations for them."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from common.records.feed import Part
from common.text.collation import InReadersOrder
from reference.feed import code_list
from reference.term.models import Term

COMMISSIONS = Part(
    "reference_country_commissions",
    "true",
    "SELECT jsonb_agg(jsonb_build_array(part.country_id, part.commission_id) "
    "ORDER BY part.country_id, part.commission_id) FROM reference_country_commissions AS part",
)


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
    """A country under the short name of the United Nations, or International (code INTL)."""

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
