"""Check-ins of devices come together here: each is stored once, and the first arrival wins.

A device may have been without a network for hours and may send the same again. What it sends is a
list of acts, each with an id that the device made:

    {"id": UUID, "act": "in", "badge": digest, "gate": id or null, "at": ISO 8601}
    {"id": UUID of a check-in, "act": "undo", "reason": text, "at": ISO 8601}

Each gets an answer with `state`: "in", "again" (the arrival was at `at`, `gate`), "undone",
"unknown", or a refusal (forum.checkin.models.Refusal).
"""

import datetime
import uuid
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from accounts.user.models import User
from common.forms.values import UNREADABLE
from forum.badge.models import DIGEST_LENGTH, Badge
from forum.checkin.models import CheckIn, Gate, Refusal
from forum.edition.models import Edition
from forum.registration.models import Registration
from forum.registration.workflow import HOLDING, RegistrationStatus

AT_ONCE = 200
LONGEST_REASON = 300
LONGEST_DEVICE = 40
OLDEST = datetime.timedelta(days=7)  # that a device may have waited


class Act(NamedTuple):
    uid: uuid.UUID
    is_undo: bool
    badge: str
    gate: int | None
    at: datetime.datetime
    reason: str


def refuse(sentence: str) -> ValidationError:
    return ValidationError(sentence)


def read_acts(body: Any) -> tuple[str, list[Act]]:
    """The name of the device and its acts, with times by the clock of the server.

    A device says what its own clock shows while it sends, so a wrong clock does no harm. Raises
    ValidationError.
    """
    acts = body.get("acts") if isinstance(body, dict) else None
    if not isinstance(acts, list) or len(acts) > AT_ONCE:
        raise refuse(_("Send a list of at most %(n)d check-ins.") % {"n": AT_ONCE})
    now = timezone.now()
    ahead = now - _moment(body.get("sent_at"))
    device = str(body.get("device") or "")[:LONGEST_DEVICE]
    return device, [_act(row, ahead, now) for row in acts]


def _act(row: Any, ahead: datetime.timedelta, now: datetime.datetime) -> Act:
    if not isinstance(row, dict) or row.get("act") not in ("in", "undo"):
        raise refuse(_("A check-in could not be read."))
    is_undo = row["act"] == "undo"
    badge, gate, reason = row.get("badge", ""), row.get("gate"), row.get("reason", "")
    if not isinstance(badge, str) or (not is_undo and len(badge) != DIGEST_LENGTH):
        raise refuse(_("A check-in could not be read."))
    if not (gate is None or (isinstance(gate, int) and abs(gate) < 2**31)):
        raise refuse(_("A check-in could not be read."))
    if is_undo:
        reason = checked_reason(reason)
    try:
        uid = uuid.UUID(str(row.get("id")))
    except ValueError as error:
        raise refuse(_("A check-in could not be read.")) from error
    at = min(max(_moment(row.get("at")) + ahead, now - OLDEST), now)
    return Act(uid, is_undo, badge.replace("\0", ""), gate, at, reason)


def checked_reason(reason: Any) -> str:
    """Raises ValidationError."""
    text = " ".join(reason.split()) if isinstance(reason, str) else ""
    if not text or UNREADABLE in text or "\0" in text:
        raise refuse(_("Enter a reason."))
    if len(text) > LONGEST_REASON:
        sentence = _("Enter a reason of at most %(n)d characters.")
        raise refuse(sentence % {"n": LONGEST_REASON})
    return text


def _moment(text: Any) -> datetime.datetime:
    try:
        moment = parse_datetime(text) if isinstance(text, str) else None
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None or not 2000 < moment.year < 2200:  # noqa: PLR2004
        raise refuse(_("The time of a check-in could not be read."))
    return moment


