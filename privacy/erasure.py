"""Erasure of a person's data, driven by privacy.records."""

import re
import secrets
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import partial
from typing import Any

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.postgres.fields import ArrayField
from django.contrib.sessions.models import Session
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import models, transaction
from django.db.models import Field
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext

from accounts.personal_data.models import DataExport, Erasure
from accounts.user.models import User
from common.imports.models import ImportJob
from common.jobs.printing import FileJob
from common.mail import outbox
from common.mail.addresses import without
from common.mail.delivery_reports import MAX_SENTENCE
from common.mail.models import OutgoingMail
from forum.consultation.models import Submission
from forum.people.models import Person, name_key
from forum.registration.models import Registration
from forum.speakers.models import ProposedSpeaker
from forum.suggestion.models import Suggestion
from privacy.classes import Erase, Record
from privacy.leaving import end_what_waits
from privacy.records import of_people
from privacy.rows import addresses_of, attached_to, files_of, mails_to, rows_of
from stocktaking.member.models import Member

FORGOTTEN = "erased.invalid"  # a domain that can never exist


# Public records: the log of the admin repeats their titles, which stay.
NAMED_BY_TITLE = frozenset(
    {
        "common.recordversion",
        "stocktaking.project",
        "prizes.entry",
        "forum.session",
        "forum.agendarelease",
        "reports.publication",
        "roadmap.positionversion",
    }
)


NOTHING: dict[type[models.Field], Callable[[], Any]] = {
    models.JSONField: dict,
    ArrayField: list,
    models.BooleanField: bool,
    models.IntegerField: int,
    models.FloatField: float,
}


NAME_INSTEAD = "–"
ERASED = "erasures"  # folder of the store: outlives a restore of the database


# --- the erasure ----------------------------------------------------------------------------


@transaction.atomic
def erase(user: User) -> None:
    """Erase the person: what was never public is deleted, what was stays without a name.

    Safe to run twice. The row of the account stays, because published work and decisions refer to
    it.
    """
    goodbye = farewell(user)
    end_what_waits(user, for_ever=True)
    end_sessions(user)
    forget_mail(user)
    forget_named(user)
    forget_log_entries(user)
    drop_files_of(ImportJob.objects.filter(by=user).exclude(file=""))
    drop_files_of(DataExport.objects.filter(user=user).exclude(file=""))
    for model, record in of_people():
        rows = rows_of(model, record, user)
        if record.drop:
            drop(rows.filter(**record.drop))
        if record.erase == Erase.DELETE:
            delete(rows)
        elif record.erase == Erase.BLANK:
            for row in rows:
                blank(row, record)
    close_account(user)
    Erasure.objects.waiting().filter(user=user).update(done_at=timezone.now())
    remember(user)
    if goodbye:
        outbox.queue(**goodbye, leaves_no_trace=True)


def drop_files_of(jobs: Iterable[ImportJob | DataExport | FileJob]) -> int:
    """Delete the files of imports, copies of personal data or print jobs; returns how many."""
    dropped = 0
    for job in jobs:
        default_storage.delete(job.file)
        dropped += type(job)._default_manager.filter(pk=job.pk).update(file="")
    return dropped


def farewell(user: User) -> dict[str, str] | None:
    """The last mail, which confirms the erasure; None for somebody who was erased before."""
    if user.email.endswith(f"@{FORGOTTEN}"):
        return None
    with translation.override(user.language):
        context = {"to": user, "site": settings.SITE_URL}
        text = render_to_string("mail/account/erased.txt", context)
    subject, _newline, body = text.strip().partition("\n")
    return {"to": user.email, "subject": subject, "body": body}


def delete(rows: models.QuerySet) -> None:
    """Delete rows, and their files once it is certain that the rows are gone."""
    for row in rows:
        for path in (*files_of(row), *attached_to(row)):
            stem = path.rpartition(".")[0]
            for stored in (path, f"{stem}-480.webp"):
                transaction.on_commit(partial(default_storage.delete, stored))
    rows.delete()


