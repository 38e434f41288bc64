"""A person's copy of their data, and the erasure of it: both made from data_classes.RECORDS."""

import io
import json
import secrets
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from typing import Any

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.utils import timezone

from accounts.models import DataExport, Erasure, User
from common.models import OutgoingMail
from forum.models import Registration
from stocktaking.models import Claim, ImportJob, Project
from wsis_portal.data_classes import Erase, Record, of_people

FORGOTTEN = "erased.invalid"  # a domain that can never exist
# Public records: the log of the admin repeats their titles, which stay.
NAMED_BY_TITLE = frozenset({
    "stocktaking.project", "prizes.entry", "forum.session", "forum.agendarelease",
    "reports.publication", "roadmap.positionversion", "roadmap.recordversion",
})  # fmt: skip
ERASED = "erasures"  # folder of the store: outlives a restore of the database


# --- the copy -------------------------------------------------------------------------------


def write_export(export: DataExport) -> None:
    """Write the ZIP, telling how far it is; a second call writes nothing."""
    if not export.is_live:
        return
    export.state = DataExport.State.RUNNING  # type: ignore[assignment]
    export.save(update_fields=["state"])

    def tell(percent: int) -> None:
        DataExport.objects.filter(pk=export.pk).update(percent=percent)

    try:
        content = zipped(export.user, tell)
    except Exception:
        DataExport.objects.filter(pk=export.pk).update(state=DataExport.State.FAILED)
        raise
    name = f"exports/{export.pk}-{secrets.token_hex(16)}.zip"
    path = default_storage.save(name, ContentFile(content))
    DataExport.objects.filter(pk=export.pk).update(
        state=DataExport.State.DONE, percent=100, file=path, finished_at=timezone.now()
    )


