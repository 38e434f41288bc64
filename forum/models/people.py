"""People of the Forum: speakers, moderators, facilitators; most of them have no account."""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from forum.querysets import PersonQuerySet


class Person(models.Model):
    """Somebody with a part in a session; what stands here is public once the agenda is."""

    name = models.CharField(_("name"), max_length=150)
    organisation = models.CharField(_("organisation"), max_length=250, blank=True)
    position = models.CharField(_("position"), max_length=250, blank=True)
    country = models.ForeignKey(
        "reference.Country", models.PROTECT, null=True, blank=True, verbose_name=_("country"),
        related_name="forum_people",
    )  # fmt: skip
    bio = models.TextField(_("about the person"), blank=True, max_length=4000)
    bio_language = models.CharField(
        _("language of the text"), max_length=8, choices=settings.LANGUAGES, default="en"
    )
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True,
        related_name="forum_person", verbose_name=_("account"),
    )  # fmt: skip
    is_public = models.BooleanField(_("in a released programme"), default=False, editable=False)
    source = models.TextField(_("source"), blank=True, max_length=2000)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    objects = PersonQuerySet.as_manager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["name", "pk"]
        indexes = [models.Index(fields=["name", "id"], name="person_order")]

    def __str__(self) -> str:
        return f"{self.name} ({self.organisation})" if self.organisation else self.name

    def get_absolute_url(self) -> str:
        return reverse("forum:person", args=[self.pk])


class Role(models.TextChoices):
    CHAIR = "chair", _("Chair")
    FACILITATOR = "facilitator", _("High-Level Track Facilitator")
    LINE_FACILITATOR = "line", _("Action line facilitator")
    MODERATOR = "moderator", _("Moderator")
    PANELLIST = "panellist", _("Panellist")
    REMOTE = "remote", _("Remote moderator")
    RAPPORTEUR = "rapporteur", _("Rapporteur")
    ORGANISER = "organiser", _("Organiser")


# An organiser need not sit in the room; everybody else can be in one room at a time only.
PRESENT = frozenset(set(Role) - {Role.ORGANISER})


class Participation(models.Model):
    """A person's part in a session."""

    session = models.ForeignKey(
        "forum.Session", models.CASCADE, related_name="participations", verbose_name=_("session")
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
                violation_error_message=_("This person has this role in the session already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} × {self.session_id} ({self.get_role_display()})"
