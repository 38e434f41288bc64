"""Drafts of letters: made for all entries of an outcome at once, approved by a second officer."""

from typing import Any

from django.db import transaction
from django.db.models import Count, OuterRef, Q
from django.db.models.expressions import Exists
from django.utils.translation import gettext as _

from accounts.second_factor.session import could_use
from accounts.user.models import User
from common.moves.workflow import MoveRefused
from common.records.hashing import content_hash
from prizes.base.two_officers import DECIDES
from prizes.contest.models import Contest
from prizes.entry.models import Entry
from prizes.letter.audience import Outcome, may_be_told, meant_for, public
from prizes.letter.models import MAX_LETTER, MAX_SUBJECT, Letter, LetterBatch
from prizes.letter.placeholders import feedback_on, reasons_of, values_for, written


def without_letter(contest: Contest, outcome: str) -> Any:
    """The entries that a letter about this outcome is meant for and that have none."""
    has = Letter.objects.filter(entry=OuterRef("pk"), outcome=outcome)
    return meant_for(contest, outcome).filter(~Exists(has))


@transaction.atomic
def draft(contest: Contest, outcome: str, user: User) -> LetterBatch | None:
    """Write a draft for every entry of the outcome that has no letter; None when there is none.

    Letters about entries that concern the officer are left to another one. Raises MoveRefused
    without a template.
    """
    list(Contest.objects.select_for_update().filter(pk=contest.pk))
    template = contest.letter_templates.filter(outcome=outcome).first()
    if template is None:
        raise MoveRefused(_("There is no template for this outcome yet."))
    own = Entry.objects.concerning(user).order_by().values("pk")
    rows = without_letter(contest, outcome).exclude(pk__in=own).order_by("pk")
    entries = list(
        rows.select_related("owner", "contest", "category").defer("words", "answers")
    )
    if not entries:
        return None
    reasons, feedback = reasons_of(entries, outcome), feedback_on(entries)
    batch = LetterBatch.objects.create(contest=contest, outcome=outcome, by=user)
    Letter.objects.bulk_create(
        letter_for(
            entry,
            template,
            batch,
            reason=reasons.get(entry.pk, ""),
            feedback=feedback.get(entry.pk, ""),
        )
        for entry in entries
    )
    batch.log_move("draft", user)
    return batch


def letter_for(
    entry: Entry, template: Any, batch: LetterBatch, *, reason: str, feedback: str
) -> Letter:
    """The draft for one entry, in the language of its owner if the template has it."""
    language = template.language_for(entry.owner.language if entry.owner else "en")
    values = values_for(entry, reason, feedback, language)
    subject, text = template.texts(language)
    return Letter(
        batch=batch,
        entry=entry,
        outcome=batch.outcome,
        language=language,
        subject=" ".join(written(subject, values).split())[:MAX_SUBJECT],
        text=_cut(written(text, values)),
        written_by=batch.by,
    )


def _cut(text: str) -> str:
    """At most as much as a letter holds; whoever reads the draft sees that there was more."""
    return text if len(text) <= MAX_LETTER else f"{text[: MAX_LETTER - 4]} […]"


def digest_of(batch: LetterBatch, user: User) -> str:
    """One hash over the drafts that this officer would approve: what was looked at is sent."""
    rows = batch.letters.to_approve(user).order_by("pk")
    return content_hash(
        [list(row) for row in rows.values_list("pk", "subject", "text")]
    )


def require_public(batch: LetterBatch) -> None:
    """Raises MoveRefused while the outcome of a draft is not public."""
    drafts = batch.letters.filter(state=Letter.State.DRAFT)
    entries = Entry.objects.filter(pk__in=drafts.values("entry"))
    hidden = entries.count() - may_be_told(entries, batch.outcome).count()
    if hidden:
        sentence = _(
            "Letters whose outcome is not public, or another one by now: %(count)d. Nothing can "
            "be sent before; remove letters that are out of date."
        )
        raise MoveRefused(sentence % {"count": hidden})


def require_writers(drafts: Any) -> None:
    """Raises MoveRefused when one of those who have written these drafts has lost the power to:
    their signature counts no more."""
    writers = User.objects.filter(pk__in=drafts.order_by().values("written_by"))
    if not all(could_use(writer, DECIDES) for writer in writers):
        raise MoveRefused(
            _(
                "Someone who has written drafts of this batch may not do so any more. Remove the "
                "drafts and draft them anew, or save each of them in your own name."
            )
        )


@transaction.atomic
def approve(batch: LetterBatch, user: User, seen: str) -> int:
    """Approve the drafts that others have written and have them sent; returns how many.

    Raises MoveRefused if they are not those that were looked at, or may not leave yet.
    """
    batch = LetterBatch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
    if batch.is_live:
        raise MoveRefused(
            _("Letters of this batch are being sent: wait until they are.")
        )
    list(batch.letters.to_approve(user).select_for_update(of=("self",)).values("pk"))
    if seen != digest_of(batch, user):
        raise MoveRefused(
            _("Something has changed since you looked: nothing was sent.")
        )
    require_public(batch)
    drafts = batch.letters.to_approve(user)
    require_writers(drafts)
    number = drafts.update(state=Letter.State.APPROVED, approved_by=user)
    if not number:
        raise MoveRefused(
            _("A second person must approve what you have written yourself.")
        )
    batch.enqueue()
    batch.log_move("approve", user, str(number))
    return number


def to_send(contest: Contest) -> dict[str, int]:
    """Outcome → entries that may be told of it now and have no letter; only outcomes that have a
    template. Two queries."""
    written_for = set(contest.letter_templates.values_list("outcome", flat=True))
    if not written_for:
        return {}
    entries = Entry.objects.filter(contest=contest, source="", owner__is_active=True)
    counts = {}
    for outcome in written_for:
        has = Letter.objects.filter(entry=OuterRef("pk"), outcome=outcome)
        counts[outcome] = Count("pk", filter=public(outcome) & Q(~Exists(has)))
    return entries.with_standing().with_outcome().aggregate(**counts)


def overview(contest: Contest) -> list[dict[str, Any]]:
    """For each outcome its template, the entries it is meant for, and its letters by state. Two
    queries and one for each outcome."""
    templates = {row.outcome: row for row in contest.letter_templates.all()}
    counts = {
        (outcome, state): number
        for outcome, state, number in Letter.objects.filter(batch__contest=contest)
        .order_by()
        .values_list("outcome", "state")
        .annotate(Count("pk"))
    }
    states = Letter.State
    rows = []
    for outcome in Outcome:
        row = {
            "outcome": outcome,
            "template": templates.get(outcome),
            "without": without_letter(contest, outcome).count(),
        }
        row |= {state: counts.get((outcome, state), 0) for state in states.values}
        rows.append(row)
    return rows
