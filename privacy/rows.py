"""Rows, files and mails that belong to a person, by privacy.records."""

from collections.abc import Iterator

from allauth.account.models import EmailAddress
from django.core.files.storage import default_storage
from django.db import models
from django.db.models.functions import Lower

from accounts.user.models import User
from common.mail.addresses import canonical
from common.mail.models import OutgoingMail
from privacy.classes import Record
from stocktaking.project.models import Project


def rows_of(model: type[models.Model], record: Record, user: User) -> models.QuerySet:
    of_person = models.Q()
    for person in record.person.split():
        of_person |= models.Q(**{person: user.pk})
    return model._default_manager.filter(of_person).order_by("pk")


def files_of(row: models.Model) -> Iterator[str]:
    for field in row._meta.concrete_fields:
        if isinstance(field, models.FileField):
            path = str(getattr(row, field.name).name or "")
            if path and default_storage.exists(path):
                yield path


def attached_to(row: models.Model) -> Iterator[str]:
    """Files of a project that are rows of their own and are deleted with it."""
    for attachment in row.files.all() if isinstance(row, Project) else ():
        yield from files_of(attachment)


def addresses_of(user: User) -> list[str]:
    confirmed = EmailAddress.objects.filter(user=user).values_list("email", flat=True)
    return [*dict.fromkeys(map(canonical, [user.email, *confirmed]))]


def mails_to(user: User) -> models.QuerySet[OutgoingMail]:
    """Mails to exactly these addresses; PostgreSQL folds no other letter to ASCII here."""
    rows = OutgoingMail.objects.filter(to__regex=r"^[!-~]+$").annotate(
        spelling=Lower("to")
    )
    return rows.filter(spelling__in=addresses_of(user)).order_by("pk")
