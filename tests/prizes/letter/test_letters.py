"""Letters about outcomes: drafted for all, read by a second officer, sent once, never too early."""

import datetime
import smtplib
from unittest.mock import patch

import pytest
from django.core.mail import EmailMessage
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.role.roles import Role
from common.mail.models import OutgoingMail
from prizes.contest.models import Contest
from prizes.entry.announcing import announce
from prizes.entry.workflow import Status
from prizes.letter.models import Letter, LetterBatch, LetterTemplate
from prizes.letter.tasks import send_letters, work_at
from tests.factories import ProjectFactory, UserFactory
from tests.prizes.records import EntryFactory, set_phases

pytestmark = pytest.mark.django_db
HOUR = datetime.timedelta(hours=1)


def passed_over(contest, said="", note="Weak evidence, says Ms X", **more):
    """An entry that the panel did not nominate, before the vote began."""
    kind = "nomination"
    entry = EntryFactory(contest=contest, status=Status.ACCEPTED, **more)
    set_phases(contest, kind)
    staff = UserFactory(role=Role.SECRETARIAT)
    entry.move("pass_over", staff, note, said)
    set_phases(contest, "voting")
    return entry


def page(contest, name="letters", *more):
    return reverse(f"admin:prizes_contest_{name}", args=[contest.pk, *more])


def drafted(browser, contest, outcome="not_nominated"):
    browser.post(page(contest), {"outcome": outcome})
    return LetterBatch.objects.latest("pk")


def approved(browser, batch):
    address = batch.get_absolute_url()
    seen = browser.get(address).context["seen"]
    return browser.post(address, {"act": "approve", "seen": seen}, follow=True)


def said(response):
    return [str(message) for message in response.context["messages"]]


def letters_sent():
    mails = OutgoingMail.objects.filter(pk__in=Letter.objects.values("mail"))
    return list(mails.order_by("pk"))


def test_a_letter_has_the_text_for_the_entrant_in_the_language_of_the_owner(
    one, two, contest
):
    entry = passed_over(contest, said="Please add figures.", title="Health kiosks")
    reader = passed_over(contest, title="أكشاك", line="C4").owner
    type(reader).objects.filter(pk=reader.pk).update(language="ar")

    batch = drafted(one, contest)

    english = batch.letters.get(entry=entry)
    assert english.subject == "WSIS Prizes 2044: Health kiosks"
    assert f"Dear {entry.owner},\n\nPlease add figures.\n\n" in english.text
    assert "C7-EGOV" in english.text
    assert "Ms X" not in english.text
    arabic = batch.letters.get(entry__owner=reader)
    assert arabic.language == "ar"
    assert arabic.text == f"{reader}،"  # no reason: no gap
    shown = one.get(english.get_absolute_url()).content.decode()
    assert "Please add figures." in shown
    assert OutgoingMail.objects.count() == 0


def test_who_has_written_letters_does_not_send_them(one, two, contest):
    passed_over(contest)
    batch = drafted(one, contest)

    own = approved(one, batch)
    sentence = "A second person must approve what you have written yourself."
    assert said(own) == [sentence]
    assert sentence in one.get(batch.get_absolute_url()).content.decode()
    assert letters_sent() == []

    assert said(approved(two, batch)) == ["1 letter is being sent."]
    assert send_letters() in (0, 1)  # the task of the button may have done it
    assert [mail.subject for mail in letters_sent()] == [Letter.objects.get().subject]
    letter = Letter.objects.get()
    assert (letter.written_by, letter.approved_by) == (one.person, two.person)
    with pytest.raises(IntegrityError), transaction.atomic():
        Letter.objects.update(approved_by=one.person)


