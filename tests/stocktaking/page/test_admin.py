"""The secretariat's desk: the queue, moves with one reason, versions, merging, import."""

import pytest
from django.urls import reverse

from accounts.role.roles import Role
from common.moves.admin import open_to
from common.records.models import Change
from stocktaking.base.workflow import Status
from stocktaking.organization.models import Organization
from stocktaking.project.models import Project
from stocktaking.project.workflow import PROJECT_WORKFLOW
from tests.factories import (
    MemberFactory,
    OrganizationFactory,
    ProjectFactory,
    UserFactory,
)

LIST = "admin:stocktaking_project_changelist"
CHANGE = "admin:stocktaking_project_change"
MOVES = "admin:stocktaking_project_moves"
MERGE = "admin:stocktaking_organization_merge"


@pytest.fixture(autouse=True)
def _without_second_factor(settings):
    settings.REQUIRE_STAFF_MFA = False


@pytest.fixture
def officer(client):
    user = UserFactory(role=Role.SECRETARIAT)
    client.force_login(user)
    return user


def shown(response):
    return list(response.context["cl"].result_list)


def posted(project, **changes):
    """The change form as the browser posts it back."""
    names = [f.name for f in Project._meta.fields if f.editable and f.name != "image"]
    data = {
        name: getattr(project, Project._meta.get_field(name).attname) for name in names
    }
    data |= {
        f.name: list(getattr(project, f.name).values_list("pk", flat=True))
        for f in Project._meta.many_to_many
    }
    return {k: v for k, v in (data | changes).items() if v is not None}


@pytest.mark.django_db
def test_desk_opens_with_the_queue_oldest_first(client, officer):
    late, early = ProjectFactory.create_batch(2, status=Status.SUBMITTED)
    early.submitted_at = late.submitted_at.replace(year=2024)
    early.save()
    ProjectFactory()

    assert shown(client.get(reverse(LIST))) == [early, late]


@pytest.mark.django_db
@pytest.mark.parametrize("status", Status.values)
def test_every_status_is_one_click_away(client, officer, status):
    projects = {s: ProjectFactory(status=s) for s in Status.values}

    assert shown(client.get(reverse(LIST), {"status": status})) == [projects[status]]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "query",
    [
        {"q": "fishing"},
        {"q": "Fisheries"},
        {"q": "number"},
        {"entry_year": "2025"},
        {"country__region__code__exact": "AFR"},
        {"main_action_line__code__exact": "C7-EGOV"},
        {"stakeholder_type__code__exact": "GOV"},
    ],
)
def test_desk_finds_by_text_number_and_filter(client, officer, query):
    project = ProjectFactory(
        title="Fishing ports online", organization_name="Fisheries Board"
    )
    ProjectFactory(
        title="Other",
        year=2020,
        country_id="FR",
        country=None,
        main_action_line=None,
        stakeholder_type=None,
    )
    if query.get("q") == "number":
        query = {"q": project.number.lower()}

    assert shown(client.get(reverse(LIST), query | {"status": "all"})) == [project]


@pytest.mark.django_db
@pytest.mark.parametrize("rows", [1, 10])
def test_desk_queries(client, officer, django_assert_num_queries, rows):
    ProjectFactory.create_batch(rows, status=Status.SUBMITTED)
    client.get(reverse(LIST))

    with django_assert_num_queries(
        8
    ):  # session, user, groups; count, rows; three filters
        response = client.get(reverse(LIST))

    assert len(shown(response)) == rows


@pytest.mark.django_db
@pytest.mark.parametrize("status", Status.values)
def test_record_shows_the_moves_that_are_open(client, officer, status):
    project = ProjectFactory(status=status)

    response = client.get(reverse(CHANGE, args=[project.pk]))

    expected = [
        m.name
        for m in PROJECT_WORKFLOW
        if m.offered and status in m.sources and "secretariat" in m.by
    ]
    assert [move.name for move in response.context["moves"]] == expected


@pytest.mark.django_db
def test_record_shows_history_and_versions(client, officer):
    project = ProjectFactory(status=Status.SUBMITTED)
    project.move("send_back", officer, "Name the <partners>.")

    page = client.get(reverse(CHANGE, args=[project.pk])).content.decode()

    assert "Submitted → Returned for changes<br>Name the &lt;partners&gt;." in page


