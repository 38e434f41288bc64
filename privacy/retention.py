"""Retention periods (docs/operations.md); each rule can run twice and deletes nothing early."""

import calendar
import datetime
from collections.abc import Callable
from typing import Any

from django.core.files.storage import default_storage
from django.db import models, transaction
from django.utils import timezone

from accounts.personal_data.models import EXPORT_KEPT, DataExport
from accounts.sign_in.models import SignIn
from accounts.user.models import User
from common.imports.models import ImportJob
from common.mail.models import OutgoingMail
from forum.follow_up.models import FollowUp
from forum.people.models import Person
from forum.printing.models import KEPT as PRINTED_KEPT
from forum.printing.models import PrintJob
from forum.printing.work import FOLDER as PRINTED
from forum.registration.models import Registration
from privacy.erasure import delete, drop_files_of
from prizes.ballot.barring import FormerMembership
from reports.asking.models import Contribution
from reports.early.models import EarlyReader
from reports.subscription.models import TO_CONFIRM, Subscription
from stocktaking.base.workflow import Status
from stocktaking.file.models import Attachment
from stocktaking.project.models import Project
from stocktaking.reminder.models import Reminder
from stocktaking.revision.models import Revision

DRAFT_MONTHS, REMINDER_MONTHS, SIGN_IN_MONTHS, FORMER_MONTHS = 12, 11, 12, 12
GUEST_MONTHS = 12  # after the edition
REPORT_MONTHS = 24  # after its publication
FORUM_MONTHS = 24  # after the last day of their last edition
LAST_REMINDER = datetime.timedelta(days=7)  # before a draft goes
JOB_FILES = MAIL_TEXTS = datetime.timedelta(days=30)
LAST_MAIL_TRIED = datetime.timedelta(days=3)
UNVERIFIED = datetime.timedelta(days=7)
FOLDERS = ("imports", "exports", PRINTED)
AT_ONCE = 1000  # rows of one run; the next hour takes the rest


def months_ago(count: int) -> datetime.datetime:
    """The same time of day so many months ago; in a shorter month its last day."""
    now = timezone.now()
    month = now.year * 12 + now.month - 1 - count
    year, month = month // 12, month % 12 + 1
    return now.replace(
        year=year, month=month, day=min(now.day, calendar.monthrange(year, month)[1])
    )


def drafts_until(moment: datetime.datetime) -> models.QuerySet[Project]:
    """Drafts of people that were never public and have not changed since."""
    drafts = Project.objects.filter(
        status=Status.DRAFT, version=0, updated_at__lte=moment
    )
    return drafts.exclude(owner=None).order_by("updated_at")


def remind_of_drafts() -> int:
    gone = months_ago(DRAFT_MONTHS)
    last = gone + LAST_REMINDER
    steps = (  # kind, not touched since, touched after: one reminder for each draft at a time
        (Reminder.Kind.DRAFT_WEEK, last, gone),
        (Reminder.Kind.DRAFT_MONTH, months_ago(REMINDER_MONTHS), last),
    )
    reminded = 0
    later: tuple[Reminder.Kind, ...] = ()
    for (
        kind,
        moment,
        after,
    ) in steps:  # the last one first: somebody who missed two gets one
        drafts = drafts_until(moment).filter(updated_at__gt=after)
        for draft in Reminder.objects.missing(kind, "updated_at", drafts, later)[
            :AT_ONCE
        ]:
            day = {"day": timezone.now() + (draft.updated_at - gone)}
            reminded += Reminder.objects.remind(
                kind, draft, "stocktaking/draft_reminder", day
            )
        later = (*later, kind)
    return reminded


def drop_drafts() -> int:
    rows = drafts_until(months_ago(DRAFT_MONTHS))[:AT_ONCE]
    drafts = list(rows.values_list("pk", flat=True))
    with transaction.atomic():
        delete(Project.objects.filter(pk__in=drafts))
    return len(drafts)


def drop_job_files() -> int:
    """Imported sheets, copies of personal data and printed files, and what a broken job left."""
    edge = timezone.now() - JOB_FILES
    sheets = ImportJob.objects.filter(created_at__lte=edge).exclude(file="")
    copies = DataExport.objects.filter(finished_at__lte=timezone.now() - EXPORT_KEPT)
    dropped = drop_files_of(sheets[:AT_ONCE])
    dropped += drop_files_of(copies.exclude(file="")[:AT_ONCE])
    printed = PrintJob.objects.filter(finished_at__lte=timezone.now() - PRINTED_KEPT)
    dropped += drop_files_of(printed.exclude(file="")[:AT_ONCE])
    DataExport.objects.filter(created_at__lte=edge).delete()
    return dropped + sum(drop_strays(folder, edge) for folder in FOLDERS)


def drop_strays(folder: str, edge: datetime.datetime) -> int:
    if not default_storage.exists(folder):
        return 0
    names = (f"{folder}/{name}" for name in default_storage.listdir(folder)[1])
    old = [name for name in names if default_storage.get_modified_time(name) <= edge]
    for name in old:
        default_storage.delete(name)
    return len(old)


