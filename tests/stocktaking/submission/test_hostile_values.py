"""Every field of the entry form against ten hostile values: an answer, never a 500, and what is
stored is either the text itself or what was there before. Counts and years as properties."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from common.text.words import count_words
from stocktaking.base.workflow import Status
from stocktaking.project.forms import FORM_FIELDS, STEPS
from stocktaking.project.models import Project
from stocktaking.project.period import latest_year
from stocktaking.submission.forms import ProjectForm
from tests.factories import ProjectFactory
from tests.stocktaking.project_form import draft_of, post_step, versions

HOSTILE = {
    "html": "<script>alert(1)</script><img src=x onerror=alert(2)>",
    "sql": "'; DROP TABLE stocktaking_project; --",
    "rtl": "\u202egnp.exe\u2066 \u200f",
    "nul": "a\0b",
    "megabyte": "x" * 1024 * 1024,
    "emoji": "👩‍👩‍👧‍👦" * 40,
    "template": "{{ 7|add:7 }}{% debug %}${7*7}",
    "number": "9" * 400,
    "path": "../../../etc/passwd",
    "lines": "\r\n\t\u2028\u0085" * 20,
}
unhurried = settings(
    deadline=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)


@pytest.mark.django_db
@pytest.mark.parametrize("kind", HOSTILE)
def test_every_field_survives(client, kind):
    draft = ProjectFactory(status=Status.DRAFT)
    client.force_login(draft.owner)
    value, answers = HOSTILE[kind], {}
    for step in STEPS:
        for name in step.fields:
            before = stored(draft, name)
            answer = post_step(client, draft, step.slug, **{name: value})
            answers[name] = answer.status_code
            if name in {"title", "summary", "partners", "results"}:
                assert stored(draft, name) in (before, value.strip(), value)
            # what was refused is shown again at once, what was kept on the next page
            saved = answer.status_code == 302
            page = client.get(draft_of(draft).step_url(step)) if saved else answer
            assert "<script>alert(1)</script>" not in page.content.decode()
        kept = client.get(draft_of(draft).step_url(step)).content.decode()
        assert "<script>alert(1)</script>" not in kept

    assert answers.keys() == set(FORM_FIELDS)
    assert set(answers.values()) <= ({400} if kind == "nul" else {200, 302})


def stored(draft, name):
    return getattr(Project.objects.get(pk=draft.pk), name)


@pytest.mark.django_db
@pytest.mark.parametrize("kind", HOSTILE)
def test_autosave_survives(client, kind):
    draft = ProjectFactory(status=Status.DRAFT)
    client.force_login(draft.owner)

    answer = post_step(
        client,
        draft,
        "what",
        versions(draft, "what"),
        {"HX-Request": "true"},
        title=HOSTILE[kind],
        summary=HOSTILE[kind],
    )

    assert answer.status_code == (400 if kind == "nul" else 200)
    assert "<script>alert(1)</script>" not in answer.content.decode()


WRITTEN = st.one_of(
    st.integers().map(str),
    st.text(max_size=12),
    st.builds(
        lambda day, length: day.isoformat()[:length],
        st.dates(),
        st.sampled_from([4, 7, 10]),
    ),
)


@pytest.mark.django_db
@unhurried
@given(start=WRITTEN, end=WRITTEN)
def test_dates_are_kept_only_in_order_and_in_range(start, end):
    step = next(step for step in STEPS if step.slug == "when")
    form = ProjectForm(
        {"timescale": "ongoing", "start_date": start, "end_date": end},
        instance=Project(),
        step=step,
    )

    project = form.valid_project()

    kept = [date for date in (project.start_date, project.end_date) if date]
    assert set(kept) <= {start.strip(), end.strip()}
    assert all("1990" <= date[:4] <= str(latest_year()) for date in kept)
    assert project.is_in_order
    project.title = "Within what the table takes"
    project.validate_constraints()


@unhurried
@given(
    st.lists(
        st.text(st.characters(categories=["Lu", "Ll"], max_codepoint=0x24F), min_size=1)
    )
)
def test_as_many_words_as_were_joined(words):
    assert count_words(" ".join(words)) == len(words)


@unhurried
@given(st.text())
def test_counting_never_fails_and_knows_no_spaces(text):
    assert count_words(text) == count_words(f"  {text}\n")