@pytest.mark.django_db
def test_one_move_from_the_record(client, officer):
    project = ProjectFactory(status=Status.SUBMITTED)

    response = client.post(
        reverse(MOVES), {"ids": project.pk, "move": "publish", "note": ""}
    )

    project.refresh_from_db()
    assert (response.url, project.status) == (reverse(LIST), Status.PUBLISHED)


@pytest.mark.django_db
def test_many_moves_with_one_reason(client, officer):
    projects = ProjectFactory.create_batch(3, status=Status.SUBMITTED)
    ids = [project.pk for project in projects]

    page = client.post(
        reverse(LIST), {"action": "move_send_back", "_selected_action": ids}
    )
    confirm = client.get(page.url)
    client.post(
        reverse(MOVES),
        {"ids": confirm.context["ids"], "move": "send_back", "note": "Why."},
    )

    assert (
        list(Project.objects.values_list("status", flat=True)) == [Status.RETURNED] * 3
    )
    assert [p.history().get().note for p in projects] == ["Why."] * 3


@pytest.mark.django_db
def test_refused_moves_come_back_with_sentence_and_reason(client, officer):
    good = ProjectFactory(status=Status.SUBMITTED)
    gone = ProjectFactory(status=Status.DRAFT)

    response = client.post(
        reverse(MOVES),
        {"ids": f"{good.pk},{gone.pk}", "move": "refuse", "note": "No ICT."},
    )

    good.refresh_from_db()
    sentence = "This is no longer possible: the status is now “Draft”."
    assert (response.status_code, good.status) == (409, Status.REFUSED)
    assert response.context["refused"] == [(gone, sentence)]
    assert "No ICT." in response.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "data", [{}, {"move": "submit", "ids": "1"}, {"move": "explode"}]
)
def test_moves_that_staff_do_not_have_are_not_there(client, officer, data):
    assert client.post(reverse(MOVES), data).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("ids", ["", "x", "1,,2;3", "9" * 40])
def test_wild_ids_are_left_out(client, officer, ids):
    response = client.get(reverse(MOVES), {"move": "publish", "ids": ids})

    assert (response.status_code, response.context["records"]) == (200, [])


@pytest.mark.django_db
@pytest.mark.parametrize("page", [LIST, MOVES, MERGE])
@pytest.mark.parametrize("role", [None, Role.EXPERT, Role.AGENCY])
def test_desk_tells_others_whom_it_is_for(client, page, role):
    client.force_login(UserFactory(role=role))

    answer = client.get(reverse(page))

    assert answer.status_code == 403
    assert "This area is for the secretariat." in answer.content.decode()


@pytest.mark.django_db
def test_changing_a_published_entry_writes_a_version(client, officer):
    project = ProjectFactory(sdgs=["9"])

    response = client.post(
        reverse(CHANGE, args=[project.pk]),
        posted(project, title="Better title", sdgs=["9", "4"]),
    )

    version = project.versions.first()
    assert response.status_code == 302
    assert (version.version, version.by) == (2, officer)
    assert (version.content["title"], version.content["sdgs"]) == (
        "Better title",
        ["4", "9"],
    )
    changes = Change.objects.filter(record_id=str(project.pk))
    assert list(changes.values_list("kind", flat=True)) == ["publish", "update"]


@pytest.mark.django_db
def test_saving_without_a_change_writes_nothing(client, officer):
    project = ProjectFactory()

    client.post(reverse(CHANGE, args=[project.pk]), posted(project))

    assert project.versions.count() == 1


@pytest.mark.django_db
def test_changing_a_submitted_entry_is_no_public_change(client, officer):
    project = ProjectFactory(status=Status.SUBMITTED)

    client.post(
        reverse(CHANGE, args=[project.pk]), posted(project, title="Better title")
    )

    project.refresh_from_db()
    assert (project.title, project.versions.count()) == ("Better title", 0)


@pytest.mark.django_db
def test_status_cannot_be_posted(client, officer):
    project = ProjectFactory(status=Status.SUBMITTED)

    client.post(
        reverse(CHANGE, args=[project.pk]),
        posted(project, status="published", title="x"),
    )

    project.refresh_from_db()
    assert (project.status, project.title) == (Status.SUBMITTED, "x")


