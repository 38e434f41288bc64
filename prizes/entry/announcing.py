"""Announcing public changes of entries: the change log and the mails."""

from collections.abc import Iterable

from django.db import models, transaction
from django.db.models.functions import Now

from accounts.user.models import User
from common.mail import outbox
from common.records.models import Change
from prizes.base.remark import texts_of
from prizes.contest.models import Extension, Phase
from prizes.entry.amendment import DISQUALIFIED, Amendment
from prizes.entry.models import IN_HAND, Entry
from prizes.entry.workflow import Status

TOLD = (Status.NOMINATED, Status.NOT_NOMINATED, Status.CHAMPION, Status.WINNER)


def record_changes(entries: Iterable[Entry], kind: str) -> None:
    """One row of the change log per entry; call inside the transaction that changed them."""
    Entry.record_changes(entries, kind)


def announce(limit: int = 500) -> int:
    """Announce outcomes that have become public: log each and write to its owner.

    Safe to run twice: what was announced is stored in the entry, under its lock. Returns how many.
    """
    decided = Entry.objects.filter(source="", status__in=TOLD)
    known = (*TOLD, DISQUALIFIED)
    announced = decided.with_outcome().filter(models.Q(outcome__in=known))
    waiting = announced.exclude(models.Q(outcome=models.F("announced"))).values_list(
        "pk", flat=True
    )
    told = sum(_tell(pk) for pk in list(waiting[:limit]))
    amended = Amendment.objects.public().filter(announced_at=None)
    return told + sum(
        _tell_of_amendment(pk)
        for pk in list(amended.values_list("pk", flat=True)[:limit])
    )


@transaction.atomic
def _tell(pk: int) -> bool:
    locked = (
        Entry.objects.select_for_update(of=("self",), skip_locked=True)
        .filter(pk=pk)
        .first()
    )
    entry = locked and Entry.objects.for_page().filter(pk=pk).first()
    outcome = getattr(entry, "outcome", "")
    if not entry or entry.announced == outcome:
        return False
    first = not entry.announced
    entry.announced = outcome
    Entry.objects.filter(pk=pk).update(announced=outcome)
    if outcome != Status.NOT_NOMINATED:  # that is not public
        record_changes([entry], Change.Kind.PUBLISH if first else Change.Kind.UPDATE)
    amended = getattr(entry, "amended", None)  # the e-mail about the amendment says it
    if entry.owner and not amended and not entry.contest.told_by_letter:
        remarks = panel_said(entry) if outcome == Status.NOT_NOMINATED else ""
        outbox.send(f"prizes/{outcome}", entry.owner, {"entry": entry, "said": remarks})
    return True


@transaction.atomic
def _tell_of_amendment(pk: int) -> bool:
    """Log an amendment that has become public and write to the owner of the entry, once."""
    rows = Amendment.objects.select_for_update(of=("self",), skip_locked=True)
    amendment = rows.filter(pk=pk, announced_at=None).select_related("entry").first()
    if amendment is None:
        return False
    Amendment.objects.filter(pk=pk).update(announced_at=Now())
    entry = Entry.objects.for_page().get(pk=amendment.entry_id)
    record_changes([entry], Change.Kind.UPDATE)
    if entry.owner and not entry.contest.told_by_letter:
        context = {"entry": entry, "amendment": amendment}
        outbox.send("prizes/amendment", entry.owner, context)
    return True


def tell_of_deadlines() -> int:
    """Write to the people whose drafts the changed end of a submission phase concerns, once for
    each change; safe to run twice. Returns how many were written to."""
    waiting = Extension.objects.filter(
        at__isnull=False, told_at=None, phase__kind=Phase.Kind.SUBMISSION
    )
    return sum(_tell_drafts(pk) for pk in list(waiting.values_list("pk", flat=True)))


@transaction.atomic
def _tell_drafts(pk: int) -> int:
    """The owners, and co-editors of the projects, one mail each."""
    rows = Extension.objects.select_for_update(of=("self",), skip_locked=True)
    extension = (
        rows.filter(pk=pk, told_at=None).select_related("phase__contest").first()
    )
    if extension is None:
        return 0
    Extension.objects.filter(pk=pk).update(told_at=Now())
    contest = extension.phase.contest
    drafts = Entry.objects.filter(contest=contest, status__in=IN_HAND, source="")
    standing = models.Q(coedited__revoked_at=None)
    concerned = User.objects.filter(
        models.Q(pk__in=drafts.values("owner"))
        | models.Q(coedited__project__in=drafts.values("project")) & standing,
        is_active=True,
    )
    people = list(concerned.distinct().order_by("pk"))
    for person in people:
        context = {"contest": contest, "extension": extension}
        outbox.send("prizes/deadline", person, context)
    return len(people)


def panel_said(entry: Entry) -> str:
    """The panel's text for the entrant of an entry that was not nominated."""
    change = entry.history().filter(move="pass_over").first()
    return texts_of(change)[0] if change else ""