def drop_unverified() -> int:
    """Accounts whose address nobody has confirmed."""
    rows = User.objects.filter(
        last_login=None,
        date_joined__lte=timezone.now() - UNVERIFIED,
        is_staff=False,
        emailaddress__isnull=False,
    ).exclude(emailaddress__verified=True)
    return rows.distinct().delete()[1].get("accounts.User", 0)


def drop_sign_ins() -> int:
    return SignIn.objects.filter(at__lte=months_ago(SIGN_IN_MONTHS)).delete()[0]


def drop_former_memberships() -> int:
    """Organizations that a profile named before; no vote lasts that long."""
    return FormerMembership.objects.filter(
        until__lte=months_ago(FORMER_MONTHS)
    ).delete()[0]


def drop_unconfirmed_subscriptions() -> int:
    """Addresses that somebody typed, and whose owner never followed the link."""
    old = Subscription.objects.filter(
        confirmed_at=None, created_at__lte=timezone.now() - TO_CONFIRM
    )
    return old.delete()[0]


def drop_addresses_of_readers() -> int:
    """Those of the pre-release lists; names and times stay, which are public."""
    over = EarlyReader.objects.long_over(months_ago(REPORT_MONTHS))
    return drop_addresses(over.exclude(email=""))


def drop_addresses_of_contributors() -> int:
    """Those of the people who were asked for a text; names stay with it."""
    over = Contribution.objects.long_over(months_ago(REPORT_MONTHS))
    return drop_addresses(over.exclude(email=""))


def drop_addresses_of_speakers() -> int:
    """Those of people of the Forum; names and parts in sessions stay, which are public."""
    over = Person.objects.long_over(months_ago(FORUM_MONTHS))
    return drop_addresses(over.exclude(email=""))


def drop_addresses(rows: models.QuerySet[Any]) -> int:
    """Also from the outbox, where no account has the address."""
    addresses = dict(rows.values_list("pk", "email")[:AT_ONCE])
    accounts = User.objects.filter(email__in=addresses.values()).values("email")
    letters = OutgoingMail.objects.filter(
        to__in=addresses.values(), created_at__lte=months_ago(REPORT_MONTHS)
    )
    with transaction.atomic():
        letters.exclude(to__in=accounts).delete()
        return rows.model._default_manager.filter(pk__in=addresses).update(email="")


def drop_follow_ups() -> int:
    """Passports, hotels and needs of people, a month after the Forum or when they do not come."""
    rows = FollowUp.objects.no_longer_needed().values("pk")
    return FollowUp.objects.filter(pk__in=rows[:AT_ONCE]).delete()[0]


def drop_guests() -> int:
    """Names and addresses of people whom others registered, and who never had an account."""
    guests = Registration.objects.filter(
        user=None,
        edition__end_date__lt=months_ago(GUEST_MONTHS).date(),
    ).exclude(name="")
    ids = list(guests.values_list("pk", flat=True)[:AT_ONCE])
    blank = {"name": "", "email": "", "organization_name": "", "needs": ""}
    return Registration.objects.filter(pk__in=ids).update(**blank)


def blank_mail() -> int:
    """Texts of sent mails; those with codes and links were deleted when they were sent."""
    old = OutgoingMail.objects.filter(sent_at__lte=timezone.now() - MAIL_TEXTS)
    return old.exclude(body="").update(body="", unsubscribe="")


def drop_last_mails() -> int:
    """Last mails to erased people that no mail server has accepted."""
    late = timezone.now() - LAST_MAIL_TRIED
    return OutgoingMail.objects.filter(
        leaves_no_trace=True, created_at__lte=late
    ).delete()[0]


def drop_files() -> int:
    """Images and documents that no project and no open version uses."""
    old = Attachment.objects.filter(
        public_since=None, at__lte=timezone.now() - JOB_FILES
    )
    entries = Project.objects.filter(files__in=old).distinct()
    versions = Revision.objects.open().filter(project__in=entries)
    used = [
        *entries.values_list("attachments", flat=True),
        *versions.values_list("content__attachments", flat=True),
    ]
    in_use = {item["id"] for items in used for item in items or ()}
    stray = [pk for pk in old.values_list("pk", flat=True) if pk not in in_use][
        :AT_ONCE
    ]
    with transaction.atomic():
        Attachment.objects.discard(stray)
    return len(stray)


RULES: tuple[Callable[[], int], ...] = (
    remind_of_drafts,
    drop_drafts,
    drop_job_files,
    drop_files,
    drop_unverified,
    drop_sign_ins,
    drop_former_memberships,
    drop_unconfirmed_subscriptions,
    drop_addresses_of_readers,
    drop_addresses_of_contributors,
    drop_addresses_of_speakers,
    drop_follow_ups,
    drop_guests,
    blank_mail,
    drop_last_mails,
)


def keep_no_longer() -> dict[str, int]:
    """Name of each rule → how many rows or files it deleted."""
    return {rule.__name__: rule() for rule in RULES}
