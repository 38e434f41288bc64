"""The feed of changes tells of every change of what is served, whatever writes it, and of nothing
else; times of change, ETags and the Atom feed follow the same changes."""

import datetime
from email.utils import parsedate_to_datetime

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from accounts.role.roles import Role
from common.records import feed
from common.records.models import Change, ServedState
from forum.consultation.phases import Phase as ConsultationPhase
from forum.people.models import Person, PersonMerge
from prizes.contest.models import Contest
from prizes.entry.models import Entry
from reference.country.models import Country
from roadmap.agency.models import Agency
from roadmap.roadmap.models import Roadmap
from stocktaking.organization.models import Organization
from stocktaking.project.models import Project
from tests import factories
from tests.api.asking import send, signed_in
from tests.forum.records import EditionFactory
from tests.prizes.records import EntryFactory
from wsis_portal.api import router
from wsis_portal.changes.api import ADDRESSES

RENAMED = "UPDATE reference_country SET name_ru = 'Непал!' WHERE code = 'NP'"
pytestmark = pytest.mark.django_db(transaction=True)


def news(after=""):
    """(kind, record kind, key) of the rows after a position, and the next position."""
    body = Client().get(f"/api/v1/changes/?limit=500&after={after}").json()
    assert body["has_more"] is False
    rows = [
        (row["kind"], row["record_kind"], row["record_id"]) for row in body["changes"]
    ]
    return rows, body["next"]


def told_of(act):
    """What the feed tells of an act."""
    _rows, before = news()
    act()
    return news(before)[0]


