"""What people say of a project: the fields of its form, with their limits.

What the portal does with each of them is in fields.py.
"""

import hashlib
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.text.words import WordLimit
from stocktaking.project.period import Period

if TYPE_CHECKING:  # the type of a lazy string, which only the stubs know
    from django.utils.functional import _StrPromise

SUMMARY_WORDS = 200  # the Prizes take a short description of 150 to 200 words
LONG_TEXT_WORDS = 1000


def long_text(name: "_StrPromise") -> models.TextField:
    """A text of up to 1,000 words."""
    return models.TextField(
        name, blank=True, max_length=10000, validators=[WordLimit(LONG_TEXT_WORDS)]
    )


def image_path(project: models.Model, filename: str) -> str:
    """Our own name: what the uploader called the file is never used on disk."""
    digest = hashlib.sha256(
        f"{project.pk}:{timezone.now().isoformat()}".encode()
    ).hexdigest()
    return f"projects/{digest[:2]}/{digest[2:24]}.{filename.rpartition('.')[2]}"


class Texts(models.Model):
    """What a project, and each text of it in another language, says in words besides its title."""

    summary = models.TextField(
        _("short description"),
        blank=True,
        max_length=4000,
        validators=[WordLimit(SUMMARY_WORDS)],
    )
    partners = long_text(_("partners"))
    results = long_text(_("results"))
    replicability = long_text(_("replicability"))
    sustainability = long_text(_("sustainability"))
    image_alt = models.CharField(
        _("description of the image"), max_length=250, blank=True
    )

    class Meta:
        abstract = True


class Description(Texts, Period):
    """The answers to the project form, which follows the Stocktaking entry form."""

    class Timescale(models.TextChoices):
        PLANNED = "planned", _("Planned")
        ONGOING = "ongoing", _("Ongoing")
        COMPLETED = "completed", _("Completed")

    # what
    title = models.CharField(_("title"), max_length=250)
    language = models.CharField(
        _("language of the text"),
        max_length=8,
        choices=settings.LANGUAGES,
        default="en",
    )
    activity_type = models.ForeignKey(
        "reference.ActivityType",
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("type of activity"),
        related_name="projects",
    )
    website = models.URLField(_("website"), max_length=500, blank=True)
    image = models.ImageField(_("image"), upload_to=image_path, blank=True)
    attachments = (
        models.JSONField(  # items as Attachment.as_item() makes them, in their order
            _("images and documents"),
            default=list,
            blank=True,
            editable=False,
            db_default=models.Value([], models.JSONField()),
        )
    )

    # who
    organization = models.ForeignKey(
        "stocktaking.Organization",
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("organization"),
        related_name="projects",
    )
    organization_name = models.CharField(
        _("organization"),
        max_length=250,
        blank=True,
        help_text=_(
            "As entered with the project; the list of organizations holds the organization itself."
        ),
    )
    stakeholder_type = models.ForeignKey(
        "reference.StakeholderType",
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("stakeholder type"),
        related_name="projects",
    )
    organization_country = models.ForeignKey(
        "reference.Country",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("country of the organization"),
        help_text=_("Only if it is not the country of the project."),
    )
    contact_name = models.CharField(_("contact person"), max_length=150, blank=True)
    contact_email = models.EmailField(_("contact e-mail"), blank=True)

    # where and when
    country = models.ForeignKey(
        "reference.Country",
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("country"),
        related_name="projects",
    )
    coverage = models.ForeignKey(
        "reference.CoverageLevel",
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("coverage"),
        related_name="projects",
    )
    timescale = models.CharField(
        _("status of the activity"),
        max_length=10,
        choices=Timescale.choices,
        blank=True,
    )

    # action lines, goals, people reached
    main_action_line = models.ForeignKey(
        "reference.ActionLine",
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("main action line"),
        related_name="main_projects",
        limit_choices_to={"number__isnull": False},
    )
    other_action_lines = models.ManyToManyField(
        "reference.ActionLine",
        blank=True,
        verbose_name=_("other action lines"),
        related_name="other_projects",
        limit_choices_to={"number__isnull": False},
    )
    sdgs = models.ManyToManyField(
        "reference.SDG", blank=True, verbose_name=_("SDGs"), related_name="projects"
    )
    target_groups = models.ManyToManyField(
        "reference.TargetGroup",
        blank=True,
        verbose_name=_("target groups"),
        related_name="projects",
    )
    technologies = models.ManyToManyField(
        "reference.Technology",
        blank=True,
        verbose_name=_("emerging technologies"),
        related_name="projects",
    )

    class Meta:
        abstract = True
