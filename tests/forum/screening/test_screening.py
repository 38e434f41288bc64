"""Screening: rules as rows, findings in sentences, waivers, and who reads what."""

import pytest
from django.urls import reverse

from common.moves.workflow import MoveRefused
from forum.consultation.models import Submission
from forum.screening.findings import Screening
from forum.screening.models import Waiver
from tests.factories import CountryFactory, StakeholderTypeFactory, UserFactory
from tests.forum.records import (
    EditionFactory,
    OutcomeFactory,
    PhaseFactory,
    SubmissionFactory,
    kind_of,
    named,
    officer,
    question,
    released,
    screened,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client):
    user = officer()
    client.force_login(user)
    return user


def proposal(**fields):
    return SubmissionFactory(**{"status": "submitted"} | fields)


def sentences(submission):
    rules = submission.edition.screening_rules.all()
    return [finding.sentence for finding in rules.findings_of(submission)]


# --- the rules ------------------------------------------------------------------------------


def test_a_rule_counts_the_speakers_with_their_names():
    screened("speakers", 3)
    one = proposal(people="Li Wei, engineer\nAmina Otieno, minister")
    named(one, "Dr Amina Otieno")

    short = sentences(one)
    named(one, "Łukasz Kąkol")

    assert short == ["Speakers named: 2 (Dr Amina Otieno, Li Wei). Needed: at least 3."]
    assert sentences(one) == []


def test_somebody_is_named_in_so_many_proposals_at_most():
    screened("per_speaker", 2)
    first, second, third, dropped = (proposal() for _ in range(4))
    named(first, "Amina Otieno")
    named(second, "OTIENO, Amina")
    before = sentences(first)
    named(third, "Dr. Amina Otieno")
    named(dropped, "Amina Otieno")
    dropped.move("decline", officer(), "No place.")

    assert before == []
    assert sentences(second) == [
        "OTIENO, Amina is named in 3 proposals. Allowed: at most 2."
    ]


def test_regions_and_types_are_those_of_organizer_and_speakers():
    screened("regions", 2)
    screened("types", 2)
    one = proposal(country=CountryFactory(code="KE"))
    named(one, "Li Wei", country=CountryFactory(code="INTL"))

    short = sentences(one)
    named(
        one,
        "Ana Souza",
        country=CountryFactory(code="BR"),
        stakeholder_type=StakeholderTypeFactory(code="CIVIL"),
    )

    assert [text.partition(".")[0] for text in short] == [
        "Regions of organizers and speakers: 1 (Africa)",
        "Stakeholder types of organizers and speakers: 1 (Government)",
    ]
    assert sentences(one) == []


def test_genders_count_as_far_as_they_are_given():
    screened("genders", 2)
    one = proposal()
    named(one, "Li Wei", gender="man")
    named(one, "Ana Souza")

    assert sentences(one) == [
        "Genders among the speakers: 1 (Man). Needed: at least 2. "
        "Not given for: Ana Souza."
    ]


def test_what_is_required_and_empty_is_named_with_the_questions_of_the_kind():
    screened("complete")
    kind = kind_of(EditionFactory())
    question(kind, "Which room?", is_required=True)
    size = question(kind, "Stand?", type="choice", choices="Yes\nNo")
    question(kind, "Sockets", is_required=True, shown_if=size, shown_value="Yes")
    one = proposal(kind=kind, text="")

    assert sentences(one) == ["Not filled in: proposal, Which room?."]


def test_the_reports_of_the_last_edition_are_asked_of_its_organizers():
    screened("report")
    author = UserFactory()
    last = EditionFactory(slug="2026", first_year=2026, last_year=2026)
    held = released(edition=last, room=None, mode="remote", title="Masts", owner=author)
    mine, other = proposal(owner=author), proposal()

    owed = sentences(mine)
    OutcomeFactory(session=held)

    assert owed == ["Reports not published, Forum 2026: “Masts”."]
    assert sentences(mine) == sentences(other) == []


def test_rules_that_are_off_and_inputs_that_propose_no_session_find_nothing():
    screened("speakers", 3, is_on=False)
    screened("genders", 2)

    assert sentences(proposal(kind="comment")) == []
    assert len(sentences(proposal())) == 1


