"""Questions of eligibility: none, some, and some that came after a draft was begun."""

import pytest
from django.urls import reverse

from prizes.contest.models import Category
from prizes.contest.rules import Question
from prizes.entry.models import Entry
from prizes.entry.workflow import Status
from tests.factories import ActionLineFactory, ProjectFactory
from tests.prizes.records import WORDS, ContestFactory, EntryFactory, set_phases

pytestmark = pytest.mark.django_db


@pytest.fixture
def project(client):
    project = ProjectFactory()
    client.force_login(project.owner)
    return project


@pytest.fixture
def contest():
    ActionLineFactory(code="C7-EGOV")
    ActionLineFactory(code="C1")
    contest = ContestFactory()
    set_phases(contest, "submission")
    return contest


def enter(client, contest, project, line="C7-EGOV", **answers):
    category = Category.objects.get(contest=contest, action_line=line)
    data = {"project": project.pk, "category": category.pk} | answers
    return client.post(reverse("prizes:enter", args=[contest.slug]), data, follow=True)


def submit(client, entry, **more):
    data = {"category": entry.category_id, "description": WORDS, "submit": "1"} | more
    return client.post(
        reverse("prizes:entry", args=[entry.contest.slug, entry.pk]), data, follow=True
    )


def test_a_contest_that_asks_nothing_takes_entries(client, contest, project):
    contest.questions.all().delete()
    enter(client, contest, project)

    page = submit(client, Entry.objects.get()).content.decode()

    assert "Your entry has been submitted" in page
    assert Entry.objects.get().status == Status.SUBMITTED


def test_questions_that_came_after_the_draft_are_asked_on_its_page(
    client, contest, project
):
    contest.questions.all().delete()
    enter(client, contest, project)
    entry = Entry.objects.get()
    question = Question.objects.create(
        contest=contest, order=1, text="New?", refusal="Too old."
    )
    address = reverse("prizes:entry", args=[contest.slug, entry.pk])

    page = client.get(address).content.decode()
    unanswered = submit(client, entry).content.decode()
    no = submit(client, entry, **{f"question_{question.pk}": "no"}).content.decode()
    yes = submit(client, entry, **{f"question_{question.pk}": "yes"}).content.decode()

    assert "New?" in page
    assert "Answer the eligibility questions first." in unanswered
    assert f'href="#id_question_{question.pk}' in unanswered
    assert "Too old." in no
    assert "Your entry has been submitted" in yes
    entry.refresh_from_db()
    assert entry.answers == [{"question": "New?", "answer": True}]


def test_answering_the_gate_again_answers_for_the_draft(client, contest, project):
    contest.questions.all().delete()
    enter(client, contest, project)
    question = Question.objects.create(
        contest=contest, order=1, text="New?", refusal="Too old."
    )

    enter(client, contest, project, **{f"question_{question.pk}": "yes"})
    page = submit(client, Entry.objects.get()).content.decode()

    assert "Your entry has been submitted" in page


def test_the_category_chosen_now_is_that_of_the_draft(client, contest, project):
    contest.questions.all().delete()
    enter(client, contest, project)

    page = enter(client, contest, project, line="C1").content.decode()

    assert Entry.objects.get().category.action_line_id == "C1"
    assert "You had begun this entry before. Its category is now: C1" in page


def test_the_gate_changes_nothing_of_what_is_submitted(client, contest, project):
    contest.questions.all().delete()
    enter(client, contest, project)
    submit(client, Entry.objects.get())

    page = enter(client, contest, project, line="C1").content.decode()

    assert Entry.objects.get().category.action_line_id == "C7-EGOV"
    assert "already takes part in this contest" in page


def test_two_windows_with_one_entry_lose_no_text(client, contest, project):
    entry = EntryFactory(contest=contest, project=project, status=Status.DRAFT)
    address = reverse("prizes:entry", args=[contest.slug, entry.pk])
    opened = client.get(address).context["form"].fields["opened_with"].initial
    form = {"category": entry.category_id, "opened_with": opened, "save": "1"}

    client.post(address, form | {"description": "Text of the first window"})
    answer = client.post(address, form | {"description": "Text of the second window"})

    page = answer.content.decode()
    entry.refresh_from_db()
    assert answer.status_code == 409
    assert "Text of the first window" in page
    assert "Text of the second window" in page
    assert entry.description == "Text of the first window"