class Merging:
    """What one device has sent."""

    def __init__(self, edition: Edition, user: User, device: str = "") -> None:
        self.edition, self.user, self.device = edition, user, device
        self.gates = {gate.pk: gate for gate in Gate.objects.filter(edition=edition)}

    @transaction.atomic
    def merge(self, acts: list[Act]) -> list[dict[str, Any]]:
        """Store the acts; the answers are in their order. The number of queries does not depend
        on how many there are."""
        digests = {act.badge for act in acts if not act.is_undo}
        rows = Badge.objects.of_edition(self.edition).filter(digest__in=digests)
        badges = {badge.digest: badge for badge in rows}
        of_edition = CheckIn.objects.of_edition(self.edition)
        uids = [act.uid for act in acts]
        stored = of_edition.filter(uid__in=uids).values_list("registration", flat=True)
        concerned = {badge.registration_id for badge in badges.values()} | set(stored)
        people = locked(concerned)
        self._store(acts, badges, people)
        self._undo([act for act in acts if act.is_undo])
        first = settle(concerned)
        found = {one.uid: one for one in of_edition.filter(uid__in=uids)}
        return [self._answer(act, found.get(act.uid), people, first) for act in acts]

    def _store(
        self,
        acts: list[Act],
        badges: dict[str, Badge],
        people: dict[int, Registration],
    ) -> None:
        """What is stored already stays as it is: the id is unique."""
        new = {}
        for act in acts:
            badge = badges.get(act.badge)
            if act.is_undo or badge is None or act.uid in new:
                continue
            gate = self.gates.get(act.gate or 0)
            registration = people[badge.registration_id]
            new[act.uid] = CheckIn(
                uid=act.uid,
                edition=self.edition,
                registration=registration,
                gate=gate,
                session_id=gate.session_id if gate else None,
                at=act.at,
                by=self.user,
                device=self.device,
                refusal=refusal_of(
                    registration.status, is_replaced=bool(badge.revoked_at)
                ),
            )
        CheckIn.objects.bulk_create(new.values(), ignore_conflicts=True)

    def _undo(self, acts: list[Act]) -> None:
        if not acts:
            return
        undone = {act.uid: act for act in acts}
        rows = CheckIn.objects.of_edition(self.edition).filter(
            uid__in=undone, undone_at=None
        )
        changed = list(rows)
        for row in changed:
            row.is_arrival = False
            row.undone_at = undone[row.uid].at
            row.undone_by = self.user
            row.undo_reason = undone[row.uid].reason
        CheckIn.objects.bulk_update(
            changed, ["is_arrival", "undone_at", "undone_by", "undo_reason"]
        )

    def _answer(
        self,
        act: Act,
        row: CheckIn | None,
        people: dict[int, Registration],
        first: dict[tuple[int, int | None], CheckIn],
    ) -> dict[str, Any]:
        answer: dict[str, Any] = {"id": str(act.uid)}
        if row is None:
            return answer | {"state": "unknown"}
        answer["name"] = people[row.registration_id].name
        if row.undone_at:
            return answer | {"state": "undone"}
        if row.refusal:
            return answer | {"state": row.refusal}
        arrival = first[row.registration_id, row.session_id]
        state = "in" if arrival.pk == row.pk else "again"
        gate = self.gates.get(arrival.gate_id or 0)
        where = gate.name if gate else ""
        return answer | {"state": state, "at": arrival.at.isoformat(), "gate": where}


def locked(registrations: set[int]) -> dict[int, Registration]:
    """Two devices that send the same person wait for each other."""
    rows = Registration.objects.filter(pk__in=registrations).order_by("pk")
    rows = rows.select_for_update(of=("self",), no_key=True)
    return {row.pk: row for row in rows}


def refusal_of(status: str, *, is_replaced: bool) -> str:
    """Why a badge of a registration of this status lets nobody in; "" when it does."""
    if status == RegistrationStatus.APPROVED:
        return Refusal.REPLACED if is_replaced else ""
    waits = status in (*HOLDING, RegistrationStatus.WAITLISTED)
    return Refusal.NOT_APPROVED if waits else Refusal.WITHDRAWN


def settle(registrations: set[int]) -> dict[tuple[int, int | None], CheckIn]:
    """Of each person the first check-in that stands is the arrival, at the edition and at each
    session (None for the edition); call under the lock of the registrations."""
    rows = CheckIn.objects.filter(registration__in=registrations).standing()
    first: dict[tuple[int, int | None], CheckIn] = {}
    for row in rows.order_by("at", "pk"):
        first.setdefault((row.registration_id, row.session_id), row)
    chosen = [row.pk for row in first.values()]
    arrivals = CheckIn.objects.filter(registration__in=registrations)
    arrivals.arrivals().exclude(pk__in=chosen).update(is_arrival=False)
    missing = [row.pk for row in first.values() if not row.is_arrival]
    if missing:
        CheckIn.objects.filter(pk__in=missing).update(is_arrival=True)
    return first