def drop(rows: models.QuerySet) -> None:
    """Delete row by row; one that records of others need stays, and is blanked like the rest."""
    for row in rows:
        with suppress(models.ProtectedError), transaction.atomic():
            delete(rows.filter(pk=row.pk))


def blank(row: models.Model, record: Record) -> None:
    """Empty what is not public; keys that connect rows stay."""
    changed = []
    forget = record.forget.split()
    for name in dict.fromkeys(
        [*record.names("members", "personal", "secret"), *forget]
    ):
        field: Any = row._meta.get_field(name)
        if field.many_to_many:
            getattr(row, name).clear()
        elif name in forget or not points_to_person(field):
            setattr(row, name, empty(field))
            changed.append(name)
    if not isinstance(row, User):  # close_account writes the account itself
        type(row)._default_manager.filter(pk=row.pk).update(
            **{name: getattr(row, name) for name in changed}
        )


def points_to_person(field: Field) -> bool:
    return isinstance(field, models.ForeignKey) and field.remote_field.model is User


def empty(field: Field) -> Any:
    """An empty value of a type that readers of the field can handle."""
    if field.null:
        return None
    if field.has_default():
        return field.get_default()
    for kind, nothing in NOTHING.items():
        if isinstance(field, kind):
            return nothing()
    return ""


def close_account(user: User) -> None:
    """Nobody can sign in any more; the address becomes one that cannot exist."""
    User.objects.filter(pk=user.pk).update(
        first_name="",
        last_name="",
        email=f"erased-{user.pk}@{FORGOTTEN}",
        is_active=False,
        language=empty(User._meta.get_field("language")),
        time_zone="",
        last_login=None,
        is_staff=False,
        is_superuser=False,
        password="!" + secrets.token_hex(20),
    )
    user.groups.clear()


def end_sessions(user: User) -> None:
    keys = UserSession.objects.filter(user=user).values_list("session_key", flat=True)
    Session.objects.filter(session_key__in=list(keys)).delete()


def forget_mail(user: User) -> None:
    """Empty mails to the person; in mails to others remove only the address."""
    addresses = addresses_of(user)
    emptied = {
        "to": f"nobody@{FORGOTTEN}",
        "subject": "",
        "body": "",
        "error": "",
        "answer": "",
        "unsubscribe": "",
    }
    # a record of the Forum that no account is linked with may have the address too
    Person.objects.filter(email__in=addresses).update(email="")
    mails = mails_to(user)
    # mails that wait are not sent any more
    mails.filter(sent_at=None).update(sent_at=timezone.now(), **emptied)
    mails.update(**emptied)
    named = models.Q()
    for address in addresses:
        named |= models.Q(body__icontains=address) | models.Q(
            subject__icontains=address
        )
        named |= models.Q(error__icontains=address) | models.Q(
            answer__icontains=address
        )
    for letter in OutgoingMail.objects.filter(named).iterator():
        take_out(letter, addresses)


# What is put in place of an address may be longer than it.
LIMITS = {"subject": 250, "error": 300, "answer": MAX_SENTENCE}


def take_out(letter: OutgoingMail, addresses: list[str]) -> None:
    """Remove these addresses from a mail to somebody else, which is still sent."""
    reader = User.objects.with_address(letter.to).first()
    with translation.override(reader.language if reader else settings.LANGUAGE_CODE):
        instead = gettext("[address removed]")
    names = ("subject", "body", "error", "answer")
    texts = {name: getattr(letter, name) for name in names}
    changed = {}
    for name, text in texts.items():
        new = text
        for address in addresses:
            new = without(address, new, instead)
        if new != text:
            changed[name] = new[: LIMITS.get(name)]
    if changed:
        OutgoingMail.objects.filter(pk=letter.pk).update(**changed)


# --- where others have named the person ----------------------------------------------------