def test_the_number_of_queries_does_not_grow(django_assert_num_queries):
    for kind, number in (
        ("complete", None),
        ("speakers", 3),
        ("per_speaker", 1),
        ("regions", 2),
        ("types", 2),
        ("genders", 2),
        ("report", None),
    ):
        screened(kind, number)
    released(
        edition=EditionFactory(slug="2026", first_year=2026, last_year=2026),
        room=None,
        mode="remote",
    )

    def look():
        rows = Submission.objects.proposals(EditionFactory()).select_related(
            "kind", "edition"
        )
        ones = list(rows)
        found = Screening(ones[0].edition, ones)
        return [len(found.findings_of(one)) for one in ones]

    def add(number):
        for place in range(number):
            one = proposal()
            named(one, "Amina Otieno", f"Speaker {place}", country=CountryFactory())

    add(2)
    with django_assert_num_queries(14):
        assert look() == [5, 5]
    add(8)
    with django_assert_num_queries(14):
        assert look() == [5] * 10


# --- the author -----------------------------------------------------------------------------


def test_the_author_reads_the_advice_before_sending_and_may_send_all_the_same(client):
    PhaseFactory()
    screened("speakers", 2)
    author = UserFactory()
    client.force_login(author)
    draft = SubmissionFactory(owner=author)
    data = {
        "kind": "workshop",
        "title": "Masts",
        "language": "en",
        "text": "We speak of masts.",
        "organization_name": "Ministry of ICT",
        "stakeholder_type": "GOV",
        "country": "KE",
        "session_type": draft.session_type_id,
        "submit": "1",
    }

    sent = client.post(reverse("forum:submission-edit", args=[draft.pk]), data)
    page = client.get(sent.url).content.decode()
    draft.refresh_from_db()
    kept = draft.status, draft.title
    address = reverse("forum:submission-move", args=[draft.pk])
    client.post(address, {"move": "submit"})

    draft.refresh_from_db()
    assert sent.url == reverse("forum:submission-screening", args=[draft.pk])
    assert "Speakers named: 0 (–). Needed: at least 2." in page
    assert "Submit as it is" in page
    assert "Waive" not in page
    assert kept == ("draft", "Masts")
    assert draft.status == "submitted"


def test_without_findings_a_proposal_is_sent_at_once(client):
    PhaseFactory()
    screened("speakers", 1)
    author = UserFactory()
    client.force_login(author)
    draft = SubmissionFactory(owner=author)
    named(draft, "Amina Otieno")
    data = {
        "kind": "workshop",
        "title": "Masts",
        "language": "en",
        "text": "We speak of masts.",
        "organization_name": "Ministry of ICT",
        "stakeholder_type": "GOV",
        "country": "KE",
        "session_type": draft.session_type_id,
        "submit": "1",
    }

    client.post(reverse("forum:submission-edit", args=[draft.pk]), data)

    draft.refresh_from_db()
    assert draft.status == "submitted"


# --- staff ----------------------------------------------------------------------------------


def test_a_hard_finding_keeps_a_proposal_from_being_accepted_until_it_is_waived(
    client, desk
):
    rule = screened("speakers", 2, is_hard=True)
    one = proposal()
    address = reverse("forum:submission-screening", args=[one.pk])

    with pytest.raises(MoveRefused, match="Needed: at least 2"):
        one.move("accept", desk)
    client.post(address, {"rule": rule.pk, "reason": "A minister speaks alone."})
    page = client.get(address).content.decode()
    one.move("accept", desk)

    waiver = Waiver.objects.get()
    assert (waiver.by, waiver.reason) == (desk, "A minister speaks alone.")
    assert "A minister speaks alone." in page
    assert Submission.objects.get().status == "accepted"


def test_advice_keeps_nobody_from_being_accepted(desk):
    screened("speakers", 2)

    assert proposal().move("accept", desk).status == "accepted"


def test_a_hard_finding_also_keeps_a_proposal_from_being_made_a_session(desk):
    screened("speakers", 2, is_hard=True)
    one = proposal()

    with pytest.raises(MoveRefused, match="not waived"):
        one.make_session_with([], desk)


