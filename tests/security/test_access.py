"""Every address × every role × method against the table; an address without a row is a fault."""

from collections import defaultdict

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from accounts.api_key.models import ApiKey, Scope
from accounts.role.roles import STAFF_ROLES, Role
from accounts.second_factor.session import SecondFactor
from accounts.user.models import User
from prizes.panel.models import Conflict, Panel, PanelMember
from stocktaking.base.workflow import Status
from stocktaking.coeditor.models import CoEditor
from tests.factories import ProjectFactory, UserFactory
from tests.second_factor import bring_to
from tests.security.access_prizes import entry_of
from tests.security.access_states import (
    COEDITS,
    CONFLICTED,
    DISABLED,
    KEY,
    SEATED,
    STAFF_STATES,
    expected,
    states_of,
)
from tests.security.access_table import ADMIN, DRAFT, ROLES, TABLE
from tests.security.urls import all_urls, is_admin, values

pytestmark = pytest.mark.django_db
URLS = all_urls()
PAGES = sorted(name for name in URLS if not is_admin(name))
# Django's form views take PUT for POST; the forms are the same, and so is the check of the token.
PUT_IS_POST = {
    "account_change_password",
    "account_reauthenticate",
    "account_reset_password",
    "mfa_reauthenticate",
}
OPEN_TO_STRANGERS = {"login", "jsi18n", "logout"}
SAYS_LINK_IS_BAD = {"account_reset_password_from_key"}


def sections(names):
    """Names of addresses by app, those of the admin by model: one set of records serves them."""
    found = defaultdict(list)
    for name in sorted(names):
        app, _colon, rest = name.rpartition(":")
        found[
            f"{app}:{rest.partition('_')[0]}" if app == "admin" else app or "portal"
        ].append(name)
    return found


TABLE_BY_APP = sections(TABLE)
DRAFT_BY_APP = sections(DRAFT)
ADMIN_BY_APP = sections(name for name in URLS if name.startswith("admin:"))


@pytest.fixture(autouse=True)
def staff_need_a_second_factor(settings):
    """As on a real server."""
    settings.REQUIRE_STAFF_MFA = True


class World:
    """One person per role, each signed in with a browser of their own, and a project."""

    def __init__(self, **project):
        self.people = {
            role: UserFactory(role=Role(role)) for role in ROLES if role in Role.values
        }
        self.people["owner"] = UserFactory()
        self.project = ProjectFactory(owner=self.people["owner"], **project)
        self.browsers = {role: Client() for role in ROLES}
        for role, person in self.people.items():
            factor = (
                SecondFactor.CONFIRMED if role in STAFF_ROLES else SecondFactor.NONE
            )
            bring_to(self.browsers[role], person, factor)

    def bring_states(self):
        """The people and browsers of access_states.py."""
        for state, (role, factor) in STAFF_STATES.items():
            bring_to(self.browser(state), UserFactory(role=Role(role)), factor)
        person = UserFactory(role=Role.SECRETARIAT)
        bring_to(self.browser(DISABLED), person, SecondFactor.CONFIRMED)
        User.objects.filter(pk=person.pk).update(is_active=False)
        officer = UserFactory(role=Role.SECRETARIAT)
        _key, text = ApiKey.objects.make(officer, "all", list(Scope.values), 1)
        self.browsers[KEY] = Client(headers={"Authorization": f"Bearer {text}"})
        coeditor = UserFactory()
        _made, token = CoEditor.objects.invite(
            self.project, coeditor.email, self.project.owner
        )
        CoEditor.objects.accept(token, coeditor)
        self.browser(COEDITS).force_login(coeditor)
        self.experts = {
            SEATED: UserFactory(role=Role.EXPERT, email="a@free.example"),
            CONFLICTED: UserFactory(role=Role.EXPERT, email="b@barred.example"),
        }
        for state, expert in self.experts.items():
            self.browser(state).force_login(expert)

    def browser(self, state):
        """At an address of its own: limits count by address."""
        address = f"10.9.0.{len(self.browsers)}"
        return self.browsers.setdefault(state, Client(REMOTE_ADDR=address))

    def seat_experts(self):
        """One on the panel of the project's entry, and one whom a conflict bars from it."""
        panel = Panel.objects.get(category=entry_of(self.project).category)
        for expert in self.experts.values():
            PanelMember.objects.create(panel=panel, expert=expert)
        Conflict.objects.create(
            entry=entry_of(self.project), expert=self.experts[CONFLICTED]
        )

    def wrong_states(self, rows, place, states):
        """Address and state → what is answered and what would be right, where they differ."""
        wrong = {}
        for name, row in rows.items():
            with transaction.atomic():
                address = self.address(name)
                if name.startswith("prizes:"):
                    self.seat_experts()
                for state in states:
                    status = self.answer(state, ("GET", "POST")[place], address)
                    right = expected(state, name, place, row)
                    if status not in right:
                        wrong[name, state] = (status, right)
                transaction.set_rollback(True)
        return wrong

    def address(self, name):
        return reverse(name, kwargs=values(name, self.project))

    def answer(self, role, method, address):
        """The status; what the request changed, here and in the browser, is undone."""
        browser = self.browsers[role]
        kept = browser.cookies.output()
        with transaction.atomic():
            status = browser.generic(method, address).status_code
            transaction.set_rollback(True)
        browser.cookies.clear()
        browser.cookies.load(kept.replace("Set-Cookie: ", ""))
        return status

    def answers(self, name, method):
        with transaction.atomic():  # what the address points at is made for it alone
            address = self.address(name)
            found = {role: self.answer(role, method, address) for role in ROLES}
            transaction.set_rollback(True)
        return found

    def wrong(self, expected, method):
        """Name → what is answered where it is not what the table says, and what it says."""
        found = {name: self.answers(name, method) for name in expected}
        return {n: (found[n], expected[n]) for n in expected if found[n] != expected[n]}