def zipped(user: User, tell: Callable[[int], None]) -> bytes:
    """`data.json` (model → rows) and the person's files."""
    target, data = io.BytesIO(), {}
    known = list(of_people())
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, (model, record) in enumerate(known, start=1):
            rows = list(rows_of(model, record, user))
            data[model._meta.label_lower] = [as_plain(row, record) for row in rows]
            for row in rows:
                for path in files_of(row):
                    archive.writestr(f"files/{path}", default_storage.open(path).read())
            tell(95 * number // len(known))
        data["common.outgoingmail"] = [
            {"to": mail.to, "subject": mail.subject, "created_at": mail.created_at}
            for mail in mails_to(user)
        ]
        text = json.dumps(data, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1)
        archive.writestr("data.json", text)
    return target.getvalue()


def rows_of(model: type[models.Model], record: Record, user: User) -> models.QuerySet:
    asked = models.Q()
    for person in record.person.split():
        asked |= models.Q(**{person: user.pk})
    return model._default_manager.filter(asked).order_by("pk")


def as_plain(row: models.Model, record: Record) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in record.names("public", "members", "personal"):
        field: Any = row._meta.get_field(name)
        if field.many_to_many:
            found[name] = [str(term.pk) for term in getattr(row, name).all()]
        elif isinstance(field, models.FileField):
            found[name] = str(getattr(row, name).name or "")
        else:
            found[name] = getattr(row, field.attname)
    return found


def files_of(row: models.Model) -> Iterator[str]:
    for field in row._meta.concrete_fields:
        if isinstance(field, models.FileField):
            path = str(getattr(row, field.name).name or "")
            if path and default_storage.exists(path):
                yield path


def attached_to(row: models.Model) -> Iterator[str]:
    """Files of an entry that lie in rows of their own, which go with it."""
    for attachment in row.files.all() if isinstance(row, Project) else ():
        yield from files_of(attachment)


def addresses_of(user: User) -> list[str]:
    known = EmailAddress.objects.filter(user=user).values_list("email", flat=True)
    return [*dict.fromkeys([user.email, *known])]


def mails_to(user: User) -> models.QuerySet[OutgoingMail]:
    found = models.Q()
    for address in addresses_of(user):
        found |= models.Q(to__iexact=address)
    return OutgoingMail.objects.filter(found).order_by("pk")


# --- the erasure ----------------------------------------------------------------------------


@transaction.atomic
def erase(user: User) -> None:
    """Forget the person: what was never public goes, what was stays without a name.

    Safe to run twice. The row of the account stays, for published work and decisions point to it.
    """
    end_sessions(user)
    forget_mail(user)
    forget_log_entries(user)
    leave_forum(user)
    Claim.objects.lapse(user)
    for export in DataExport.objects.filter(user=user):
        export.drop_file()
    for path in ImportJob.objects.filter(by=user).exclude(file="").values_list("file", flat=True):
        default_storage.delete(path)
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


def delete(rows: models.QuerySet) -> None:
    """Rows and their files; the files once it is certain that the rows are gone."""
    for row in rows:
        for path in (*files_of(row), *attached_to(row)):
            stem = path.rpartition(".")[0]
            for stored in (path, f"{stem}-480.webp"):
                transaction.on_commit(partial(default_storage.delete, stored))
    rows.delete()


def drop(rows: models.QuerySet) -> None:
    """Delete row by row; one that a record of others needs stays, and is blanked like the rest."""
    for row in rows:
        with suppress(models.ProtectedError), transaction.atomic():
            delete(rows.filter(pk=row.pk))


def blank(row: models.Model, record: Record) -> None:
    """Empty what is not public; keys that tie rows together stay."""
    changed = []
    forget = record.forget.split()
    for name in dict.fromkeys([*record.names("members", "personal", "secret"), *forget]):
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


def points_to_person(field: Any) -> bool:
    return isinstance(field, models.ForeignKey) and field.related_model is User


def empty(field: Any) -> Any:
    if field.null:
        return None
    return field.get_default() if field.has_default() else ""


def close_account(user: User) -> None:
    """Nobody can sign in any more; the address is one that cannot exist."""
    User.objects.filter(pk=user.pk).update(
        first_name="", last_name="", email=f"erased-{user.pk}@{FORGOTTEN}", is_active=False,
        language=empty(User._meta.get_field("language")), time_zone="UTC", last_login=None,
        is_staff=False, is_superuser=False, password="!" + secrets.token_hex(20),
    )  # fmt: skip
    user.groups.clear()


def leave_forum(user: User) -> None:
    """Places at an edition that is not over go to those who wait."""
    today = timezone.localdate()
    coming = Registration.objects.live().filter(user=user).exclude(edition__end_date__lt=today)
    for registration in coming:
        registration.move("cancel", user)


def end_sessions(user: User) -> None:
    keys = UserSession.objects.filter(user=user).values_list("session_key", flat=True)
    Session.objects.filter(session_key__in=list(keys)).delete()


def forget_mail(user: User) -> None:
    """Mails to the person, and what others were written about them."""
    named = models.Q()
    for address in addresses_of(user):
        named |= models.Q(body__icontains=address) | models.Q(subject__icontains=address)
    about = OutgoingMail.objects.filter(named)
    emptied = {
        "to": f"nobody@{FORGOTTEN}",
        "subject": "",
        "body": "",
        "error": "",
        "unsubscribe": "",
    }
    mails_to(user).update(**emptied)
    about.update(subject="", body="", error="")
    # what was waiting is not sent to nobody
    OutgoingMail.objects.filter(to=emptied["to"], sent_at=None).update(sent_at=timezone.now())


def forget_log_entries(user: User) -> None:
    """Django's log of the admin repeats names of accounts, profiles and the like."""
    about = models.Q(pk=None)
    for model, record in of_people():
        if model._meta.label_lower not in NAMED_BY_TITLE:
            keys = [str(key) for key in rows_of(model, record, user).values_list("pk", flat=True)]
            about |= models.Q(
                content_type__app_label=model._meta.app_label,
                content_type__model=model._meta.model_name, object_id__in=keys,
            )  # fmt: skip
    LogEntry.objects.filter(about).update(object_repr="–")


def mark_of(user: User) -> str:
    """Names an account without a word of its own: id and the moment it was made."""
    return f"{user.pk}-{int(user.date_joined.timestamp() * 10**6)}"


def remember(user: User) -> None:
    path = f"{ERASED}/{mark_of(user)}"
    if not default_storage.exists(path):
        default_storage.save(path, ContentFile(b""))


def replay() -> int:
    """After a restore: forget again whoever had been forgotten since; returns how many."""
    if not default_storage.exists(ERASED):
        return 0
    marks = set(default_storage.listdir(ERASED)[1])
    ids = [int(mark.partition("-")[0]) for mark in marks if mark.partition("-")[0].isdigit()]
    back = User.objects.filter(pk__in=ids).exclude(email__endswith=f"@{FORGOTTEN}")
    found = [user for user in back if mark_of(user) in marks]
    for user in found:
        erase(user)
    return len(found)