def test_an_ended_waiver_counts_no_more_and_stays_as_the_log(client, desk):
    rule = screened("speakers", 2, is_hard=True)
    one = proposal()
    address = reverse("forum:submission-screening", args=[one.pk])
    client.post(address, {"rule": rule.pk, "reason": "Late."})

    client.post(address, {"end": Waiver.objects.get().pk})
    page = client.get(address).content.decode()
    client.post(address, {"rule": rule.pk, "reason": "Once more."})

    assert "Ended:" in page
    assert [(w.reason, w.ended_by) for w in Waiver.objects.order_by("pk")] == [
        ("Late.", desk),
        ("Once more.", None),
    ]


@pytest.mark.parametrize(
    ("reason", "sentence"),
    [
        ("", "This field is required."),
        ("x" * 501, "Ensure this value has at most 500 characters"),
        ("Late \ufffd", "Some characters could not be read"),
    ],
)
def test_a_waiver_needs_a_readable_reason(client, desk, reason, sentence):
    rule = screened("speakers", 2)
    one = proposal()

    page = client.post(
        reverse("forum:submission-screening", args=[one.pk]),
        {"rule": rule.pk, "reason": reason},
    )

    assert page.status_code == 400
    assert sentence in page.content.decode()
    assert f'value="{reason}"' in page.content.decode()
    assert not Waiver.objects.exists()


def test_a_rule_of_another_edition_is_not_waived(client, desk):
    other = screened("speakers", 2, edition=EditionFactory(slug="2026"))
    screened("speakers", 2)
    one = proposal()
    address = reverse("forum:submission-screening", args=[one.pk])

    page = client.post(address, {"rule": other.pk, "reason": "Late."})

    assert page.status_code == 400
    assert not Waiver.objects.exists()


def test_staff_do_not_waive_what_they_have_sent_themselves(client, desk):
    rule = screened("speakers", 2)
    own = proposal(owner=desk)
    address = reverse("forum:submission-screening", args=[own.pk])

    client.post(address, {"rule": rule.pk, "reason": "Mine."})

    assert "Waive" not in client.get(address).content.decode()
    assert not Waiver.objects.exists()


@pytest.mark.parametrize(
    ("asked", "titles"),
    [
        ({}, ["Bare", "Named", "Let pass"]),
        ({"state": "hard"}, ["Bare"]),
        ({"state": "open"}, ["Bare", "Named"]),
        ({"state": "waived"}, ["Let pass"]),
        ({"rule": "speakers"}, ["Bare", "Let pass"]),
        ({"rule": "speakers", "state": "passed"}, ["Named"]),
        ({"rule": "no-such"}, ["Bare", "Named", "Let pass"]),
        ({"state": "passed"}, []),
    ],
)
def test_the_list_shows_what_fails_and_is_filtered(client, desk, asked, titles):
    hard = screened("speakers", 1, is_hard=True)
    screened("genders", 1)
    _bare, with_name, passed = (
        proposal(title=title) for title in ("Bare", "Named", "Let pass")
    )
    named(with_name, "Amina Otieno")
    named(passed, "Li Wei", gender="man")[0].delete()
    Waiver.objects.create(submission=passed, rule=hard, by=desk, reason="Late.")
    Waiver.objects.create(
        submission=passed,
        rule=passed.edition.screening_rules.get(kind="genders"),
        by=desk,
        reason="Late.",
    )
    SubmissionFactory(title="A draft")

    page = client.get(reverse("forum:screening", args=["2027"]), asked)

    assert [one.title for one, _findings in page.context["rows"]] == titles
    if "Bare" in titles:
        assert "Speakers named: 0" in page.content.decode()
    if not titles:
        assert "No proposal matches this filter." in page.content.decode()


def test_an_edition_without_rules_says_so(client, desk):
    EditionFactory()

    page = client.get(reverse("forum:screening", args=["2027"])).content.decode()

    assert "This edition has no screening rules in use." in page


def test_rules_are_refused_that_lack_their_number_or_have_one_too_many(client, desk):
    edition = EditionFactory()
    for kind, number in (("speakers", None), ("report", 3)):
        rule = edition.screening_rules.model(
            edition=edition, kind=kind, threshold=number
        )
        with pytest.raises(Exception, match="Enter a number for a rule that counts"):
            rule.full_clean()
