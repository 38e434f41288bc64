"""Texts of an entry in other languages: moves, what readers get, search, lists, machines."""

import io
import json

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import translation

from accounts.role.roles import Role
from common.mail.models import OutgoingMail
from common.records.models import Change
from stocktaking.base.workflow import Status
from stocktaking.coeditor.models import CoEditor
from stocktaking.project.fields import TEXT_FIELDS
from stocktaking.project.models import Project
from stocktaking.revision.differences import differences
from stocktaking.text.importing import TextImporter
from stocktaking.text.models import ProjectText
from stocktaking.text.workflow import TEXT_WORKFLOW, TextStatus
from tests.factories import ProjectFactory, UserFactory
from tests.markup import compact
from tests.moves import everybody, expected_of, tried
from tests.stocktaking.records import text_of
from tests.stocktaking.search.test_words import titles
from tests.stocktaking.submission.test_hostile_values import HOSTILE

pytestmark = pytest.mark.django_db
SEEN = 'name="seen" value="'


def edit_url(project, language="fr"):
    return reverse("stocktaking:text-edit", args=[project.pk, language])


def page_of(client, address):
    return compact(client.get(address).content.decode())


def save(client, project, language="fr", **fields):
    """Open the form and send it as a person would."""
    page = client.get(edit_url(project, language)).content.decode()
    seen = page.partition(SEEN)[2].partition('"')[0]
    return client.post(edit_url(project, language), {"seen": seen, **fields})


@pytest.mark.parametrize("status", TextStatus.values)
def test_moves_by_role_and_status(status):
    text = text_of(status=status)
    people = everybody(text.project.owner)

    def prepare(move):
        if move.name == "show" and status == "draft":
            ProjectText.objects.filter(pk=text.pk).update(kind="machine")

    found = tried(TEXT_WORKFLOW, text, people, prepare)

    assert found == expected_of(TEXT_WORKFLOW, status, people)


def test_from_the_form_to_the_page(client):
    project = ProjectFactory(title="Digital villages", results="Much.")
    officer = UserFactory(role=Role.SECRETARIAT)
    client.force_login(project.owner)

    answer = save(client, project, title="Villages numériques", summary="Des centres.")
    text = ProjectText.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, text.get_absolute_url())
    move = reverse("stocktaking:text-move", args=[text.pk])
    assert client.post(move, {"move": "submit"}).status_code == 302
    client.logout()
    hidden = page_of(client, f"/fr/projects/{project.pk}/")
    client.force_login(officer)
    assert client.post(move, {"move": "approve"}).status_code == 302
    client.logout()
    french = page_of(client, f"/fr/projects/{project.pk}/")
    english = page_of(client, f"/en/projects/{project.pk}/")
    original = page_of(client, f"/fr/projects/{project.pk}/?text=en")

    assert "Villages numériques" not in hidden
    assert '<h1 class="match" lang="fr" dir="ltr">Villages numériques</h1>' in french
    assert '<div class="prose" lang="en" dir="ltr"><p>Much.</p></div>' in french
    assert '<h1 class="match" lang="en" dir="ltr">Digital villages</h1>' in english
    assert '<h1 class="match" lang="en" dir="ltr">Digital villages</h1>' in original
    for page in (french, english, original):
        assert 'href="?text=fr" lang="fr" dir="auto" hreflang="fr"' in page
    told = OutgoingMail.objects.get(to=project.owner.email)
    assert f"/projects/{project.pk}/?text=fr" in told.body


def test_approval_is_the_entrys_next_version():
    project = ProjectFactory()
    text_of(project, "approved")
    newer = text_of(project, "submitted", title="Villages numériques 2")
    before = project.versions.get()

    newer.move("approve", UserFactory(role=Role.SECRETARIAT))

    kept = project.versions.first()
    statuses = ProjectText.objects.order_by("pk").values_list("status", flat=True)
    assert list(statuses) == ["replaced", "approved"]
    assert [row.field for row in differences(before.content, kept.content)] == ["texts"]
    assert differences(before.content, kept.content)[0].new_text.startswith(
        "Français – Approved"
    )
    logged = Change.objects.filter(record_id=str(project.pk)).order_by("pk").last()
    assert (logged.kind, logged.version) == ("update", kept.version)
    assert logged.content_hash == kept.content_hash


@pytest.mark.parametrize(
    ("change", "older"),
    [
        ({"title": "Digital villages, renamed"}, True),
        ({"website": "https://x.example/"}, False),
    ],
)
def test_a_text_is_older_only_when_the_words_changed(client, change, older):
    project = ProjectFactory()
    text_of(project, "approved")
    Project.objects.filter(pk=project.pk).update(**change)

    page = page_of(client, f"/en/projects/{project.pk}/?text=fr")

    assert ProjectText.objects.get().is_older == older
    assert ("Outdated: " in page) == older


