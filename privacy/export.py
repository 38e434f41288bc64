"""A copy of a person's data: a page to read, the same data for programs, and the files."""

import datetime
import io
import json
import secrets
import zipfile
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Field
from django.template.loader import render_to_string
from django.utils import formats, timezone, translation
from django.utils.text import capfirst
from django.utils.translation import get_language_bidi, gettext
from django.utils.translation import gettext_lazy as _

from accounts.personal_data.models import DataExport
from accounts.user.models import User
from common.dates.zones import chosen_zone
from common.jobs.models import LIVE, LeaseLostError
from privacy.classes import Record
from privacy.records import of_people
from privacy.rows import files_of, mails_to, rows_of
from prizes.ballot.models import Vote
from prizes.ballot.voter import voter_of
from prizes.contest.models import Contest
from stocktaking.coeditor.models import CoEditor

READABLE = ("public", "members", "personal")


STYLE = """
body { font-family: system-ui, sans-serif; line-height: 1.5; margin: 2rem auto; max-width: 60rem;
       padding: 0 1rem; }
dl { border-block-start: 1px solid #bbb; display: grid; gap: 0 1rem;
     grid-template-columns: minmax(10rem, 1fr) 3fr; padding-block: 0.5rem; }
dt { color: #444; }
dd { margin: 0; overflow-wrap: anywhere; white-space: pre-line; }
"""


class Part(NamedTuple):
    """One kind of records: its heading, and the names and values of the fields of each."""

    label: str
    title: str
    rows: list[list[tuple[str, str, Any]]]  # name in data.json, name to read, value


