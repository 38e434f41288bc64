"""Action lines, Sustainable Development Goals, and the matrix of both."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from reference.feed import code_list
from reference.term.models import Term


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
