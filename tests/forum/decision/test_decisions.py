"""Dispositions that are pending, their letters, and how these leave."""

import pytest
from django.urls import reverse

from common.mail.models import OutgoingMail
from forum.consultation.models import Submission
from forum.decision.models import Dispatch, DispatchItem, Letter, PendingDisposition
from forum.decision.tasks import work_on_dispatches
from tests.factories import UserFactory
from tests.forum.records import EditionFactory, SubmissionFactory, officer, screened

pytestmark = pytest.mark.django_db
TABLE = "/en/forum/2027/reviews/"
OUTBOX = "/en/forum/2027/decisions/"
SET = f"{OUTBOX}set/"
SEND = f"{OUTBOX}send/"


@pytest.fixture
def desk(client):
    user = officer()
    client.force_login(user)
    client.user = user
    return client


def proposal(**fields):
    return SubmissionFactory(**{"status": "submitted"} | fields)


def letter(move="accept", text="“{title}” ({number}) is accepted.", **fields):
    values = {"edition": EditionFactory(), "move": move, "text_en": text}
    return Letter.objects.create(**values | fields)


def pending(desk, *proposals, move="accept", remark=""):
    ids = [one.pk for one in proposals]
    data = {"submissions": ids, "move": move, "remark": remark}
    return desk.post(SET, data, follow=True)


def sent(desk):
    """The second look, then the button, then the worker."""
    seen = desk.get(SEND).context["seen"]
    page = desk.post(SEND, {"seen": seen})
    work_on_dispatches()
    return desk.get(page.url)


# --- pending --------------------------------------------------------------------------------


def test_a_pending_disposition_is_seen_by_staff_only(client, desk):
    letter()
    one, two = proposal(title="Masts"), proposal(title="Cables")

    page = pending(desk, one, two, remark="Bring a demo.").content.decode()
    table = desk.get(TABLE).content.decode()
    client.force_login(one.owner)
    authors = client.get(one.get_absolute_url()).content.decode()

    assert "2 dispositions are pending; their authors have not been told." in page
    assert f"“Masts” ({one.number}) is accepted." in page
    assert "Bring a demo." in page
    assert "pending: Accept" in table
    assert "Bring a demo." not in authors
    assert "ccepted" not in authors
    assert not OutgoingMail.objects.exists()
    assert set(Submission.objects.values_list("status", flat=True)) == {"submitted"}


def test_the_balance_counts_what_is_pending(desk):
    accepted, other = proposal(status="accepted"), proposal()
    proposal()

    def chosen():
        (share,) = desk.get(TABLE).context["balance"][0].shares
        return share.chosen, share.everything

    before = chosen()
    pending(desk, other)
    with_other = chosen()
    pending(desk, accepted, move="decline", remark="No place.")

    assert (before, with_other, chosen()) == ((1, 3), (2, 3), (1, 3))


def test_what_the_screening_refuses_is_named_and_left_out(desk):
    screened("speakers", 1, is_hard=True)
    one = proposal()

    page = pending(desk, one).content.decode()
    pending(desk, one, move="decline", remark="No speakers.")

    assert f"{one.number}: Speakers named: 0" in page
    assert PendingDisposition.objects.get().move == "decline"


def test_a_pending_disposition_is_changed_and_removed(desk):
    one = proposal()
    pending(desk, one)
    pending(desk, one, move="note")
    changed = PendingDisposition.objects.get().move

    page = pending(desk, one, move="remove").content.decode()

    assert changed == "note"
    assert "The pending dispositions are removed." in page
    assert not PendingDisposition.objects.exists()


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"submissions": []}, "Tick at least one proposal."),
        ({"submissions": ["999999"]}, "Select a valid choice."),
        ({"move": "publish"}, "Select a valid choice."),
        ({"remark": "x" * 501}, "at most 500 characters"),
        ({"remark": "A \ufffd"}, "Some characters could not be read"),
    ],
)
def test_bad_input_is_said_and_nothing_is_set(desk, data, sentence):
    one = proposal()
    values = {"submissions": [one.pk], "move": "accept", "remark": ""} | data

    page = desk.post(SET, values, follow=True).content.decode()

    assert sentence in page
    assert not PendingDisposition.objects.exists()


def test_staff_do_not_decide_on_their_own_proposal(desk):
    pending(desk, proposal(owner=desk.user))

    assert not PendingDisposition.objects.exists()


# --- letters --------------------------------------------------------------------------------