def forget_named(user: User) -> None:
    """Take the person out of proposals of others, of what others wrote there line by line, and out
    of stored plans. A speaker is the same person by name, as for conflicts of interest, unless
    both have an organization and these differ: somebody else may have the name."""
    names = names_of(user)
    keys = {name_key(name) for name in names} - {""}
    if not keys:
        return
    houses = organizations_of(user)
    for row in ProposedSpeaker.objects.filter(name_key__in=keys):
        house = row.organization.casefold().strip()
        if not house or not houses or house in houses:
            row.delete()
    forget_lines(keys)
    for plan in Suggestion.objects.exclude(variants=[]):
        variants = without_names(plan.variants, names)
        if variants != plan.variants:
            Suggestion.objects.filter(pk=plan.pk).update(variants=variants)


def names_of(user: User) -> list[str]:
    """Of the account, and of the records at the Forum that are linked with it; longest first."""
    records = Person.objects.filter(user=user).values_list("name", flat=True)
    registered = Registration.objects.filter(user=user).values_list("name", flat=True)
    names = {user.get_full_name(), *records, *registered}
    return sorted((name for name in names if name.strip()), key=len, reverse=True)


def organizations_of(user: User) -> set[str]:
    names: set[str] = set()
    member = Member.objects.select_related("organization").filter(user=user).first()
    if member and member.organization:
        names |= {member.organization.name, *member.organization.aliases}
    records = Person.objects.filter(user=user)
    names |= set(records.values_list("organization", flat=True))
    rows = Registration.objects.filter(user=user)
    names |= set(rows.values_list("organization_name", flat=True))
    return {name.casefold().strip() for name in names} - {""}


def forget_lines(keys: set[str]) -> None:
    """The nominations of an input: one person per line, the name first."""
    for row in Submission.objects.exclude(people=""):
        lines = row.people.splitlines()
        kept = [line for line in lines if name_key(line.split(",")[0]) not in keys]
        if len(kept) < len(lines):
            Submission.objects.filter(pk=row.pk).update(people="\n".join(kept))


def without_names(value: Any, names: list[str]) -> Any:
    """A value of JSON without these names in its texts."""
    if isinstance(value, str):
        for name in names:
            value = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", NAME_INSTEAD, value)
        return value
    if isinstance(value, list):
        return [without_names(one, names) for one in value]
    if isinstance(value, dict):
        return {key: without_names(one, names) for key, one in value.items()}
    return value


# --- logs and the account -----------------------------------------------------------------------


def forget_log_entries(user: User) -> None:
    """Clear names of accounts, profiles and the like from Django's admin log."""
    about = models.Q(pk=None)
    for model, record in of_people():
        if model._meta.label_lower not in NAMED_BY_TITLE:
            keys = [
                str(key)
                for key in rows_of(model, record, user).values_list("pk", flat=True)
            ]
            about |= models.Q(
                content_type__app_label=model._meta.app_label,
                content_type__model=model._meta.model_name,
                object_id__in=keys,
            )
    LogEntry.objects.filter(about).update(object_repr="–")


def mark_of(user: User) -> str:
    """Identifies an account without personal data: id and time of creation."""
    return f"{user.pk}-{int(user.date_joined.timestamp() * 10**6)}"


def remember(user: User) -> None:
    path = f"{ERASED}/{mark_of(user)}"
    if not default_storage.exists(path):
        default_storage.save(path, ContentFile(b""))


def replay() -> int:
    """After a restore: erase again everybody who had been erased since the backup; returns how
    many."""
    if not default_storage.exists(ERASED):
        return 0
    marks = set(default_storage.listdir(ERASED)[1])
    ids = [
        int(mark.partition("-")[0])
        for mark in marks
        if mark.partition("-")[0].isdigit()
    ]
    back = User.objects.filter(pk__in=ids).exclude(email__endswith=f"@{FORGOTTEN}")
    erased = [user for user in back if mark_of(user) in marks]
    for user in erased:
        erase(user)
    return len(erased)