def gathered(
    user: User, archive: zipfile.ZipFile, tell: Callable[[int], None]
) -> Iterator[Part]:
    records = list(of_people())
    for number, (model, record) in enumerate(records, start=1):
        own = rows_of(model, record, user).select_related(*links_of(model, record))
        if model is DataExport:  # the copy that is being made is empty so far
            own = own.exclude(state__in=LIVE)
        rows = list(own)
        for row in rows:
            for path in files_of(row):
                archive.writestr(f"files/{path}", default_storage.open(path).read())
        title = capfirst(str(model._meta.verbose_name_plural))
        yield Part(
            model._meta.label_lower,
            title,
            [fields_of(row, record, user) for row in rows],
        )
        tell(95 * number // len(records))


def links_of(model: type[models.Model], record: Record) -> list[str]:
    fields: list[Any] = [
        model._meta.get_field(name) for name in record.names(*READABLE)
    ]
    return [f.name for f in fields if isinstance(f, models.ForeignKey)]


def fields_of(
    row: models.Model, record: Record, user: User
) -> list[tuple[str, str, Any]]:
    fields = []
    for name in record.names(*READABLE):
        field: Any = row._meta.get_field(name)
        title = capfirst(str(getattr(field, "verbose_name", name)))
        fields.append((name, title, value_of(row, field, user)))
    return fields


def value_of(row: models.Model, field: Field, user: User) -> Any:
    """A value in words: the name of what it refers to, the label of a choice."""
    if field.many_to_many:
        return [named(term, user) for term in getattr(row, field.name).all()]
    if isinstance(field, models.ForeignKey):
        related = getattr(row, field.name)
        return "" if related is None else named(related, user)
    if isinstance(field, models.FileField):
        return str(getattr(row, field.name).name or "")
    value = getattr(row, field.attname)
    if field.flatchoices and not isinstance(value, list):
        return str(dict(field.flatchoices).get(value, value))
    return value


def named(related: models.Model, user: User) -> str:
    """The name of a record; people other than the owner of the copy are not named."""
    if isinstance(related, User) and related.pk != user.pk:
        return gettext("another person")
    return str(related)


def votes_of(user: User) -> Part:
    """The content of “My votes”: the choice, the receipt, and whether it was voided."""
    votes = [
        (contest, vote)
        for contest in Contest.objects.all()
        for vote in Vote.objects.of_voter(contest, voter_of(contest.pk, user))
    ]
    rows = [
        [
            ("contest", gettext("Contest"), str(contest)),
            ("category", gettext("Category"), str(vote.category)),
            ("entry", gettext("Your vote"), str(vote.entry)),
            ("at", gettext("Date"), vote.event.at),
            ("receipt", gettext("Receipt"), vote.receipt),
            (
                "void",
                gettext("Declared void"),
                vote.event.reason if vote.voided else "",
            ),
        ]
        for contest, vote in votes
    ]
    return Part("prizes.vote", gettext("My votes"), rows)


def invitations_of(user: User) -> Part:
    """Invitations to co-edit a project that were sent to the person's address."""
    rows = [
        [
            ("project", gettext("Project"), str(invitation.project)),
            ("created_at", gettext("Date"), invitation.created_at),
            ("expires_at", gettext("Valid until"), invitation.expires_at),
        ]
        for invitation in CoEditor.objects.waiting_for(user).select_related("project")
    ]
    return Part("stocktaking.invitation", gettext("Invitations to co-edit"), rows)


def letters_to(user: User) -> Part:
    rows = [
        [
            ("to", gettext("To"), letter.to),
            ("subject", gettext("Subject"), letter.subject),
            ("created_at", gettext("Date"), letter.created_at),
            (
                "body",
                gettext("Text"),
                letter.body or gettext("The text is no longer kept."),
            ),
        ]
        for letter in mails_to(user)
    ]
    return Part("common.outgoingmail", gettext("E-mails to you"), rows)


# --- the page -------------------------------------------------------------------------------

YES, NO = _("yes"), _("no")


def page_of(user: User, parts: list[Part]) -> str:
    context = {
        "person": user,
        "parts": [
            (
                part.title,
                [
                    [
                        (title, in_words(value))
                        for _n, title, value in row
                        if filled(value)
                    ]
                    for row in part.rows
                ],
            )
            for part in parts
            if part.rows
        ],
        "made_at": timezone.now(),
        "site": settings.SITE_URL,
        "language": user.language,
        "direction": "rtl" if get_language_bidi() else "ltr",
    }
    return render_to_string("privacy/_copy.html", context)


def filled(value: object) -> bool:
    return value not in (None, "", [], {})


def in_words(value: Any) -> str:
    """A value in the reader's language."""
    if isinstance(value, bool):
        return str(YES if value else NO)
    if isinstance(value, datetime.datetime):
        return formats.date_format(timezone.localtime(value), "DATETIME_FORMAT")
    if isinstance(value, datetime.date):
        return formats.date_format(value, "DATE_FORMAT")
    if isinstance(value, list | tuple):
        return ", ".join(map(in_words, value))
    if isinstance(value, dict):
        return "\n".join(
            f"{key}: {in_words(one)}" for key, one in value.items() if filled(one)
        )
    return str(value)


# --- the copy -------------------------------------------------------------------------------


def write_export(export_id: int) -> bool:
    """Write the ZIP of a waiting export, telling how far it is; whether this worker did it."""
    export = DataExport.objects.acquire(export_id)
    if export is None:
        return False
    try:
        content = zipped(export.user, export.advance)
        name = f"exports/{export.pk}-{secrets.token_hex(16)}.zip"
        path = default_storage.save(name, ContentFile(content))
    except LeaseLostError:
        return False
    except Exception:
        export.fail(gettext("Something went wrong. Please try again."))
        raise
    export.finish(file=path)
    return True


def zipped(user: User, tell: Callable[[int], None]) -> bytes:
    """`index.html` to read, `data.json` for programs, and the person's files."""
    target = io.BytesIO()
    zone = chosen_zone(user.time_zone)
    with (
        translation.override(user.language),
        timezone.override(zone),
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        parts = list(gathered(user, archive, tell))
        parts += [votes_of(user), invitations_of(user), letters_to(user)]
        data = {
            part.label: [{name: value for name, _t, value in row} for row in part.rows]
            for part in parts
        }
        text = json.dumps(data, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1)
        archive.writestr("data.json", text)
        archive.writestr("style.css", STYLE)
        archive.writestr("index.html", page_of(user, parts))
    return target.getvalue()