def test_each_author_reads_the_letter_in_the_language_of_the_account(desk):
    letter(text_fr="« {title} » est acceptée.", text_ar="قُبل “{title}”.")
    french = proposal(title="Masts", owner=UserFactory(language="fr"))
    arabic = proposal(title="Cables", owner=UserFactory(language="ar"))
    russian = proposal(title="Poles", owner=UserFactory(language="ru"))
    pending(desk, french, arabic, russian)

    page = sent(desk).content.decode()

    bodies = {mail.to: mail.body for mail in OutgoingMail.objects.all()}
    assert "« Masts » est acceptée." in bodies[french.owner.email]
    assert "قُبل “Cables”." in bodies[arabic.owner.email]
    assert f"“Poles” ({russian.number}) is accepted." in bodies[russian.owner.email]
    assert "Sent: 3 of 3. Rejected: 0. Waiting: 0." in page
    assert set(Submission.objects.values_list("status", flat=True)) == {"accepted"}
    assert not PendingDisposition.objects.exists()
    change = french.history().get(move="accept")
    assert (change.by, change.note) == (desk.user, "« Masts » est acceptée.")


@pytest.mark.parametrize(
    ("text", "fits"),
    [("Dear {name}", False), ("{title} {number}", True), ("Braces {}", False)],
)
def test_a_letter_names_only_what_it_knows(desk, text, fits):
    edition = EditionFactory()
    data = {"edition": edition.pk, "move": "note", "text_en": text}
    data |= {f"text_{code}": "" for code in ("ar", "es", "fr", "ru", "zh_hans")}

    page = desk.post(reverse("admin:forum_letter_add"), data)

    assert Letter.objects.exists() is fits
    if not fits:
        assert "is not known. A letter can name: {number}" in page.content.decode()


def test_without_a_letter_the_outbox_says_so(desk):
    pending(desk, proposal())

    page = desk.get(OUTBOX).content.decode()

    assert "There is no letter for:" in page
    assert "No text: the e-mail only names the disposition." in page


# --- sending --------------------------------------------------------------------------------


def test_nothing_is_sent_that_was_not_looked_at(desk):
    letter()
    pending(desk, proposal())
    seen = desk.get(SEND).context["seen"]
    pending(desk, proposal())

    page = desk.post(SEND, {"seen": seen})

    assert page.status_code == 409
    assert "Something has changed since you looked" in page.content.decode()
    assert not Dispatch.objects.exists()


def test_the_letter_is_the_one_that_was_looked_at(desk):
    text = letter()
    one = proposal(title="Masts")
    pending(desk, one)
    seen = desk.get(SEND).context["seen"]
    desk.post(SEND, {"seen": seen})
    text.text_en = "Changed."
    text.save()

    work_on_dispatches()

    assert "“Masts”" in OutgoingMail.objects.get().body
    assert "Changed." not in OutgoingMail.objects.get().body


def test_what_is_refused_is_named_and_the_others_leave(desk):
    letter()
    letter("decline", "We have no place.")
    good, moved = proposal(), proposal()
    pending(desk, good, moved)
    seen = desk.get(SEND).context["seen"]
    page = desk.post(SEND, {"seen": seen})
    moved.move("note", officer())
    OutgoingMail.objects.all().delete()

    work_on_dispatches()
    work_on_dispatches()

    shown = desk.get(page.url).content.decode()
    assert [mail.to for mail in OutgoingMail.objects.all()] == [good.owner.email]
    assert "Sent: 1 of 2. Rejected: 1." in shown
    assert moved.number in shown


def test_a_dispatch_is_stopped_and_the_rest_stays_pending(desk):
    pending(desk, proposal())
    page = desk.post(SEND, {"seen": desk.get(SEND).context["seen"]})

    desk.post(page.url, {"stop": "1"})
    work_on_dispatches()

    assert Dispatch.objects.get().state == "cancelled"
    assert DispatchItem.objects.get().outcome == "waiting"
    assert PendingDisposition.objects.count() == 1
    assert not OutgoingMail.objects.exists()


def test_nobody_else_reads_or_sets_what_is_pending(client):
    one = proposal()
    client.force_login(one.owner)

    answers = {
        client.get(OUTBOX).status_code,
        client.get(SEND).status_code,
        client.post(SET, {"submissions": [one.pk], "move": "accept"}).status_code,
    }

    assert answers == {403}
    assert not PendingDisposition.objects.exists()


def test_an_empty_outbox_leads_to_the_table(desk):
    EditionFactory()

    assert "No disposition is pending." in desk.get(OUTBOX).content.decode()
    assert "No disposition is pending." in desk.get(SEND).content.decode()
