"""Images and documents of an entry: written on the evidence step, kept with each version."""

import datetime

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from privacy.erasure import delete, erase
from privacy.retention import drop_files
from stocktaking.base.workflow import Status
from stocktaking.file.models import MAX_FILES, Attachment
from stocktaking.project.models import Project
from stocktaking.revision.differences import differences
from stocktaking.revision.models import Revision
from tests.factories import ProjectFactory, UserFactory
from tests.stocktaking.hostile import GOOD, picture
from tests.stocktaking.project_form import post_step
from tests.stocktaking.records import attached, revision_of

pytestmark = pytest.mark.django_db


def add(client, record, content=GOOD, button="attach", **words):
    words = {"file_title": "Final report", "file_alt": ""} | words
    file = SimpleUploadedFile("x.bin", content)
    return post_step(
        client, record, "evidence", next=None, file=file, **{button: "1"} | words
    )


def listed(record):
    fresh = type(record).objects.get(pk=record.pk)
    items = (
        fresh.content["attachments"]
        if isinstance(fresh, Revision)
        else fresh.attachments
    )
    return [item["title"] for item in items]


def path_of(attachment):
    return str(attachment.file.name)


# --- writing ----------------------------------------------------------------------------------


def test_document_and_image_are_added_without_scripts(client, draft):
    client.force_login(draft.owner)

    first = add(client, draft)
    second = add(client, draft, picture(), file_title="", file_alt="A mast on a hill")

    where = f"{reverse('stocktaking:project-step', args=[draft.pk, 'evidence'])}#files"
    assert (first.url, second.url) == (where, where)
    draft.refresh_from_db()
    assert [(i["kind"], i["title"], i["alt"]) for i in draft.attachments] == [
        ("document", "Final report", ""),
        ("image", "", "A mast on a hill"),
    ]
    assert [a.by for a in Attachment.objects.all()] == [draft.owner] * 2
    page = client.get(where).content.decode()
    assert (page.count("PDF document <"), page.count('alt="A mast on a hill"')) == (
        1,
        1,
    )


@pytest.mark.parametrize(
    ("content", "field", "sentence"),
    [
        (GOOD, "file_title", "Enter a title for the document."),
        (picture(), "file_alt", "Describe the image for people who cannot see it."),
    ],
)
def test_each_kind_needs_its_words(client, draft, content, field, sentence):
    client.force_login(draft.owner)

    response = add(client, draft, content, file_title="")

    assert response.context["files"].errors == {field: [sentence]}
    assert Attachment.objects.count() == 0


def test_words_and_order_change_and_a_file_goes(client, draft):
    one, two, three = (
        attached(draft, title=title) for title in ("One", "Two", "Three")
    )
    client.force_login(draft.owner)

    post_step(
        client,
        draft,
        "evidence",
        **{
            f"title_{one.pk}": "First",
            f"initial-title_{one.pk}": "One",
            f"place_{three.pk}": "1",
            f"initial-place_{three.pk}": "3",
        },
    )
    moved = listed(draft)
    post_step(client, draft, "evidence", **{f"remove_{two.pk}": "on"})

    assert (moved, listed(draft)) == (["Three", "First", "Two"], ["Three", "First"])
    assert list(Attachment.objects.order_by("pk")) == [one, three]


def test_somebody_elses_words_stay(client, draft):
    one = attached(draft, title="Written meanwhile")
    client.force_login(draft.owner)

    post_step(
        client,
        draft,
        "evidence",
        **{
            f"title_{one.pk}": "Before",
            f"initial-title_{one.pk}": "Before",
        },
    )

    assert listed(draft) == ["Written meanwhile"]


def test_a_title_may_not_be_emptied(client, draft):
    one = attached(draft, title="One")
    client.force_login(draft.owner)

    response = post_step(
        client,
        draft,
        "evidence",
        **{
            f"title_{one.pk}": "",
            f"initial-title_{one.pk}": "One",
        },
    )

    assert response.context["files"].errors == {
        f"title_{one.pk}": ["Enter a title for the document."]
    }
    assert listed(draft) == ["One"]


def test_saving_by_itself_keeps_words_only(client, draft):
    one = attached(draft, title="One")
    client.force_login(draft.owner)

    post_step(
        client,
        draft,
        "evidence",
        None,
        {"HX-Request": "true"},
        **{
            f"title_{one.pk}": "Typed",
            f"initial-title_{one.pk}": "One",
            f"remove_{one.pk}": "on",
        },
    )

    assert listed(draft) == ["Typed"]


def test_ten_files_and_no_more(client, draft):
    files = [attached(draft, title=str(n)) for n in range(MAX_FILES)]
    client.force_login(draft.owner)

    full = add(client, draft)
    swapped = add(client, draft, **{f"remove_{files[0].pk}": "on"})

    sentence = "A project can have at most ten files. Remove one first."
    assert full.context["files"].errors["file"] == [sentence]
    assert (swapped.status_code, listed(draft)[-1]) == (302, "Final report")
    assert Attachment.objects.count() == MAX_FILES


def test_removed_file_that_was_never_public_is_deleted(
    client, draft, django_capture_on_commit_callbacks
):
    one = attached(draft)
    client.force_login(draft.owner)

    with django_capture_on_commit_callbacks(execute=True):
        post_step(client, draft, "evidence", **{f"remove_{one.pk}": "on"})

    assert (listed(draft), default_storage.exists(path_of(one))) == ([], False)


def test_preview_and_check_show_the_files(client, draft):
    attached(draft, title="Evaluation of 2025")
    client.force_login(draft.owner)

    for name in ("project-preview", "project-check"):
        page = client.get(
            reverse(f"stocktaking:{name}", args=[draft.pk])
        ).content.decode()
        assert page.count("Evaluation of 2025") == 1


