"""What an officer writes about a contest, in six languages: questions, criteria, the note about the
rules. Who has no translation reads the English text, marked as English."""

import re

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import translation

from accounts.role.roles import Role
from common.records.models import Change
from prizes.contest.models import Contest
from prizes.entry.models import Entry
from prizes.entry.workflow import Status
from prizes.panel.models import Review
from prizes.public_record.models import FrameEvent
from prizes.year.copying import PARTS
from tests.factories import ActionLineFactory, ProjectFactory, UserFactory
from tests.prizes.records import ContestFactory, EntryFactory, expert, set_phases

pytestmark = pytest.mark.django_db
ARABIC, CHINESE = "هل المشروع جديد؟", "该项目是新的吗？"
NO_ARABIC = "يجب أن يكون جديدًا."


@pytest.fixture
def contest():
    ActionLineFactory(code="C7-EGOV")
    contest = ContestFactory(now="submission")
    contest.questions.update(text_ar=ARABIC, text_zh_hans=CHINESE, refusal_ar=NO_ARABIC)
    contest.criteria.filter(order=1).update(
        text_fr="Effets", guidance_en="What changed <b>there</b>?", guidance_fr="Quoi ?"
    )
    return contest


@pytest.fixture
def desk(client, settings):
    settings.REQUIRE_STAFF_MFA = False
    officer = UserFactory(role=Role.SECRETARIAT)
    client.force_login(officer)
    return officer


def in_language(language, name, *args):
    with translation.override(language):
        return reverse(name, args=args)


def read(client, language, name, *args):
    return client.get(in_language(language, name, *args)).content.decode()


def test_an_entrant_reads_the_questions_in_their_language(client, contest):
    client.force_login(ProjectFactory().owner)

    pages = {
        code: read(client, code, "prizes:enter", contest.slug)
        for code in ("ar", "zh-hans", "fr", "en")
    }

    assert f"<legend><bdi>{ARABIC}</bdi></legend>" in pages["ar"]
    assert f"<legend><bdi>{CHINESE}</bdi></legend>" in pages["zh-hans"]
    assert '<legend><bdi lang="en">Is it new?</bdi></legend>' in pages["fr"]
    assert "<legend><bdi>Is it new?</bdi></legend>" in pages["en"]
    assert "Is it new?" not in pages["ar"] + pages["zh-hans"]


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("ar", f"<bdi>{NO_ARABIC}</bdi>"),
        ("zh-hans", '<bdi lang="en">It must be.</bdi>'),
        ("en", "<bdi>It must be.</bdi>"),
    ],
)
def test_who_answers_no_is_told_why_in_their_language(client, contest, language, told):
    project = ProjectFactory()
    client.force_login(project.owner)
    question = contest.questions.get()

    page = client.post(
        in_language(language, "prizes:enter", contest.slug),
        {
            "project": project.pk,
            "category": contest.categories.get(action_line="C7-EGOV").pk,
            f"question_{question.pk}": "no",
        },
    )

    assert told in page.content.decode()
    assert not Entry.objects.exists()


def test_an_answer_counts_in_whatever_language_it_was_given(client, contest):
    project = ProjectFactory()
    client.force_login(project.owner)
    question = contest.questions.get()
    client.post(
        in_language("ar", "prizes:enter", contest.slug),
        {
            "project": project.pk,
            "category": contest.categories.get(action_line="C7-EGOV").pk,
            f"question_{question.pk}": "yes",
        },
    )
    entry = Entry.objects.get()
    contest.questions.update(text_fr="Est-il nouveau ?")

    pages = [
        read(client, code, "prizes:entry", contest.slug, entry.pk)
        for code in ("ar", "fr", "zh-hans")
    ]

    assert entry.answers == [{"question": "Is it new?", "answer": True}]
    assert [p for p in pages if f"question_{question.pk}" in p] == []
    contest.questions.update(text_en="Has it begun?", text_fr="A-t-il commencé ?")
    asked = read(client, "fr", "prizes:entry", contest.slug, entry.pk)
    assert "<legend><bdi>A-t-il commencé ?</bdi></legend>" in asked


def test_an_expert_reads_the_criteria_in_their_language(client, contest):
    set_phases(contest, "nomination")
    entry = EntryFactory(contest=contest, line="C4", status=Status.ACCEPTED)
    client.force_login(expert(entry.category))

    french = read(client, "fr", "prizes:review", contest.slug, entry.pk)
    arabic = read(client, "ar", "prizes:review", contest.slug, entry.pk)

    assert "<bdi>Effets</bdi></label>" in french
    assert "<bdi>Quoi ?</bdi>" in french
    assert '<bdi lang="en">Reach</bdi></label>' in french
    assert '<bdi lang="en">Impact</bdi></label>' in arabic
    guidance = '<bdi lang="en">What changed &lt;b&gt;there&lt;/b&gt;?</bdi>'
    assert guidance in arabic


def test_criteria_stand_in_all_languages_once_a_review_is_submitted(contest):
    set_phases(contest, "nomination")
    entry = EntryFactory(contest=contest, line="C4", status=Status.ACCEPTED)
    Review.objects.create(
        entry=entry, reviewer=expert(entry.category), state="done", comment="Good"
    )

    with pytest.raises(IntegrityError, match="criteria_in_use"), transaction.atomic():
        contest.criteria.update(text_ar="الأثر")