def test_a_letter_that_the_second_person_edits_needs_the_first_one(one, two, contest):
    edited, other = passed_over(contest), passed_over(contest, line="C4")
    batch = drafted(one, contest)
    letter = batch.letters.get(entry=edited)
    form = two.get(letter.get_absolute_url()).context["form"]
    marks = form["opened_with"].value()

    two.post(
        letter.get_absolute_url(),
        {
            "act": "save",
            "subject": "News",
            "text": "Dear colleague,\nsorry.",
            "opened_with": marks,
        },
    )
    assert said(approved(two, batch)) == ["1 letter is being sent."]
    send_letters()
    assert [row.entry for row in Letter.objects.filter(state="sent")] == [other]

    assert said(approved(one, batch)) == ["1 letter is being sent."]
    send_letters()
    assert [mail.subject for mail in letters_sent()][1:] == ["News"]
    assert "Dear colleague,\nsorry." in letters_sent()[1].body


def test_what_changed_since_the_look_is_not_sent(one, two, contest):
    passed_over(contest)
    batch = drafted(one, contest)
    seen = two.get(batch.get_absolute_url()).context["seen"]
    batch.letters.update(text="Another text")

    answer = two.post(
        batch.get_absolute_url(), {"act": "approve", "seen": seen}, follow=True
    )

    assert said(answer) == ["Something has changed since you looked: nothing was sent."]
    assert letters_sent() == []


def test_an_edit_is_checked_and_nothing_typed_is_lost(one, contest):
    passed_over(contest)
    letter = drafted(one, contest).letters.get()
    address = letter.get_absolute_url()

    wrong = one.post(
        address, {"act": "save", "subject": "A" * 151, "text": "Dear {name}, hello"}
    )
    text = wrong.content.decode()
    assert wrong.status_code == 400
    assert "at most 150 characters" in text
    assert "Write what “{name}” stands for" in text
    assert "Dear {name}, hello" in text

    opened = one.get(address).context["form"]["opened_with"].value()
    Letter.objects.update(text="Saved in another window")
    both = one.post(
        address,
        {"act": "save", "subject": "S", "text": "Mine", "opened_with": opened},
    )
    assert both.status_code == 409
    assert "Saved in another window" in both.content.decode()
    assert ">\nMine</textarea>" in both.content.decode()


def test_a_template_with_an_unknown_sign_is_refused(one, contest):
    answer = one.post(
        reverse("admin:prizes_lettertemplate_add"),
        {
            "contest": contest.pk,
            "outcome": "winner",
            "subject_en": "You {won}",
            "text_en": "Dear {name",
        },
    )

    text = answer.content.decode()
    assert "“{won}” is not known. You can use: {name} {title}" in text
    assert "A brace is open" in text
    assert not LetterTemplate.objects.filter(outcome="winner").exists()


def test_nothing_leaves_before_the_embargo_ends(one, two, contest):
    LetterTemplate.objects.create(
        contest=contest, outcome="winner", subject="You won", text="{certificate}"
    )
    entry = EntryFactory(contest=contest, status=Status.WINNER)
    soon = timezone.now() + HOUR
    values = {"counted_at": timezone.now(), "champions_at": soon, "winners_at": soon}
    Contest.objects.filter(pk=contest.pk).update(**values)
    batch = drafted(one, contest, "winner")

    early = approved(two, batch)
    assert "Letters whose outcome is not public" in said(early)[0]
    # Also if somebody approves by other means: each letter asks again when it leaves.
    Letter.objects.update(state="approved", approved_by=two.person)
    batch.enqueue()
    work_at(batch.pk)
    assert letters_sent() == []
    letter = Letter.objects.get()
    assert letter.state == "refused"
    shown = two.get(batch.get_absolute_url()).content.decode()
    assert "The outcome is not public, or it is another one by now." in shown

    two.post(letter.get_absolute_url(), {"act": "remove"})
    past = timezone.now() - HOUR
    Contest.objects.filter(pk=contest.pk).update(champions_at=past, winners_at=past)
    approved(two, drafted(one, contest, "winner"))
    send_letters()
    (mail,) = letters_sent()
    assert mail.to == entry.owner.email
    assert reverse("prizes:certificate", args=[entry.code]) in mail.body


