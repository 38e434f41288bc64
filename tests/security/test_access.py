"""Every address × every role × method against the table; an address without a row is a fault."""

from collections import defaultdict
from contextlib import contextmanager
from unittest.mock import patch

import pytest
from django.db import transaction
from django.http import HttpResponse
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
from wsis_portal.errors import views as errors

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
METHODS = ("GET", "POST")
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


@contextmanager
def refusals_undrawn():
    """Drawing the page of a refusal takes longer than all that decides about it."""

    def status_only(_request, _template, _context, status):
        return HttpResponse(status=status)

    with patch.object(errors, "render", status_only):
        yield


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
        self.begin_sessions()

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
        self.begin_sessions()

    def begin_sessions(self):
        """A first page writes into the session; where that is undone each page would do it."""
        for browser in self.browsers.values():
            browser.get("/robots.txt")

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

    @contextmanager
    def address(self, name):
        """What it points at is made for it alone."""
        with transaction.atomic():
            yield reverse(name, kwargs=values(name, self.project))
            transaction.set_rollback(True)

    def ask(self, role, method, address):
        """The answer; what the request changed, here and in the browser, is undone."""
        browser = self.browsers[role]
        kept = browser.cookies.output()
        with transaction.atomic(), refusals_undrawn():
            answer = browser.generic(method, address)
            transaction.set_rollback(True)
        browser.cookies.clear()
        browser.cookies.load(kept.replace("Set-Cookie: ", ""))
        return answer

    def answers(self, roles, method, address):
        """Role, or state → the status."""
        return {role: self.ask(role, method, address).status_code for role in roles}

    def wrong(self, name, address, row, method):
        """Role → what is answered where it is not what the row says, and what it says."""
        found = self.answers(ROLES, method, address)
        return {
            (name, method, role): (found[role], row[role])
            for role in ROLES
            if found[role] != row[role]
        }

    def wrong_states(self, name, address, rows, states):
        """The same of states of an account."""
        wrong = {}
        if name.startswith("prizes:"):
            self.seat_experts()
        for place, method in enumerate(METHODS):
            for state, status in self.answers(states, method, address).items():
                right = expected(state, name, place, rows[place])
                if status not in right:
                    wrong[name, method, state] = (status, right)
        return wrong


def test_every_address_has_its_row():
    assert sorted(TABLE) == PAGES


@pytest.mark.parametrize("section", TABLE_BY_APP)
def test_pages_and_empty_forms(section):
    """Every address answers each role as its row says, and each state of an account (second
    factors, keys, disabled accounts, co-editors, conflicts) as the rows of the roles say."""
    world = World()
    world.bring_states()

    wrong = {}
    for name in TABLE_BY_APP[section]:
        rows = TABLE[name]
        with world.address(name) as address:
            for row, method in zip(rows, METHODS, strict=True):
                wrong |= world.wrong(name, address, row, method)
            wrong |= world.wrong_states(name, address, rows, states_of(section))

    assert wrong == {}


@pytest.mark.parametrize("section", DRAFT_BY_APP)
def test_reading_a_draft(section):
    world = World(status=Status.DRAFT)

    wrong = {}
    for name in DRAFT_BY_APP[section]:
        with world.address(name) as address:
            wrong |= world.wrong(name, address, DRAFT[name], "GET")

    assert wrong == {}


def test_a_refusal_is_drawn_for_each_role_and_state():
    """The tests here read the status only, and leave out the drawing."""
    world = World()
    world.bring_states()

    for browser in world.browsers.values():
        answer = browser.get("/en/nothing/")
        assert answer.status_code == 404
        assert "There is no page at this address." in answer.content.decode()


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_pages_know_no_other_method(method):
    """Nothing but a refusal: 405, or one that comes before it (sign in, not found)."""
    world = World()
    left_out = (
        SAYS_LINK_IS_BAD | PUT_IS_POST | {n for n in TABLE if n.startswith("api:")}
    )

    accepted = {}
    for name in sorted(TABLE.keys() - left_out):
        with world.address(name) as address:
            answer = world.ask("administrator", method, address)
            accepted[name] = answer.status_code

    assert {
        n: status
        for n, status in accepted.items()
        if status not in {302, 403, 404, 405}
    } == {}


@pytest.mark.parametrize("section", ADMIN_BY_APP)
def test_the_admin(section):
    """It is not there for others; for staff each kind of page answers as its row says, and leads
    those without a confirmed second factor to it."""
    world = World()
    world.bring_states()

    wrong, opened = {}, {}
    for name in ADMIN_BY_APP[section]:
        with world.address(name) as address:
            statuses = world.answers(ROLES, "GET", address)
            if not all(allowed(row, statuses) for row in rows_of_the_admin(name)):
                wrong[name] = statuses
            if name.removeprefix("admin:") not in OPEN_TO_STRANGERS:
                opened |= opened_without_the_second_factor(world, name, address)

    assert (wrong, opened) == ({}, {})


def opened_without_the_second_factor(world, name, address):
    answers = {state: world.ask(state, "GET", address) for state in STAFF_STATES}
    return {
        (name, state): answer.status_code
        for state, answer in answers.items()
        if answer.status_code != 302 or "/account/2fa/" not in answer["Location"]
    }


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
