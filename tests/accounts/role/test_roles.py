"""What follows from a role: the admin, permissions, demo logins, pages behind a role."""

from io import StringIO

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import AnonymousUser, Group
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.http import HttpResponse
from django.test import override_settings
from django.urls import reverse

from accounts.role.roles import Role
from accounts.session.requests import role_required
from accounts.user.models import User
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

ALLOWED = {
    Role.MEMBER: [False, False, False, False],
    Role.EXPERT: [False, False, False, False],
    Role.AGENCY: [False, False, False, False],
    Role.SECRETARIAT: [True, True, False, False],
    Role.ADMINISTRATOR: [True, True, True, True],
}
PERMISSIONS = [
    "stocktaking.change_project",
    "common.view_change",
    "common.view_outgoingmail",
    "accounts.change_user",
]


@pytest.mark.parametrize("role", Role)
def test_permissions_follow_from_the_role(role):
    user = UserFactory(role=role)

    assert [user.has_perm(name) for name in PERMISSIONS] == ALLOWED[role]


@pytest.mark.parametrize("role", Role)
def test_a_disabled_account_may_do_nothing(role):
    user = UserFactory(role=role, is_active=False)

    assert [user.has_perm(name) for name in PERMISSIONS] == [False] * 4
    assert user.has_module_perms("stocktaking") is False


def test_losing_the_last_staff_role_closes_the_admin():
    user = UserFactory(role=Role.SECRETARIAT)
    user.groups.clear()

    user.follow_roles()

    user.refresh_from_db()
    assert (user.is_staff, user.roles) == (False, {"member"})


def test_an_administrator_gives_a_role_and_the_log_says_so(client):
    administrator, member = UserFactory(role=Role.ADMINISTRATOR), UserFactory()
    group = Group.objects.create(name="secretariat")
    client.force_login(administrator)
    form = {
        "email": member.email,
        "language": "en",
        "time_zone": "UTC",
        "is_active": "on",
    }

    response = client.post(
        reverse("admin:accounts_user_change", args=[member.pk]),
        form | {"groups": [group.pk]},
    )

    member = User.objects.get(pk=member.pk)
    entry = LogEntry.objects.get()
    assert response.status_code == 302
    assert (member.is_staff, member.roles) == (True, {"member", "secretariat"})
    assert (entry.user, entry.object_id) == (administrator, str(member.pk))


def test_the_secretariat_cannot_open_accounts(client):
    client.force_login(UserFactory(role=Role.SECRETARIAT))

    response = client.get(reverse("admin:accounts_user_changelist"))

    assert response.status_code == 403


@pytest.mark.parametrize("rows", [1, 10])
def test_user_list_queries(client, django_assert_num_queries, rows):
    client.force_login(UserFactory(role=Role.ADMINISTRATOR))
    UserFactory.create_batch(rows)

    # session, user, roles, filter of groups, count, page, roles of the page; session seen (3)
    with django_assert_num_queries(10):
        response = client.get(reverse("admin:accounts_user_changelist"))

    assert len(response.context["cl"].result_list) == rows + 1


@override_settings(DEMO=True)
def test_demo_users_are_made_once():
    for _run in range(2):
        call_command("demo_users", stdout=StringIO())

    found = {user.email: user.roles for user in User.objects.all()}
    assert found == {
        f"{role.value}@demo.example": {"member", role.value} for role in Role
    }
    assert User.objects.get(email="member@demo.example").check_password(
        "wsis-demo-2026"
    )


@override_settings(DEMO=False)
def test_demo_users_are_refused_elsewhere():
    with pytest.raises(CommandError, match="DEMO=1"):
        call_command("demo_users", stdout=StringIO())

    assert User.objects.count() == 0


@pytest.mark.parametrize(
    ("role", "opens"),
    [(Role.MEMBER, False), (Role.EXPERT, False), (Role.SECRETARIAT, True)],
)
def test_a_page_behind_a_role_says_whom_it_is_for(rf, role, opens):
    page = role_required(Role.SECRETARIAT)(lambda request: HttpResponse("inside"))
    request = rf.get("/")
    request.user = UserFactory(role=role)

    try:
        answer = page(request).content
    except PermissionDenied as refusal:
        answer = str(refusal)

    assert answer == (b"inside" if opens else "This page is only for: Secretariat.")


def test_a_page_behind_a_role_asks_strangers_to_sign_in(rf):
    page = role_required(Role.SECRETARIAT)(lambda request: HttpResponse("inside"))
    request = rf.get("/en/desk/")
    request.user = AnonymousUser()

    response = page(request)

    assert response["Location"] == f"{reverse('account_login')}?next=/en/desk/"