def test_each_outcome_is_meant_for_its_own_entries(one, contest):
    statuses = {
        Status.REFUSED: "C1",
        Status.NOT_NOMINATED: "C2",
        Status.NOMINATED: "C3",
        Status.CHAMPION: "C4",
        Status.WINNER: "C5",
        Status.ACCEPTED: "C6",
    }
    for status, line in statuses.items():
        EntryFactory(contest=contest, status=status, line=line)
    Contest.objects.filter(pk=contest.pk).update(counted_at=timezone.now())

    rows = one.get(page(contest)).context["rows"]

    assert {row["outcome"]: row["without"] for row in rows} == {
        "refused": 1,
        "not_nominated": 1,
        "nominated": 3,
        "not_champion": 1,
        "champion": 2,
        "winner": 1,
        "recognition": 0,
        "disqualified": 0,
    }


def test_nobody_drafts_or_reads_the_letter_about_the_own_entry(one, two, contest):
    own = passed_over(contest, owner=one.person, title="My own kiosk")

    answer = one.post(page(contest), {"outcome": "not_nominated"}, follow=True)
    assert said(answer) == ["Every entry has its letter already."]
    letter = drafted(two, contest).letters.get(entry=own)
    assert one.get(letter.get_absolute_url()).status_code == 404
    shown = one.get(letter.batch.get_absolute_url())
    assert "My own kiosk" not in shown.content.decode()
    assert shown.context["to_approve"] == 0


def test_945_letters_leave_once_each_whatever_kills_the_worker(one, two, contest):
    owners = UserFactory.create_batch(945)
    _many(contest, owners)
    batch = drafted(one, contest)
    assert batch.letters.count() == 945
    approved(two, batch)

    with patch.object(Letter, "send", _dies_after(400)), pytest.raises(SystemExit):
        work_at(batch.pk)
    assert Letter.objects.filter(state="sent").count() == 400
    assert send_letters() == 1

    batch.refresh_from_db()
    assert (batch.state, batch.percent) == ("done", 100)
    addresses = [mail.to for mail in letters_sent()]
    assert len(addresses) == 945
    assert set(addresses) == {person.email for person in owners}
    assert OutgoingMail.objects.count() == 945
    assert send_letters() == 0
    again = one.post(page(contest), {"outcome": "not_nominated"}, follow=True)
    assert said(again)[-1] == "Every entry has its letter already."
    shown = two.get(batch.get_absolute_url())
    assert shown.context["figures"]["sent"] == 945
    assert len(shown.content) < 60_000


def _dies_after(number):
    """Sends so many letters, then the worker is gone."""
    left, send = [number], Letter.send

    def dies(letter):
        if not left[0]:
            raise SystemExit
        left[0] -= 1
        send(letter)

    return dies


def _many(contest, owners):
    """An entry of a project of its own for each of these people."""
    category = contest.categories.get(action_line="C4")
    for number, person in enumerate(owners):
        EntryFactory(
            contest=contest,
            category=category,
            owner=person,
            project=ProjectFactory(title=f"Project {number}"),
            status=Status.NOT_NOMINATED,
        )


def test_a_batch_can_be_stopped_and_what_has_not_left_is_a_draft_again(
    one, two, contest
):
    for line in ("C1", "C2", "C3"):
        passed_over(contest, line=line)
    batch = drafted(one, contest)
    Letter.objects.update(state="approved", approved_by=two.person)
    LetterBatch.objects.update(state="queued")
    advance = LetterBatch.advance

    def stopped(job, percent):
        two.post(batch.get_absolute_url(), {"act": "stop"})
        advance(job, percent)

    with patch.object(LetterBatch, "advance", stopped):
        work_at(batch.pk)

    states = sorted(Letter.objects.values_list("state", flat=True))
    assert states == ["draft", "draft", "sent"]
    assert len(letters_sent()) == 1
    batch.refresh_from_db()
    assert batch.state == "cancelled"


