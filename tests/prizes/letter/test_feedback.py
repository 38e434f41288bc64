"""Letters name what the experts wrote for the entrant, once it was approved."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from prizes.letter.models import MAX_LETTER, LetterTemplate
from prizes.letter.tasks import send_letters
from prizes.panel.models import Review
from tests.factories import UserFactory
from tests.prizes.letter.test_letters import (
    approved,
    drafted,
    letters_sent,
    passed_over,
)

pytestmark = pytest.mark.django_db


def reviewed(entry, feedback, approved=True, state="done"):
    """A review of the entry with a text for the entrant."""
    return Review.objects.create(
        entry=entry,
        reviewer=UserFactory(),
        state=state,
        comment="Between us: weak.",
        feedback=feedback,
        feedback_approved_at=timezone.now() if approved else None,
    )


def test_a_letter_has_the_approved_feedback_of_the_experts_without_their_names(
    one, two, contest
):
    with_feedback = passed_over(contest, title="Health kiosks")
    reviews = [
        reviewed(with_feedback, "Show figures.\n\nName partners."),
        reviewed(with_feedback, "أضيفوا الأرقام."),
        reviewed(with_feedback, "Too rude.", approved=False),
        reviewed(with_feedback, "Not finished.", state="draft"),
    ]
    without = passed_over(contest, line="C4")
    reader = passed_over(contest, line="C1").owner
    type(reader).objects.filter(pk=reader.pk).update(language="fr")
    LetterTemplate.objects.filter(contest=contest).update(
        text_en="{title}:\n\n{feedback}\n\nRegards",
        subject_fr="{title}",
        text_fr="Observations : {feedback}",
    )

    batch = drafted(one, contest)

    letter = batch.letters.get(entry=with_feedback)
    assert letter.text == (
        "Health kiosks:\n\nShow figures.\n\nName partners.\n\nأضيفوا الأرقام.\n\nRegards"
    )
    for review in reviews:
        assert str(review.reviewer) not in letter.text
    assert (
        "There is no feedback of the experts." in batch.letters.get(entry=without).text
    )
    french = batch.letters.get(entry__owner=reader).text
    assert french == "Observations : Les experts n’ont pas formulé d’observations."
    preview = one.get(letter.get_absolute_url()).content.decode()
    assert "<p>Name partners.</p>" in preview
    assert "Too rude." not in preview
    approved(two, batch)
    send_letters()
    bodies = [mail.body for mail in letters_sent()]
    assert sum("Name partners." in body for body in bodies) == 1


def test_what_a_letter_cannot_hold_is_seen_to_be_missing(one, contest):
    entry = passed_over(contest)
    for number in range(20):
        reviewed(entry, f"{number}: " + "a" * 1900)
    LetterTemplate.objects.filter(contest=contest).update(text_en="{feedback}")

    letter = drafted(one, contest).letters.get()

    assert len(letter.text) == MAX_LETTER
    assert letter.text.endswith(" […]")


def test_feedback_asks_one_question_for_all_letters(one, contest):
    LetterTemplate.objects.filter(contest=contest).update(text_en="{feedback}")
    reviewed(passed_over(contest, line="C7-EAGR"), "Before")
    drafted(one, contest)
    reviewed(passed_over(contest), "One")
    with CaptureQueriesContext(connection) as few:
        drafted(one, contest)
    for number, line in enumerate(("C1", "C2", "C4", "C5", "C6")):
        reviewed(passed_over(contest, line=line), f"Text {number}")

    with CaptureQueriesContext(connection) as many:
        batch = drafted(one, contest)

    assert len(many) == len(few)
    assert set(batch.letters.values_list("text", flat=True)) == {
        f"Text {number}" for number in range(5)
    }
