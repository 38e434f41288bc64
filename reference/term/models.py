"""Terms of vocabularies: a code, and a name in six languages."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from reference.feed import code_list


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