def test_every_address_has_its_row():
    assert sorted(TABLE) == PAGES


@pytest.mark.parametrize("section", TABLE_BY_APP)
@pytest.mark.parametrize(("place", "method"), [(0, "GET"), (1, "POST")])
def test_pages_and_empty_forms(section, place, method):
    expected = {name: TABLE[name][place] for name in TABLE_BY_APP[section]}

    assert World().wrong(expected, method) == {}


@pytest.mark.parametrize("section", TABLE_BY_APP)
@pytest.mark.parametrize("place", [0, 1])
def test_second_factors_keys_disabled_accounts_coeditors_and_conflicts(section, place):
    """Every address answers each state of an account as the rows of the roles say."""
    rows = {name: TABLE[name][place] for name in TABLE_BY_APP[section]}

    world = World()
    world.bring_states()

    assert world.wrong_states(rows, place, states_of(section)) == {}


@pytest.mark.parametrize("state", STAFF_STATES)
def test_no_page_of_the_admin_opens_without_the_second_factor(state):
    world = World()
    world.bring_states()
    names = [name for name in URLS if name.startswith("admin:")]

    opened = {}
    for name in names:
        with transaction.atomic():
            answer = world.browsers[state].get(world.address(name))
            transaction.set_rollback(True)
        if answer.status_code != 302 or "/account/2fa/" not in answer["Location"]:
            opened[name] = answer.status_code

    assert {
        n: status for n, status in opened.items() if n[6:] not in OPEN_TO_STRANGERS
    } == {}


@pytest.mark.parametrize("section", DRAFT_BY_APP)
def test_reading_a_draft(section):
    expected = {name: DRAFT[name] for name in DRAFT_BY_APP[section]}

    assert World(status=Status.DRAFT).wrong(expected, "GET") == {}


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_pages_know_no_other_method(method):
    """Nothing but a refusal: 405, or one that comes before it (sign in, not found)."""
    world = World()
    left_out = (
        SAYS_LINK_IS_BAD | PUT_IS_POST | {n for n in TABLE if n.startswith("api:")}
    )

    accepted = {
        name: world.answer("administrator", method, world.address(name))
        for name in sorted(TABLE.keys() - left_out)
    }

    assert {
        n: status
        for n, status in accepted.items()
        if status not in {302, 403, 404, 405}
    } == {}


@pytest.mark.parametrize("section", ADMIN_BY_APP)
def test_the_admin(section):
    """It is not there for others; for staff each kind of page answers as its row says."""
    world = World()

    wrong = {}
    for name in ADMIN_BY_APP[section]:
        statuses = world.answers(name, "GET")
        if not all(allowed(row, statuses) for row in rows_of_the_admin(name)):
            wrong[name] = statuses

    assert wrong == {}


def rows_of_the_admin(name):
    """What holds for outsiders everywhere, and the row of this kind of page if there is one."""
    page = name.removeprefix("admin:")
    strangers = {} if page in OPEN_TO_STRANGERS else {"anonymous": (302, 404, 405)}
    kind = ADMIN.get(page) or ADMIN.get(page.rpartition("_")[2]) or {}
    return dict.fromkeys(ROLES[1:5], 403) | strangers, kind


def allowed(row, statuses):
    return all(
        statuses[role] in (said if isinstance(said, tuple) else (said,))
        for role, said in row.items()
    )
