"""Letters of an edition: their templates, and each letter that was issued."""

import re
import secrets
from collections.abc import Iterator
from typing import Any, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.moves.actors import AnyUser
from forum.badge.models import speakers_of
from forum.checkin.models import CheckIn
from forum.edition.models import Edition
from forum.registration.models import CODE_SIGNS, Attendance, Registration
from forum.registration.workflow import RegistrationStatus

CODE_LENGTH = 16
PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


class LetterKind(models.TextChoices):
    VISA = "visa", _("Invitation letter for a visa")
    PARTICIPATION = "participation", _("Certificate of participation")
    SPEAKER = "speaker", _("Certificate of speaker")


CERTIFICATES = (LetterKind.PARTICIPATION, LetterKind.SPEAKER)
# What a template may say of a person, and what it means.
PLACEHOLDERS: dict[str, Any] = {
    "name": _("name on the badge"),
    "organization": _("organization"),
    "country": _("country"),
    "attendance": _("how the person takes part"),
    "edition": _("title of the edition"),
    "days": _("first and last day"),
    "venue": _("venue"),
    "number": _("number of the letter"),
    "date": _("day of issue"),
}
PLACEHOLDERS_OF: dict[str, dict[str, Any]] = {
    LetterKind.VISA: PLACEHOLDERS
    | {
        "passport_name": _("name in the passport"),
        "passport_number": _("number of the passport"),
    },
    LetterKind.PARTICIPATION: PLACEHOLDERS,
    LetterKind.SPEAKER: PLACEHOLDERS,
}


def faults_of(text: str, kind: str) -> Iterator[Any]:
    """What is wrong with the placeholders of a text."""
    known = PLACEHOLDERS_OF.get(kind, PLACEHOLDERS)
    unknown = [name for name in PLACEHOLDER.findall(text) if name not in known]
    for name in dict.fromkeys(unknown):
        sentence = _("There is no placeholder {%(name)s}. Choose from: %(known)s.")
        names = ", ".join(f"{{{one}}}" for one in known)
        yield sentence % {"name": name[:40], "known": names}
    if set("{}") & set(PLACEHOLDER.sub("", text)):
        yield _("A brace is not closed: write {name}.")


class LetterTemplate(models.Model):  # type: ignore[django-manager-missing]  # modeltranslation wraps it
    """A letter of one kind in six languages; placeholders in braces stand for the person."""

    edition = models.ForeignKey(
        Edition,
        models.CASCADE,
        related_name="letter_templates",
        verbose_name=_("edition"),
    )
    kind = models.CharField(_("kind"), max_length=15, choices=LetterKind.choices)
    title = models.CharField(_("title"), max_length=150)
    body = models.TextField(
        _("text"),
        max_length=4000,
        help_text=_(
            "Paragraphs with an empty line between them. In braces: {name}, {organization}, "
            "{country}, {attendance}, {edition}, {days}, {venue}, {number}, {date}; in the "
            "invitation letter also {passport_name} and {passport_number}."
        ),
    )
    signatory = models.CharField(
        _("signed by"),
        max_length=300,
        help_text=_("Name and function, in the order in which they are printed."),
    )

    class Meta:
        verbose_name = _("template of a letter")
        verbose_name_plural = _("templates of letters")
        ordering = ["-edition__last_year", "kind", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "kind"],
                name="letter_template_once",
                violation_error_message=_("This edition has this letter already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.edition})"

    def clean(self) -> None:
        """Placeholders are checked in each language when the template is saved."""
        faults: dict[str, list[Any]] = {}
        for code, _name in settings.LANGUAGES:
            for name in ("title", "body"):
                field = f"{name}_{code.replace('-', '_')}"
                text = getattr(self, field, "") or ""
                if found := list(faults_of(text, self.kind)):
                    faults[field] = found
        if faults:
            raise ValidationError(faults)


def new_code() -> str:
    return "".join(secrets.choice(CODE_SIGNS) for _sign in range(CODE_LENGTH))


class IssuedLetterQuerySet(models.QuerySet["IssuedLetter"]):
    def visible_to(self, user: AnyUser) -> Self:
        return self.filter(registration__in=Registration.objects.visible_to(user))

    def current(self) -> Self:
        return self.filter(withdrawn_at=None)

    def for_print(self) -> Self:
        return self.select_related(
            "registration__edition",
            "registration__country",
            "registration__follow_up",
        )

    def issue(
        self, registrations: list[Registration], kind: str
    ) -> list["IssuedLetter"]:
        """The current letter of each person, made now where there is none; safe to run twice."""
        new = [IssuedLetter(registration=one, kind=kind) for one in registrations]
        IssuedLetter.objects.bulk_create(new, ignore_conflicts=True)
        rows = IssuedLetter.objects.current().filter(
            kind=kind, registration__in=registrations
        )
        return list(rows.for_print().order_by("registration__name", "pk"))


class IssuedLetter(models.Model):
    """One letter with its number. Its code is the address at which everybody can check it."""

    registration = models.ForeignKey(
        Registration,
        models.CASCADE,
        related_name="letters",
        verbose_name=_("registration"),
    )
    kind = models.CharField(_("kind"), max_length=15, choices=LetterKind.choices)
    code = models.CharField(
        _("code"), max_length=CODE_LENGTH, unique=True, default=new_code, editable=False
    )
    issued_at = models.DateTimeField(_("issued at"), auto_now_add=True)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("withdrawn by"),
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    objects = IssuedLetterQuerySet.as_manager()

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["registration", "kind"],
                condition=models.Q(withdrawn_at=None),
                name="issued_letter_once",
            )
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("forum:letter-check", args=[self.code])

    @property
    def number(self) -> str:
        """Such as WSIS-2027-00042."""
        return f"WSIS-{self.registration.edition.slug}-{self.pk:05d}"

    @property
    def is_valid(self) -> bool:
        """A letter of a registration that was withdrawn is not valid either."""
        approved = self.registration.status == RegistrationStatus.APPROVED
        return self.withdrawn_at is None and approved

    def withdraw(self, by: AnyUser, reason: str) -> None:
        """A second call changes nothing."""
        current = IssuedLetter.objects.current().filter(pk=self.pk)
        current.update(withdrawn_at=timezone.now(), withdrawn_by=by, reason=reason)


def is_over(edition: Edition) -> bool:
    today = timezone.now().astimezone(edition.zone).date()
    return bool(edition.end_date and edition.end_date < today)


def entitled(
    edition: Edition, kind: str, *, again: bool = False
) -> models.QuerySet[Registration]:
    """Registrations that may have this letter now; `again`: also after one was withdrawn.

    The invitation letter before the end of the edition, on site; certificates after it, for those
    who were there: checked in, or approved for remote participation.
    """
    approved = Registration.objects.filter(
        edition=edition, status=RegistrationStatus.APPROVED
    )
    if not again:
        withdrawn = IssuedLetter.objects.filter(kind=kind, withdrawn_at__isnull=False)
        approved = approved.exclude(pk__in=withdrawn.values("registration"))
    if kind == LetterKind.VISA:
        on_site = approved.filter(attendance=Attendance.ON_SITE)
        return on_site.none() if is_over(edition) else on_site
    if not is_over(edition):
        return approved.none()
    arrivals = CheckIn.objects.arrivals().filter(registration=models.OuterRef("pk"))
    rows = approved.filter(
        models.Q(attendance=Attendance.REMOTE) | models.Exists(arrivals)
    )
    if kind == LetterKind.SPEAKER:
        speakers = [account for _edition, account in speakers_of({edition.pk})]
        rows = rows.filter(user__in=speakers)
    return rows