def test_the_note_about_the_rules_on_the_page_and_over_the_api(client, contest):
    Contest.objects.filter(pk=contest.pk).update(
        rules_note_en="As <i>last</i> year.", rules_note_ar="كما في العام الماضي."
    )

    arabic = read(Client(), "ar", "prizes:contest", contest.slug)
    french = read(Client(), "fr", "prizes:contest", contest.slug)
    api = f"/api/v1/prizes/contests/{contest.slug}/"

    assert re.search(r'lang="ar"\s+dir="auto">كما في العام الماضي.</p>', arabic)
    assert re.search(
        r'lang="en"\s+dir="auto">As &lt;i&gt;last&lt;/i&gt; year.</p>', french
    )
    assert client.get(f"{api}?lang=ar").json()["rules_note"] == "كما في العام الماضي."
    assert client.get(f"{api}?lang=zh-hans").json()["rules_note"] == (
        "As <i>last</i> year."
    )


@pytest.mark.django_db(transaction=True)
def test_a_translated_note_is_in_the_change_log(client):
    contest = ContestFactory()
    log = Change.objects.filter(record_id=contest.slug)
    before = log.count()

    Contest.objects.filter(pk=contest.pk).update(rules_note_ar="كما في العام الماضي.")

    assert log.count() == before + 1


def test_a_translation_leaves_the_frame_of_the_vote_as_it_was(contest):
    set_phases(contest, "voting")
    before = list(FrameEvent.objects.values_list("pk", "hash"))

    contest.questions.update(text_ru="Он новый?")
    contest.criteria.update(text_ru="Влияние")
    Contest.objects.filter(pk=contest.pk).update(rules_note_ru="Как в прошлом году.")

    assert before
    assert list(FrameEvent.objects.values_list("pk", "hash")) == before


# --- the desk ---


def test_the_officer_types_the_original_and_unfolds_the_others(client, desk, contest):
    change = reverse("admin:prizes_contest_change", args=[contest.pk])

    page = client.get(change).content.decode()

    for name in ("questions-0-refusal", "criteria-0-guidance", "rules_note"):
        folded = page.index(f'name="{name}_ar"')
        opened = page.rindex("<details", 0, folded)
        assert "</details>" not in page[opened:folded]
        shown = page.index(f'name="{name}_en"')
        assert "<details" not in page[page.rindex("<fieldset", 0, shown) : shown]


def test_a_translation_is_typed_at_the_desk(client, desk, contest):
    question = contest.questions.get()
    address = reverse("admin:prizes_question_change", args=[question.pk])
    form = {
        "contest": contest.pk,
        "order": 1,
        "text_en": "Is it new?",
        "refusal_en": "It must be.",
        "text_ru": "Он новый?",
    }

    empty = client.post(address, form | {"text_en": ""}).content.decode()
    client.post(address, form)

    question.refresh_from_db()
    assert "This field is required." in empty
    with translation.override("ru"):
        assert (question.text, question.refusal) == ("Он новый?", "It must be.")


def test_the_year_says_what_is_not_translated_and_waits_for_nothing(
    client, desk, contest
):
    page = read(client, "en", "admin:prizes_contest_year", contest.pk)

    told = " ".join(page.split())
    assert (
        "Questions not translated – Simplified Chinese: 1, French: 1, Russian: 1, "
        "Spanish: 1." in told
    )
    assert (
        "Criteria not translated – Arabic: 2, Simplified Chinese: 2, French: 1" in told
    )
    assert "The note about the rules is not translated" not in told
    next_step = told.partition("Next step")[2].partition("</p>")[0]
    assert "not translated" not in next_step


def test_criteria_in_use_are_no_hint(client, desk, contest):
    set_phases(contest, "nomination")
    entry = EntryFactory(contest=contest, line="C4", status=Status.ACCEPTED)
    Review.objects.create(
        entry=entry, reviewer=expert(entry.category), state="done", comment="Good"
    )

    page = read(client, "en", "admin:prizes_contest_year", contest.pk)

    assert "Criteria not translated" not in page


def test_a_copy_takes_the_translations_along_as_they_stand(client, desk, contest):
    new = {"year": "2095", "slug": "2095", "title": "WSIS Prizes 2095"}
    chosen = new | {
        "start_date": "2094-09-30",
        "parts": [part.name for part in PARTS],
    }
    page = in_language("fr", "admin:prizes_contest_copy", contest.pk)
    seen = client.post(page, chosen).context["seen"]

    client.post(page, chosen | {"seen": seen})

    made = Contest.objects.get(slug="2095")
    question, criterion = made.questions.get(), made.criteria.get(order=1)
    with translation.override("ar"):
        assert (question.text, question.refusal) == (ARABIC, NO_ARABIC)
    assert (question.text_fr or "", question.text_en) == ("", "Is it new?")
    assert (criterion.text_fr, criterion.guidance_fr) == ("Effets", "Quoi ?")
    assert made.criteria.get(order=2).text_fr in (None, "")