def test_what_the_mail_server_refuses_is_shown_and_can_be_tried_again(
    one, two, contest, mailoutbox
):
    passed_over(contest, title="Health kiosks")
    batch = drafted(one, contest)
    approved(two, batch)
    send_letters()
    mail = letters_sent()[0]
    OutgoingMail.objects.filter(pk=mail.pk).update(sent_at=None, tries=0)
    refusal = smtplib.SMTPRecipientsRefused({mail.to: (550, b"No such user")})
    with patch.object(EmailMessage, "send", side_effect=refusal):
        OutgoingMail.objects.deliver(mail.pk)

    shown = two.get(batch.get_absolute_url()).content.decode()
    assert "No such user" in shown
    assert "does not say that it arrived" in shown

    answer = two.post(batch.get_absolute_url(), {"act": "deliver"}, follow=True)
    assert said(answer) == ["1 e-mail is tried again."]
    before = len(mailoutbox)
    assert OutgoingMail.objects.deliver_waiting() == 1
    assert len(mailoutbox) == before + 1


def test_a_letter_that_came_back_is_recorded_by_hand(one, two, contest):
    passed_over(contest)
    batch = drafted(one, contest)
    approved(two, batch)
    send_letters()
    letter = Letter.objects.get()

    two.post(
        letter.get_absolute_url(), {"act": "bounce", "bounce": "Mailbox full (552)"}
    )

    shown = two.get(batch.get_absolute_url())
    assert "Mailbox full (552)" in shown.content.decode()
    assert shown.context["figures"]["bounced"] == 1
    edit = two.post(
        letter.get_absolute_url(),
        {"act": "save", "subject": "Changed", "text": "Changed"},
    )
    assert edit.status_code == 302
    letter.refresh_from_db()
    assert letter.text != "Changed"


def test_a_test_goes_to_oneself_and_is_marked(one, contest):
    passed_over(contest, title="Health kiosks")
    letter = drafted(one, contest).letters.get()

    one.post(letter.get_absolute_url(), {"act": "test"})

    mail = OutgoingMail.objects.get()
    assert (mail.to, mail.subject) == (
        one.person.email,
        "[Test] WSIS Prizes 2044: Health kiosks",
    )
    letter.refresh_from_db()
    assert (letter.state, letter.mail) == ("draft", None)


def test_where_letters_tell_there_is_no_second_mail(contest):
    Contest.objects.filter(pk=contest.pk).update(told_by_letter=True)
    entry = EntryFactory(contest=contest, status=Status.NOMINATED)

    assert announce() == 1
    assert OutgoingMail.objects.count() == 0
    entry.refresh_from_db()
    assert entry.announced == Status.NOMINATED


def test_a_stranger_has_no_letters(client, contest, one):
    passed_over(contest)
    letter = drafted(one, contest).letters.get()
    client.force_login(UserFactory(role=Role.EXPERT))

    for address in (page(contest), letter.get_absolute_url()):
        assert client.get(address).status_code in (302, 403, 404)
        assert client.post(address, {"act": "test"}).status_code in (302, 403, 404)
    assert OutgoingMail.objects.count() == 0


def test_pages_ask_as_often_for_ten_letters_as_for_one(
    one, contest, django_assert_max_num_queries
):
    lines = list(contest.categories.values_list("action_line", flat=True))
    for line in lines[:10]:
        passed_over(contest, line=line)
    batch = drafted(one, contest)
    address = batch.get_absolute_url()
    one.get(address)
    with django_assert_max_num_queries(16):
        one.get(address)
    with django_assert_max_num_queries(22):
        one.get(page(contest))


def test_the_year_says_which_letters_are_to_be_drafted_and_approved(one, contest):
    passed_over(contest)
    EntryFactory(contest=contest, line="C4")  # nominated: there is no template
    year = reverse("admin:prizes_contest_year", args=[contest.pk])

    assert (
        "Entries whose letter is not drafted yet: 1." in one.get(year).content.decode()
    )
    drafted(one, contest)
    shown = one.get(year).content.decode()
    assert "Letters that wait to be approved: 1." in shown
    assert "not drafted yet" not in shown