# --- who reads them ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "who", "answer"),
    [
        (Status.PUBLISHED, "anonymous", 200),
        (Status.DRAFT, "anonymous", 404),
        (Status.DRAFT, "stranger", 404),
        (Status.DRAFT, "owner", 200),
        (Status.SUBMITTED, "staff", 200),
        (Status.ARCHIVED, "stranger", 404),
    ],
)
def test_who_may_have_a_file(client, staff, status, who, answer):
    project = ProjectFactory(status=status)
    one = attached(project)
    people = {"staff": staff, "owner": project.owner, "stranger": UserFactory()}
    if who in people:
        client.force_login(people[who])

    response = client.get(one.get_absolute_url())

    kept = "public, max-age=3600" if status == Status.PUBLISHED else "private, no-store"
    assert response.status_code == answer
    assert answer == 404 or response["Cache-Control"] == kept


def test_file_of_another_entry_is_not_there(client, published):
    one = attached(published)

    other = reverse("stocktaking:project-file", args=[ProjectFactory().pk, one.pk])

    assert client.get(other).status_code == 404


@pytest.mark.parametrize("files", [0, 1, 10])
def test_files_cost_one_query(client, published, django_assert_num_queries, files):
    for number in range(files):
        attached(published, title=str(number))
    client.get(published.get_absolute_url())

    # entry, its four lists, what is similar, lifeline, freshness; the files
    with django_assert_num_queries(QUERIES + (files > 0)):
        client.get(published.get_absolute_url())


QUERIES = 12


def test_api_lists_the_files_that_may_be_read(client, published):
    one = attached(published, title="Evaluation")
    attached(published, scan="held")

    body = client.get(reverse("api:project-detail", args=[published.pk])).json()

    assert body["attachments"] == [
        {
            "id": one.pk,
            "kind": "document",
            "title": "Evaluation",
            "alt": "",
            "size": len(GOOD),
            "url": f"http://testserver{one.get_absolute_url()}",
            "sha256": one.sha256,
        }
    ]


# --- versions ---------------------------------------------------------------------------------


def test_new_version_leaves_the_public_files_alone_until_approved(
    client, published, staff
):
    old = attached(published, title="Old report")
    revision = revision_of(published, title=published.title)
    client.force_login(published.owner)

    add(client, revision, file_title="New report", **{f"remove_{old.pk}": "on"})
    new = Attachment.objects.exclude(pk=old.pk).get()
    before = [listed(published), client.get(new.get_absolute_url()).status_code]
    client.logout()
    hidden = client.get(new.get_absolute_url()).status_code
    revision.refresh_from_db()
    changed = [
        (row.label, row.old_text, row.new_text) for row in revision.differences()
    ]
    revision.move("submit", published.owner)
    revision.move("publish", staff)

    assert (before, hidden) == ([["Old report"], 200], 404)
    size = f"{len(GOOD)}\xa0bytes"
    assert changed == [
        (
            "Images and documents",
            f"1. Old report (PDF document, {size})",
            f"1. New report (PDF document, {size})",
        )
    ]
    assert listed(published) == ["New report"]
    answers = [client.get(a.get_absolute_url()).status_code for a in (old, new)]
    assert answers == [200, 200]  # what an earlier version shows is still there
    contents = published.versions.order_by("version").values_list("content", flat=True)
    titles = [[item["title"] for item in c.get("attachments", [])] for c in contents]
    assert titles == [[], ["Old report"], ["New report"]]


def test_versions_tell_the_order_of_files():
    one, two = (
        {"id": n, "kind": "image", "title": str(n), "alt": "", "size": 9}
        for n in (1, 2)
    )

    found = differences({"attachments": [one, two]}, {"attachments": [two, one]})

    assert [row.new_text for row in found] == [
        "1. 2 (Image, 9\xa0bytes)\n2. 1 (Image, 9\xa0bytes)"
    ]


def test_entry_without_files_keeps_its_hash(published):
    assert "attachments" not in published.public_content()


# --- what is kept how long --------------------------------------------------------------------


def test_erasure_takes_what_was_never_public(draft, django_capture_on_commit_callbacks):
    published = ProjectFactory(owner=draft.owner)
    kept, gone = attached(published), attached(draft)

    with django_capture_on_commit_callbacks(execute=True):
        erase(draft.owner)

    assert list(Attachment.objects.all()) == [kept]
    assert [default_storage.exists(path_of(a)) for a in (kept, gone)] == [True, False]


def test_files_go_with_their_draft(draft, django_capture_on_commit_callbacks):
    one = attached(draft)

    with django_capture_on_commit_callbacks(execute=True):
        delete(Project.objects.filter(pk=draft.pk))

    assert (Attachment.objects.count(), default_storage.exists(path_of(one))) == (
        0,
        False,
    )


def test_strays_go_after_thirty_days(draft, published, time_machine):
    used, public = attached(draft), attached(published)
    revision = revision_of(published)
    proposed = attached(revision)
    stray = Attachment.keep(draft, "document", GOOD, True, draft.owner)
    after = datetime.timedelta(days=30)

    time_machine.move_to(
        timezone.now() + after - datetime.timedelta(minutes=1), tick=False
    )
    early = drop_files()
    time_machine.shift(datetime.timedelta(minutes=2))
    late = drop_files()

    assert (early, late) == (0, 1)
    assert set(Attachment.objects.all()) == {used, public, proposed}
    assert stray.pk not in Attachment.objects.values_list("pk", flat=True)
