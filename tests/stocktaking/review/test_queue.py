"""The moderation desk over HTTP: the queue and its filters, assignments, decisions, undo, trust."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from accounts.role.roles import Role
from common.mail.models import OutgoingMail
from common.records.models import Change
from stocktaking.base.workflow import Status
from stocktaking.organization.trust import OrganizationTrust
from stocktaking.organization.workflow import Trust
from stocktaking.project.models import Project
from stocktaking.review.models import DeskAssignment, Reason, ReasonText, SavedView
from stocktaking.screening.models import Screening
from stocktaking.screening.tasks import screen_waiting
from tests.factories import OrganizationFactory, ProjectFactory, UserFactory

DESK = reverse("admin:stocktaking_project_desk")
ASSIGN = reverse("admin:stocktaking_project_assign")
UNDO = reverse("admin:stocktaking_project_undo")
VIEWS = reverse("admin:stocktaking_project_views")
OFFICERS = 4


def item(project):
    return reverse("admin:stocktaking_project_item", args=[project.pk])


def waiting(count=1, **fields):
    """Entries in the order of the queue."""
    rows = ProjectFactory.create_batch(count, status=Status.SUBMITTED, **fields)
    return rows if count > 1 else rows[0]


def reason(code="unclear", move="send_back"):
    made = Reason.objects.create(code=code, move=move)
    for language in ("en", "fr"):
        ReasonText.objects.create(
            reason=made, language=language, label=code, text=f"{code} {language}"
        )
    return made


def decision(move):
    """What a panel sends; a duplicate names the record that is there already, here one that waits:
    readers are not told of it."""
    data = {"move": move, "line": "Because."}
    return data | ({"record": waiting().number} if move == "duplicate" else {})


@pytest.fixture
def officer(client):
    user = UserFactory(role=Role.SECRETARIAT)
    client.force_login(user)
    return user


@pytest.fixture
def mine(officer):
    """Three projects assigned to one, in order."""
    rows = waiting(3)
    DeskAssignment.objects.assign(officer, Project.objects.at_desk(Status.SUBMITTED))
    return rows


@pytest.mark.django_db
@pytest.mark.parametrize("rows", [1, 10, 60])  # a page has 50
def test_queue_asks_the_same_questions_however_long_it_is(
    client, officer, rows, django_assert_num_queries
):
    waiting(1)
    client.get(DESK)
    Project.objects.all().delete()
    waiting(rows)

    # the same for any number of rows: person, filters, page, count, lanes, views, messages, texts,
    # ownership requests, what is approved for a date, and the last decision
    with django_assert_num_queries(17):
        page = client.get(DESK)

    assert len(page.context["page"].object_list) == min(rows, 50)
    assert page.context["page"].count == rows


@pytest.mark.django_db
@pytest.mark.parametrize("rows", [1, 10, 30])  # one start assigns 25
def test_entry_asks_the_same_questions_however_many_are_assigned(
    client, officer, rows, django_assert_num_queries
):
    waiting(rows + 1)
    DeskAssignment.objects.assign(
        officer, Project.objects.at_desk(Status.SUBMITTED), rows + 1
    )
    project = Project.objects.at_desk(Status.SUBMITTED).first()
    screen_waiting()
    client.get(item(project))

    with django_assert_num_queries(16):  # with twins and history
        page = client.get(item(project))

    assert page.context["left"] == rows + 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    "query",
    [
        {"lane": "amber"},
        {"region": "AFR"},
        {"action_line": "C7-EGOV"},
        {"stakeholder_type": "GOV"},
        {"waiting": "7"},
        {"who": "unassigned"},
        {"q": "fishing"},
        {"status": "submitted"},
    ],
)
def test_queue_is_filtered_by_its_address(client, officer, query):
    project = waiting(title="Fishing ports")
    other = waiting(
        title="Other",
        country=None,
        main_action_line=None,
        stakeholder_type=None,
        submitted_at=timezone.now(),
    )
    DeskAssignment.objects.assign(UserFactory(), Project.objects.filter(pk=other.pk))
    OrganizationTrust.objects.of(other.organization).move("allow", officer, "Known.")
    OrganizationTrust.objects.of(other.organization).move("block", officer, "Spam.")

    shown = client.get(DESK, query).context["page"].object_list

    assert set(shown) == (
        {project, other} if query == {"status": "submitted"} else {project}
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    "query",
    [
        "lane=purple",
        "region=%00",
        "waiting=-1",
        "who=%27",
        "nonsense=1",
        "cursor=x",
        "q=" + "x" * 300,
    ],
)
def test_hostile_filters_get_a_sentence_and_never_an_error(client, officer, query):
    waiting()

    assert client.get(f"{DESK}?{query}").status_code in {200, 400}


@pytest.mark.django_db
def test_start_assigns_twenty_five_and_opens_the_oldest(client, officer):
    rows = waiting(30)

    answer = client.post(ASSIGN, {"start": "1", "query": ""})

    assert answer.url == item(rows[0])
    assert list(Project.objects.assigned_to(officer)) == rows[:25]


@pytest.mark.django_db
def test_a_expired_assignment_is_anybodys(client, officer):
    project = waiting()
    DeskAssignment.objects.create(
        project=project, by=UserFactory(), until=timezone.now() - timedelta(seconds=1)
    )

    client.post(ASSIGN, {"open": project.pk})

    assert list(Project.objects.assigned_to(officer)) == [project]


@pytest.mark.django_db
def test_an_entry_of_a_colleague_is_neither_opened_nor_decided(client, officer):
    project = waiting()
    DeskAssignment.objects.assign(
        UserFactory(first_name="Li", last_name="Wei"),
        Project.objects.at_desk(Status.SUBMITTED),
    )

    client.post(ASSIGN, {"open": project.pk})
    page = client.get(item(project))
    answer = client.post(item(project), {"move": "publish"})

    assert "Li Wei is working on this submission" in page.content.decode()
    assert (answer.status_code, project.history().count()) == (409, 0)


@pytest.mark.django_db(transaction=True)
def test_officers_who_start_at_once_get_different_entries():
    waiting(40)
    officers = [UserFactory() for _ in range(OFFICERS)]
    start, got = threading.Barrier(OFFICERS), []

    def begin(officer):
        start.wait()
        got.extend(
            DeskAssignment.objects.assign(officer, Project.objects.for_desk(), 10)
        )
        connection.close()

    threads = [threading.Thread(target=begin, args=[officer]) for officer in officers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(got) == sorted(Project.objects.values_list("pk", flat=True))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("move", "status"),
    [
        ("publish", "published"),
        ("send_back", "returned"),
        ("refuse", "refused"),
        ("hold", "on_hold"),
        ("duplicate", "refused"),
    ],
)
def test_a_decision_is_logged_and_opens_the_next_entry(
    client, officer, mine, move, status
):
    first, second, _third = mine

    answer = client.post(item(first), decision(move))

    assert answer.url == item(second)
    change = first.history().get()
    assert (change.move, change.target, change.by) == (move, status, officer)
    assert change.note.endswith("Because.")
    assert not DeskAssignment.objects.filter(project=first).exists()


@pytest.mark.django_db
def test_the_last_entry_leads_to_the_front_again_and_then_to_the_queue(
    client, officer, mine
):
    first, second, third = mine

    places = [
        client.post(item(p), {"move": "publish"}).url for p in (third, first, second)
    ]

    assert places == [item(first), item(second), DESK]


@pytest.mark.django_db
def test_reasons_are_written_in_the_language_of_the_owner(client, officer):
    project = waiting(owner=UserFactory(language="fr"))
    reason()
    data = {
        "move": "send_back",
        "reasons": ["unclear"],
        "fields_meant": ["summary"],
        "line": "§4",
    }

    client.post(ASSIGN, {"open": project.pk})
    client.post(item(project), data)

    note = project.history().get().note.splitlines()
    assert (note[0], note[2]) == ("unclear fr", "§4")
    assert "summary" not in note[1]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "data",
    [
        {"move": "send_back"},
        {"move": "archive", "line": "x"},
        {"move": ""},
        {"move": "send_back", "reasons": ["none"]},
        {"move": "refuse", "line": "x" * 501},
        {"move": "send_back", "fields_meant": ["status"], "line": "x"},
        {"move": "undo"},
        {"move": "hold", "line": "�"},
    ],
)
def test_bad_decisions_get_a_sentence_and_change_nothing(client, officer, mine, data):
    answer = client.post(item(mine[0]), data)

    assert answer.status_code == 400
    assert answer.context["refusal"]
    assert not mine[0].history().exists()


@pytest.mark.django_db
def test_a_second_decision_about_the_same_entry_is_refused(client, officer, mine):
    client.post(item(mine[0]), {"move": "publish"})

    answer = client.post(item(mine[0]), {"move": "refuse", "line": "No."})

    assert (answer.status_code, mine[0].history().count()) == (409, 1)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "move", ["publish", "send_back", "refuse", "hold", "duplicate"]
)
def test_undo_takes_the_decision_and_its_letter_back(client, officer, mine, move):
    first = mine[0]
    client.post(item(first), decision(move))
    change = first.history().get()

    answer = client.post(UNDO, {"change": change.pk})

    first.refresh_from_db()
    assert (answer.url, first.status) == (item(first), "submitted")
    assert first.submitted_at == mine[0].submitted_at
    assert [c.move for c in first.history()] == ["undo", move]
    assert OutgoingMail.objects.get().withdrawn_at is not None
    OutgoingMail.objects.update(not_before=None)
    assert OutgoingMail.objects.deliver_waiting() == 0
    kinds = list(
        Change.objects.filter(record_id=str(first.pk)).values_list("kind", flat=True)
    )
    assert kinds == (["publish", "delete"] if move == "publish" else [])


@pytest.mark.django_db
def test_undo_is_over_after_a_minute_and_is_nobody_elses(client, officer, mine):
    client.post(item(mine[0]), {"move": "publish"})
    change = mine[0].history().get()
    mine[0].history().update(at=timezone.now() - timedelta(seconds=61))

    client.post(UNDO, {"change": change.pk})
    mine[0].history().update(at=timezone.now())
    client.force_login(UserFactory(role=Role.SECRETARIAT))
    client.post(UNDO, {"change": change.pk})
    client.post(UNDO, {"change": "x"})

    assert mine[0].history().count() == 1


@pytest.mark.django_db
def test_mail_about_a_decision_leaves_after_the_time_for_undo(client, officer, mine):
    client.post(item(mine[0]), {"move": "publish"})
    assert OutgoingMail.objects.deliver_waiting() == 0

    OutgoingMail.objects.update(not_before=timezone.now() - timedelta(seconds=1))

    assert OutgoingMail.objects.deliver_waiting() == 1


@pytest.mark.django_db
def test_views_are_saved_per_person_and_forgotten(client, officer):
    client.post(VIEWS, {"name": "Red", "query": "lane=red"})
    client.post(VIEWS, {"name": "Red", "query": "lane=amber"})
    client.post(VIEWS, {"name": "", "query": ""})
    other = SavedView.objects.create(by=UserFactory(), name="Hers")

    assert [(v.name, v.query) for v in client.get(DESK).context["views"]] == [
        ("Red", "lane=red")
    ]
    client.post(VIEWS, {"forget": SavedView.objects.get(name="Red").pk})
    client.post(VIEWS, {"forget": other.pk})
    assert list(SavedView.objects.all()) == [other]


@pytest.mark.django_db
def test_trust_needs_a_second_person():
    trust = OrganizationTrust.objects.of(OrganizationFactory())
    one, two = UserFactory(role=Role.SECRETARIAT), UserFactory(role=Role.ADMINISTRATOR)
    trust = trust.move("propose", one, "A ministry.")

    with pytest.raises(Exception, match="second person"):
        trust.move("confirm", one, "Mine.")

    assert trust.move("confirm", two, "Agreed.").status == Trust.TRUSTED
    assert [c.by for c in trust.history()] == [two, one]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("level", "worst", "lane"),
    [
        (None, 0, "amber"),
        ("allowed", 0, "green"),
        ("allowed", 2, "amber"),
        ("trusted", 2, "green"),
        ("trusted", 3, "red"),
        ("blocked", 0, "red"),
        ("proposed", 0, "amber"),
    ],
)
def test_lane_follows_from_findings_and_trust(level, worst, lane):
    project = waiting()
    if level:
        OrganizationTrust.objects.create(
            organization=project.organization, status=level
        )
    Screening.objects.create(project=project, worst=worst)

    assert Project.objects.with_lane().get(pk=project.pk).lane == lane


@pytest.mark.django_db
def test_trust_is_changed_from_the_entry(client, officer, mine):
    organization = mine[0].organization
    url = reverse("admin:stocktaking_project_trust", args=[organization.pk])

    client.post(url, {"move": "allow", "note": "", "project": mine[0].pk})
    answer = client.post(
        url, {"move": "allow", "note": "Known.", "project": mine[0].pk}
    )

    assert answer.url == item(mine[0])
    assert OrganizationTrust.objects.get(organization=organization).status == "allowed"
    assert client.post(url, {"move": "crown", "note": "x"}).status_code == 404