def test_machine_texts_are_shown_to_who_asks_and_say_so(client):
    project = ProjectFactory(title="Digital villages")
    text_of(project, "shown", language="ar", title="نخيل رقمية")

    own = page_of(client, f"/ar/projects/{project.pk}/")
    asked = page_of(client, f"/en/projects/{project.pk}/?text=ar")

    assert "نخيل رقمية" not in own
    assert '<h1 class="match" lang="ar" dir="rtl">نخيل رقمية</h1>' in asked
    assert "<strong>Machine translation</strong>" in asked
    assert titles("نخيل") == []


@pytest.mark.parametrize("asked", ["ru", "xx", "EN", "fr%20", "9" * 300])
def test_no_such_text_is_404(client, asked):
    project = ProjectFactory()
    text_of(project, "submitted", language="ru")

    assert client.get(f"/en/projects/{project.pk}/?text={asked}").status_code == 404


@pytest.mark.parametrize("status", TextStatus.values)
def test_search_and_lists_know_approved_texts_only(client, status):
    project = ProjectFactory(title="Digital villages", summary="Centres.")
    text_of(
        project, status, title="Éducation numérique", summary="Bibliothèques rurales."
    )
    approved = status == "approved"

    found = [titles(words) for words in ("éducations", "bibliotheque", "villages")]
    with translation.override("fr"):
        listed = titles("villages")

    assert found == [["Digital villages"] if approved else []] * 2 + [
        ["Digital villages"]
    ]
    assert listed == ["Éducation numérique" if approved else "Digital villages"]
    card = client.get("/fr/projects/").content.decode()
    assert ('<span class="tag tag-language">' in card) != approved


def test_the_index_follows_approval_and_withdrawal():
    text = text_of(status="submitted", title="Éducation")
    officer = UserFactory(role=Role.SECRETARIAT)

    found = [titles("éducation")]
    for name in ("approve", "take_down"):
        text.move(name, officer, "Because.")
        found.append(titles("éducation"))

    assert found == [[], [text.project.title], []]
    Project.objects.filter(pk=text.project_id).update(summary="Broadband for all.")
    assert (titles("éducation"), titles("broadband")) == ([], [text.project.title])


def test_coeditors_write_and_the_owner_submits(client):
    project = ProjectFactory()
    friend = UserFactory()
    CoEditor.objects.create(
        project=project,
        email=friend.email,
        user=friend,
        by=project.owner,
        token="x" * 64,
        expires_at=project.created_at,
    )
    client.force_login(friend)

    saved = save(client, project, title="Villages", summary="Des centres.")
    text = ProjectText.objects.get()
    answer = client.post(
        reverse("stocktaking:text-move", args=[text.pk]), {"move": "submit"}
    )

    assert (saved.status_code, answer.status_code, text.by) == (302, 403, friend)


def test_what_changed_meanwhile_is_not_overwritten(client):
    text = text_of(status="draft")
    project = text.project
    client.force_login(project.owner)
    page = client.get(edit_url(project)).content.decode()
    seen = page.partition(SEEN)[2].partition('"')[0]
    text.title = "By the co-editor"
    text.save()

    answer = client.post(
        edit_url(project), {"seen": seen, "title": "Mine", "summary": "S."}
    )

    assert answer.status_code == 409
    assert 'value="Mine"' in answer.content.decode()
    text.refresh_from_db()
    assert text.title == "By the co-editor"


def test_words_are_limited_as_in_the_original(client):
    project = ProjectFactory()
    client.force_login(project.owner)

    answer = save(client, project, title="Villages", summary="mot " * 201)

    assert answer.status_code == 400
    assert "Enter at most 200 words; you have 201." in answer.content.decode()
    assert not ProjectText.objects.exists()


@pytest.mark.parametrize("kind", HOSTILE)
def test_every_field_survives_hostile_values(client, kind):
    project = ProjectFactory(
        partners="P", results="R", replicability="R", sustainability="S", image_alt="I"
    )
    client.force_login(project.owner)
    value = HOSTILE[kind]

    for name in TEXT_FIELDS:
        answer = save(client, project, **{name: value})
        assert answer.status_code in (
            {400} if kind in ("nul", "megabyte") else {302, 400}
        )
        kept = ProjectText.objects.filter(project=project).first()
        assert getattr(kept, name, "") in ("", value.strip())
        if kept:
            assert (
                "<script>alert(1)"
                not in client.get(kept.get_absolute_url()).content.decode()
            )