@pytest.mark.django_db
def test_nothing_that_was_public_can_be_deleted(client, officer):
    public, draft = ProjectFactory(), ProjectFactory(status=Status.DRAFT)
    delete = "admin:stocktaking_project_delete"

    answers = [
        client.post(reverse(delete, args=[p.pk]), {"post": "yes"})
        for p in (public, draft)
    ]

    assert [answer.status_code for answer in answers] == [403, 302]
    assert list(Project.objects.all()) == [public]
    assert "delete_selected" not in client.get(reverse(LIST)).content.decode()


@pytest.mark.django_db
def test_bulk_actions_come_from_the_table(rf, officer):
    request = rf.get("/")
    request.user = officer

    assert [m.name for m in open_to(request, PROJECT_WORKFLOW)] == [
        m.name for m in PROJECT_WORKFLOW if m.offered and "secretariat" in m.by
    ]


# --- organizations ---------------------------------------------------------------------------


@pytest.mark.django_db
def test_merging_moves_everything_and_leaves_a_signpost(client, officer):
    survivor, other = (
        OrganizationFactory(name="SEU"),
        OrganizationFactory(name="S.E.U.", aliases=["Saudi EU"]),
    )
    public = ProjectFactory(organization=other)
    draft = ProjectFactory(organization=other, status=Status.DRAFT)
    member = MemberFactory(organization=other)

    page = client.post(
        reverse("admin:stocktaking_organization_changelist"),
        {"action": "merge", "_selected_action": [survivor.pk, other.pk]},
    )
    ids = client.get(page.url).context["ids"]
    client.post(reverse(MERGE), {"ids": ids, "survivor": survivor.pk, "confirm": "1"})

    for record in (survivor, other, public, draft, member):
        record.refresh_from_db()
    assert [public.organization, draft.organization, member.organization] == [
        survivor
    ] * 3
    assert (survivor.aliases, other.successor) == (["S.E.U.", "Saudi EU"], survivor)
    merge = Change.objects.get(kind=Change.Kind.MERGE)
    assert (merge.record_id, merge.into) == (str(other.pk), str(survivor.pk))
    assert (public.version, draft.version) == (2, 0)
    assert Organization.objects.namesake("saudi eu", survivor.country_id) == survivor


@pytest.mark.django_db
@pytest.mark.parametrize("survivor", ["", "0", "x"])
def test_merging_needs_a_survivor(client, officer, survivor):
    ids = ",".join(str(OrganizationFactory().pk) for _ in range(2))

    response = client.post(reverse(MERGE), {"ids": ids, "survivor": survivor})

    assert "Choose the organization that stays." in response.content.decode()
    assert not Change.objects.filter(kind=Change.Kind.MERGE).exists()


@pytest.mark.django_db
def test_merging_one_asks_for_the_other(client, officer):
    organization = OrganizationFactory(name="Saudi Electronic University")
    OrganizationFactory(name="Saudi Electronics University")

    page = client.get(reverse(MERGE), {"ids": organization.pk}).content.decode()

    assert "Saudi Electronics University (Kenya)" in page
    assert client.get(reverse(MERGE), {"ids": "0"}).status_code == 404


@pytest.mark.django_db
def test_confirming_names(client, officer):
    organization = OrganizationFactory(confirmed_at=None)

    client.post(
        reverse("admin:stocktaking_organization_changelist"),
        {"action": "confirm", "_selected_action": [organization.pk]},
    )

    organization.refresh_from_db()
    assert organization.confirmed_at is not None


@pytest.mark.django_db
@pytest.mark.parametrize("model", ["stocktaking_organization", "stocktaking_member"])
@pytest.mark.parametrize("query", ["", "?q=min"])
def test_other_lists_open(client, officer, model, query):
    MemberFactory()

    assert client.get(reverse(f"admin:{model}_changelist") + query).status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize(
    "model", ["common_statuschange", "common_change", "common_outgoingmail"]
)
def test_logs_are_read_only(client, model):
    client.force_login(UserFactory(role=Role.ADMINISTRATOR))

    assert client.get(reverse(f"admin:{model}_changelist")).status_code == 200
    assert client.get(reverse(f"admin:{model}_add")).status_code == 403