def by_sql(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def test_every_list_of_the_api_has_a_kind_in_the_feed_and_each_kind_its_triggers():
    kinds = {constraint.kind_of(model) for model, constraint in feed.declared()}
    shown = {f"{basename}-detail" for _prefix, _view, basename in router.registry} - {
        "change-detail"
    }

    assert kinds == set(ADDRESSES)
    assert shown - set(ADDRESSES.values()) == set()


def test_plain_sql_is_told_for_every_kind():
    """A record of each table that the API shows is made, changed and deleted by hand."""
    edition = EditionFactory()
    Agency.objects.create(
        code="XYZ", short="XYZ", name="Office of tests", source="Test"
    )
    person = Person.objects.create(name="Łucja Kąkol", is_public=True)

    rows = told_of(
        lambda: (
            by_sql(
                "UPDATE forum_edition SET theme = 'Tashi delek' WHERE id = %s",
                edition.pk,
            ),
            by_sql("UPDATE roadmap_agency SET name = 'Bureau' WHERE code = 'XYZ'"),
            by_sql("UPDATE forum_person SET name = 'Lucja' WHERE id = %s", person.pk),
            by_sql("DELETE FROM roadmap_agency WHERE code = 'XYZ'"),
        )
    )

    assert rows == [
        ("update", "forum.edition", edition.slug),
        ("update", "roadmap.agency", "XYZ"),
        ("update", "forum.person", str(person.pk)),
        ("delete", "roadmap.agency", "XYZ"),
    ]


def test_a_write_that_changes_nothing_is_no_change():
    project = factories.ProjectFactory(sdgs=["4"])
    entry = EntryFactory(source="Report of 2019")
    organization = factories.OrganizationFactory()

    rows = told_of(
        lambda: (
            project.save(),
            entry.save(),
            organization.save(),
            Country.objects.get(pk="KE").save(),
            project.sdgs.set(["4"]),
            by_sql(
                "UPDATE stocktaking_project SET title = title, contact_name = 'Somebody else'"
            ),
            by_sql("UPDATE prizes_entry SET answers = '[]', code = 'another'"),
        )
    )

    assert rows == []


def test_a_list_of_codes_and_all_that_shows_its_names_change_together():
    project = factories.ProjectFactory(country_id="NP")
    elsewhere = factories.ProjectFactory(country_id="KE")
    entry = EntryFactory(source="Report of 2019", country_id="NP")
    first = Client().get(f"/api/v1/projects/{project.pk}/?lang=ru")

    rows = told_of(
        lambda: by_sql(
            "UPDATE reference_country SET name_ru = 'Непал!' WHERE code='NP'"
        )
    )

    assert ("update", "reference.country", "country") in rows
    assert ("update", "stocktaking.project", str(project.pk)) in rows
    assert ("update", "prizes.entry", str(entry.pk)) in rows
    assert str(elsewhere.pk) not in {
        key for _k, kind, key in rows if kind.endswith("project")
    }
    again = Client().get(f"/api/v1/projects/{project.pk}/?lang=ru")
    assert again.json()["updated_at"] > first.json()["updated_at"]
    assert again["ETag"] != first["ETag"]


def test_a_save_that_changes_nothing_leaves_time_and_etag_as_they_were():
    project = factories.ProjectFactory()
    first = Client().get(f"/api/v1/projects/{project.pk}/")

    project.save()

    again = Client().get(f"/api/v1/projects/{project.pk}/")
    assert (again["ETag"], again.json()["updated_at"]) == (
        first["ETag"],
        first.json()["updated_at"],
    )


def test_the_atom_feed_follows_a_change_by_sql():
    project = factories.ProjectFactory()
    address = reverse("stocktaking:feed")
    before = Client().get(address)

    by_sql(
        "UPDATE stocktaking_project SET summary = 'Новый текст' WHERE id = %s",
        project.pk,
    )

    page = Client().get(address)
    state = ServedState.objects.get(
        record_kind="stocktaking.project", record_id=str(project.pk)
    )
    assert "Новый текст" in page.content.decode()
    assert state.changed_at.strftime("%Y-%m-%dT%H:%M:%S") in page.content.decode()
    assert parsedate_to_datetime(page["Last-Modified"]) >= parsedate_to_datetime(
        before["Last-Modified"]
    )


def test_the_admin_tells_of_prize_entries_editions_agencies_and_roadmaps():
    """Whatever form saves it: the trigger does not know of forms."""
    entry = EntryFactory(source="Report of 2019", title="Telecentres")
    contest, edition = Contest.objects.get(pk=entry.contest_id), EditionFactory()
    agency = Agency.objects.create(code="QQ", short="QQ", name="Old", source="Test")
    roadmap = Roadmap.objects.create(code="QQ-R", short="QQ", name="Old", source="Test")

    def save():
        for record in (entry, contest, edition, agency, roadmap):
            setattr(
                record, "name" if hasattr(record, "name") else "title", "Another name"
            )
            record.save()

    rows = told_of(save)

    assert set(rows) >= {
        ("update", "prizes.entry", str(entry.pk)),
        ("update", "prizes.contest", contest.slug),
        ("update", "forum.edition", edition.slug),
        ("update", "roadmap.agency", "QQ"),
        ("update", "roadmap.roadmap", "QQ-R"),
    }
    assert Client().get("/api/v1/roadmaps/QQ-R/").json()["name"] == "Another name"


def test_an_organization_that_was_merged_leads_to_the_other_and_is_not_kept():
    kept, other = factories.OrganizationFactory(), factories.OrganizationFactory()

    rows = told_of(
        lambda: Organization.objects.filter(pk=other.pk).update(successor=kept)
    )

    answer = Client().get(f"/api/v1/organizations/{other.pk}/?lang=fr")
    assert ("merge", "stocktaking.organization", str(other.pk)) in rows
    assert answer.status_code == 301
    assert (
        answer["Location"]
        == f"http://testserver/api/v1/organizations/{kept.pk}/?lang=fr"
    )
    assert "no-cache" in answer["Cache-Control"]
    assert Client().get(f"/api/v1/organizations/{kept.pk}/").json()["merged_ids"] == [
        other.pk
    ]


def test_a_person_that_was_merged_leads_to_the_other_until_it_is_undone():
    kept = Person.objects.create(name="Tashi Dorji", is_public=True)
    double = Person.objects.create(name="T. Dorji", is_public=True)

    merged = told_of(lambda: double.merge_into(kept, None))
    answer = Client().get(f"/api/v1/forum/people/{double.pk}/")
    undone = told_of(lambda: PersonMerge.objects.get().undo())

    assert merged == [("merge", "forum.person", str(double.pk))]
    assert (answer.status_code, "no-cache" in answer["Cache-Control"]) == (301, True)
    assert answer["Location"].endswith(f"/api/v1/forum/people/{kept.pk}/")
    assert undone == [("publish", "forum.person", str(double.pk))]
    assert (
        Client().get(f"/api/v1/forum/people/{double.pk}/").json()["name"] == "T. Dorji"
    )


def test_one_act_of_the_portal_is_one_row():
    """What the program writes itself, with its own word, is not told a second time."""
    staff = factories.UserFactory(role=Role.SECRETARIAT)
    project = factories.ProjectFactory(status="submitted")

    rows = told_of(lambda: project.move("publish", staff))

    assert [row for row in rows if row[1] == "stocktaking.project"] == [
        ("publish", "stocktaking.project", str(project.pk))
    ]


def test_an_act_that_fails_is_not_told():
    project = factories.ProjectFactory()

    def fail():
        with transaction.atomic():
            Project.objects.filter(pk=project.pk).update(title="Never")
            transaction.set_rollback(True)

    assert told_of(fail) == []


def test_equal_values_sent_by_staff_change_nothing():
    staff = factories.UserFactory(role=Role.SECRETARIAT)
    project = factories.ProjectFactory()
    url = f"/api/v1/projects/{project.pk}/"

    rows = told_of(
        lambda: send(signed_in(staff), "PATCH", url, {"title": project.title})
    )
    changed = told_of(lambda: send(signed_in(staff), "PATCH", url, {"title": "Новое"}))

    assert rows == []
    assert changed == [("update", "stocktaking.project", str(project.pk))]


def test_a_phase_that_is_over_changes_by_the_clock():
    """Nothing is written when it ends; the record is looked at again by itself."""
    edition, today = EditionFactory(), datetime.datetime.now(datetime.UTC).date()
    ConsultationPhase.objects.create(
        edition=edition,
        number=1,
        name="Open",
        closes_on=today,
        source="Test",
        opens_on=today - datetime.timedelta(days=30),
    )
    feed.examine_due()
    by_sql("SET session_replication_role = replica")  # as if the days had gone by
    by_sql("UPDATE forum_phase SET opens_on = opens_on - 9, closes_on = closes_on - 9")
    by_sql(
        "UPDATE common_servedstate SET examined_at = examined_at - interval '10 days'"
    )
    by_sql("SET session_replication_role = origin")

    rows = told_of(feed.examine_due)

    assert ("update", "forum.consultation", edition.slug) in rows


def test_the_feed_can_be_asked_for_one_kind_and_refuses_what_it_does_not_know():
    project, edition = factories.ProjectFactory(), EditionFactory()

    found = Client().get("/api/v1/changes/?record_kind=forum.edition").json()["changes"]
    wrong = Client().get("/api/v1/changes/?record_kind=forum.room")
    unknown = Client().get("/api/v1/changes/?kind=update")

    assert [row["url"] for row in found] == [
        f"http://testserver/api/v1/forum/editions/{edition.slug}/"
    ]
    assert Change.objects.filter(
        record_kind="stocktaking.project", record_id=project.pk
    ).exists()
    assert (wrong.status_code, unknown.status_code) == (400, 400)
    assert wrong.json()["errors"][0]["detail"] == "There is no such kind of record."
    assert unknown.json()["errors"][0]["field"] == "kind"


def test_pages_of_other_sites_may_read_and_not_write():
    project = factories.ProjectFactory()
    url, origin = (
        f"/api/v1/projects/{project.pk}/",
        {"Origin": "https://dashboard.example"},
    )

    read = Client().get(url, headers=origin)
    gone = Client().get("/api/v1/projects/999999/", headers=origin)
    asked = Client().options(
        url,
        headers=origin
        | {
            "Access-Control-Request-Method": "GET",
            "Access-Control-Request-Headers": "if-none-match",
        },
    )

    assert (
        read["Access-Control-Allow-Origin"]
        == gone["Access-Control-Allow-Origin"]
        == "*"
    )
    assert "etag" in read["Access-Control-Expose-Headers"]
    assert read["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "Access-Control-Allow-Credentials" not in read
    assert "if-none-match" in asked["Access-Control-Allow-Headers"]
    assert "POST" not in asked["Access-Control-Allow-Methods"]
    assert "Access-Control-Allow-Origin" not in Client().get(
        "/en/projects/", headers=origin
    )


@pytest.mark.parametrize(
    "path",
    [
        "organizations",
        "prizes/contests",
        "prizes/entries",
        "forum/editions",
        "changes",
        "forum/people",
        "agencies",
        "meetings",
        "codelists/region",
    ],
)
def test_what_is_known_already_is_not_sent_again(path):
    factories.OrganizationFactory()
    EditionFactory()
    first = Client().get(f"/api/v1/{path}/")

    again = Client().get(f"/api/v1/{path}/", headers={"If-None-Match": first["ETag"]})

    assert (again.status_code, again.content) == (304, b"")
    assert "no-cache" in first["Cache-Control"]


@pytest.mark.parametrize("body", ['{"title": 1e400}', '{"title": "a", "title": "b"}'])
def test_json_that_is_none_is_refused(body):
    client = signed_in(factories.UserFactory())

    answer = client.generic(
        "POST", "/api/v1/projects/", body, content_type="application/json"
    )

    assert answer.status_code == 400
    assert answer.json()["detail"] == "The body is not readable JSON."
    assert not Project.objects.exists()
    assert not Entry.objects.exists()
