"""Bodies: where decisions are made or discussed, and who chairs or serves there."""

from typing import Any, Self

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.dates import partial
from roadmap import feed
from roadmap.agency.models import Agency
from roadmap.record import dates
from roadmap.record.models import CODE, SourcedRecord, sort_date


class BodyQuerySet(models.QuerySet["Body"]):
    def for_list(self) -> Self:
        """Bodies with their offices, those with a description first."""
        return self.prefetch_related("offices__agency")


class Body(SourcedRecord):
    """A conference, council, commission or group that decides or discusses."""

    code = models.CharField(
        _("code"), max_length=20, primary_key=True, validators=[CODE]
    )
    short = models.CharField(_("short name"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=200)
    description = models.TextField(_("what it is"), max_length=4000, blank=True)
    website = models.URLField(_("website"), max_length=500, blank=True)
    since = partial.WrittenDateField(
        _("exists since"),
        max_length=partial.MAX_LENGTH,
        blank=True,
        validators=[dates.validate],
        help_text=_(
            "Enter a date as precise as the source: 2025, 2025-07 or 2025-07-11."
        ),
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    objects = BodyQuerySet.as_manager()

    class Meta:
        verbose_name = _("body")
        verbose_name_plural = _("bodies")
        ordering = ["order", "short"]
        constraints = [feed.BODIES]

    def __str__(self) -> str:
        return self.short

    def get_absolute_url(self) -> str:
        return reverse("roadmap:body", args=[self.pk])

    def public_content(self) -> dict[str, Any]:
        names = ("code", "short", "name", "description", "website", "since", "source")
        return {name: getattr(self, name) for name in names} | {
            "offices": [office.content() for office in self.offices.all()]
        }


class Office(models.Model):
    """Who chairs or serves on a body, and for how long, as far as known."""

    class Role(models.TextChoices):
        CHAIR = "chair", _("Chair")
        CO_CHAIR = "co-chair", _("Co-chair")
        VICE_CHAIR = "vice-chair", _("Vice-chair")
        MEMBER = "member", _("Member")
        SECRETARIAT = "secretariat", _("Secretariat")

    body = models.ForeignKey(
        Body, models.PROTECT, related_name="offices", verbose_name=_("body")
    )
    agency = models.ForeignKey(
        Agency, models.PROTECT, related_name="offices", verbose_name=_("agency")
    )
    role = models.CharField(_("role"), max_length=12, choices=Role.choices)
    of = models.CharField(
        _("of which part"),
        max_length=100,
        blank=True,
        help_text=_("For example “Steering Committee”."),
    )
    from_date = models.CharField(_("from"), max_length=10, blank=True)
    until_date = models.CharField(_("until"), max_length=10, blank=True)
    sort_date = sort_date("from_date")
    source = models.TextField(_("source"), max_length=2000)

    class Meta:
        verbose_name = _("office of a body")
        verbose_name_plural = _("offices of bodies")
        ordering = ["body", "-sort_date", "role", "agency"]
        constraints = [
            models.UniqueConstraint(
                fields=["body", "agency", "role", "from_date"], name="office_once"
            ),
        ]

    def __str__(self) -> str:
        return office_text(self.content())

    @property
    def when(self) -> str:
        """The period in words; empty when it is not known."""
        if not (self.from_date or self.until_date):
            return ""
        return dates.span(self.from_date, self.until_date)

    def content(self) -> dict[str, str]:
        """The content of the office in a stored version of the body, the same in every language."""
        return {
            "agency": self.agency_id,
            "role": self.role,
            "of": self.of,
            "from": self.from_date,
            "until": self.until_date,
        }


def office_text(office: dict[str, str]) -> str:
    """“ITU, Vice-chair (Steering Committee), May 2024” in words of the page's language."""
    role = str(dict(Office.Role.choices).get(office["role"], office["role"]))
    if office["of"]:
        role = f"{role} ({office['of']})"
    has_date = office["from"] or office["until"]
    when = dates.span(office["from"], office["until"]) if has_date else ""
    comma = gettext(", ")
    return comma.join(filter(None, [office["agency"], role, when]))