@pytest.mark.parametrize("kind", HOSTILE)
def test_the_import_survives_hostile_values(kind):
    project = ProjectFactory(external_id="X-1")
    good = {
        "project": "X-1",
        "language": "fr",
        "engine": "M 1",
        "title": "T",
        "summary": "S",
    }

    for name in good:
        quoted = HOSTILE[kind].replace('"', '""')
        row = ",".join(f'"{quoted if key == name else good[key]}"' for key in good)
        try:
            result = TextImporter.import_file(
                io.BytesIO(f"{','.join(good)}\n{row}\n".encode())
            )
        except ValidationError:
            continue
        assert result.failed + result.created + result.updated + result.unchanged <= 1
    shown = ProjectText.objects.filter(project=project)
    assert set(shown.values_list("language", "kind", "status")) <= {
        ("fr", "machine", "shown")
    }


def test_an_import_brings_marked_texts_and_repeats_nothing():
    project = ProjectFactory(title="Digital villages")
    sheet = (
        "project,language,engine,title,summary\n"
        f"{project.number},fr,Made-up 1,Villages numériques,Des centres.\n"
        f"{project.number},en,Made-up 1,Villages,Centres.\n"
        f"{project.number},xx,Made-up 1,Villages,Centres.\n"
        "WSIS-2020-999999,fr,Made-up 1,Villages,Centres.\n"
    ).encode()

    tried = TextImporter.import_file(io.BytesIO(sheet), dry_run=True)
    assert (str(tried), ProjectText.objects.count()) == (
        "1 created, 0 updated, 0 unchanged, 3 failed",
        0,
    )
    first, second = (
        TextImporter.import_file(io.BytesIO(sheet)),
        TextImporter.import_file(io.BytesIO(sheet)),
    )

    text = ProjectText.objects.get()
    assert str(first) == "1 created, 0 updated, 0 unchanged, 3 failed"
    assert str(second) == "0 created, 0 updated, 1 unchanged, 3 failed"
    assert [(e.row, e.column) for e in first.errors] == [
        (3, "project"),
        (4, "language"),
        (5, "project"),
    ]
    assert (text.kind, text.status, text.engine) == ("machine", "shown", "Made-up 1")


@pytest.mark.parametrize(
    ("kind", "status"), [("machine", "approved"), ("human", "shown")]
)
def test_the_database_keeps_machines_apart(kind, status):
    text = text_of(status="draft")

    with pytest.raises(IntegrityError), transaction.atomic():
        ProjectText.objects.filter(pk=text.pk).update(kind=kind, status=status)


def test_staff_add_machine_texts(client):
    project = ProjectFactory()
    client.force_login(UserFactory(role=Role.SECRETARIAT))
    add = reverse("admin:stocktaking_projecttext_add")
    row = {
        "project": project.pk,
        "language": "es",
        "engine": "Made-up 1",
        "title": "Aldeas",
    }

    answers = [
        client.post(add, row | {"summary": s}).status_code for s in ("Uno.", "Dos.")
    ]
    refused = client.post(add, row | {"language": "en"})

    text = ProjectText.objects.get()
    assert answers == [302, 302]
    assert (text.summary, text.kind, text.status) == ("Dos.", "machine", "shown")
    assert "written in this language" in refused.content.decode()


def test_api_and_json_ld_tell_all_texts(client):
    project = ProjectFactory()
    text_of(project, "approved", title="Villages numériques")
    text_of(project, "shown", language="ar", title="قرى")
    text_of(project, "submitted", language="es", title="Aldeas")

    record = client.get(f"/api/v1/projects/{project.pk}/").json()
    linked = json.loads(client.get(f"/en/projects/{project.pk}.jsonld").content)

    told = [
        (t["language"], t["kind"], t["older_than_original"]) for t in record["texts"]
    ]
    assert told == [("ar", "machine", False), ("fr", "human", False)]
    assert {t["inLanguage"] for t in linked["workTranslation"]} == {"ar", "fr"}
    assert linked["subjectOf"]["inLanguage"] == "en"


def test_only_published_entries_have_texts(client):
    draft = ProjectFactory(status=Status.DRAFT)
    client.force_login(draft.owner)

    answer = save(client, draft, title="Villages", summary="Des centres.")

    assert (answer.status_code, ProjectText.objects.count()) == (409, 0)


@pytest.mark.parametrize("rows", [1, 4])
def test_page_queries(client, django_assert_num_queries, rows):
    project = ProjectFactory()
    for language in ("fr", "es", "ar", "ru")[:rows]:
        text_of(project, "approved", language=language)
    client.get(project.get_absolute_url())
    client.force_login(project.owner)

    with django_assert_num_queries(7):  # whatever the number of texts
        client.get(reverse("stocktaking:texts", args=[project.pk]))
