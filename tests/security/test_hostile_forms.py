"""Every form of the Prizes is sent with what nobody means well: found by walking the pages of each
role in each phase, so a new page with a form is asked by itself. No answer is a fault of ours, and
whoever typed the rest finds it again."""

import html
import itertools
import sys
from collections import Counter
from contextlib import contextmanager
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.core.signals import got_request_exception
from django.db import transaction
from django.test import Client
from django.urls import Resolver404, resolve, reverse

from accounts.role.roles import Role
from accounts.second_factor.session import SecondFactor
from common.limits import throttle
from prizes.ballot.models import VoteRefused
from prizes.contest.models import Phase
from prizes.panel.decision import Assignment
from tests.factories import ProjectFactory, UserFactory
from tests.prizes.records import (
    ContestFactory,
    EntryFactory,
    expert,
    held_vote,
    voter,
)
from tests.second_factor import bring_to
from tests.security.posting import Forms
from tests.security.urls import all_urls, values

pytestmark = pytest.mark.django_db
FORM = "application/x-www-form-urlencoded"
TOKEN = "csrfmiddlewaretoken"
HOSTILE = {
    "long": "x" * 100_000,
    "huge": "9" * 25,
    "negative": "-1",
    "letters": "zzz",
    "digits of another script": "٣३",
    "signs": "\u202e\u2066%s{0}%(a)d\\'\"<b>&;\x01\ufffd",
    "day": "2026-02-30",
}
# The statuses that entries have in a phase; in the other phases they are nominated.
STATUSES = {Phase.Kind.SUBMISSION: "draft", Phase.Kind.NOMINATION: "accepted"}
BEGINNINGS = ("_changelist", "_add")
PAGES_OF_ONE_KIND = (
    2  # the third page of a list shows no form that the first two did not show
)
NUMBERS = itertools.count()


def is_ours(name):
    return name.startswith(("prizes:", "admin:prizes_"))


def is_usual(name):
    """Django draws and reads these pages of the admin itself."""
    return name.endswith(("_changelist", "_add", "_change", "_delete"))


def name_of(path):
    try:
        return resolve(urlsplit(path).path).view_name
    except Resolver404:
        return ""


class World:
    """A contest in this phase, and somebody of each kind with a browser."""

    def __init__(self, kind):
        self.kind, status = kind, STATUSES.get(kind, "nominated")
        self.contest = ContestFactory(now=kind, slug="access")
        owner = voter()
        self.entry = EntryFactory(
            contest=self.contest,
            project=ProjectFactory(owner=owner),
            owner=owner,
            status=status,
        )
        EntryFactory(contest=self.contest, line="C1", status=status)
        if kind == Phase.Kind.NOMINATION:
            EntryFactory(contest=self.contest, status="submitted")
        self.people = {
            "nobody": None,
            "owner": owner,
            "chair": expert(self.entry.category, chair=True),
            "voter": voter(),
            "officer": UserFactory(role=Role.SECRETARIAT),
        }
        Assignment.objects.create(entry=self.entry, expert=self.people["chair"])
        if kind == Phase.Kind.VOTING:
            held_vote(self.entry, self.people["voter"])
        self.browsers = {role: self._browser(role) for role in self.people}

    def _browser(self, role):
        browser = Client(raise_request_exception=False)
        if self.people[role]:
            confirmed = role == "officer"
            factor = SecondFactor.CONFIRMED if confirmed else SecondFactor.NONE
            bring_to(browser, self.people[role], factor)
        browser.get("/robots.txt")  # begins the session: what follows is undone
        return browser

    def addresses(self, role):
        """Where a walk begins: every address of the Prizes, for staff all lists of their admin."""
        for name in all_urls():
            if name.startswith("prizes:"):
                try:
                    with transaction.atomic():
                        yield reverse(name, kwargs=values(name, self.entry.project))
                except VoteRefused:  # what this page is about exists in another phase
                    assert self.kind != Phase.Kind.VOTING
            elif role == "officer" and self.opens(name) and name.endswith(BEGINNINGS):
                yield reverse(name)

    def opens(self, name):
        """The pages of the admin that Django itself draws are the same in each phase."""
        here = self.kind == Phase.Kind.VOTING or name.startswith(
            "admin:prizes_contest_"
        )
        return is_ours(name) and (here or not is_usual(name))

    def forms(self):
        """Each form once: (role, form); forms of one target with the same fields are one."""
        found = {}
        for role, browser in self.browsers.items():
            for form in walked(browser, list(self.addresses(role)), self.opens):
                buttons = tuple(sorted(name for name, _value in form.buttons))
                key = name_of(form.target), form.method, form.names, buttons
                found.setdefault(key, (role, form))
        return [pair for key, pair in found.items() if self.opens(key[0])]


def walked(browser, addresses, opens):
    """The forms of all pages that can be reached from these addresses."""
    for page in pages_from(browser, addresses, opens):
        yield from page.forms


def pages_from(browser, addresses, opens):
    seen, opened = set(), Counter()
    while addresses:
        address = addresses.pop(0)
        name = name_of(address)
        kind = (name, urlsplit(address).query.split("=")[0])
        if not opens(name) or address in seen or opened[kind] >= PAGES_OF_ONE_KIND:
            continue
        seen.add(address)
        opened[kind] += 1
        with undone():
            answer = browser.get(address)
        assert answer.status_code < 500, address
        if answer.status_code == 200 and text_of(answer):
            page = Forms(address, text_of(answer))
            yield page
            links = (urlsplit(link) for link in page.links)
            addresses += [
                f"{link.path}?{link.query}" if link.query else link.path
                for link in links
                if link.netloc in ("", "testserver")
            ]


@contextmanager
def undone():
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def text_of(answer):
    """The page, if it is one."""
    is_page = "html" in answer.headers.get("Content-Type", "") and not answer.streaming
    return answer.content.decode() if is_page else ""


def typed(form):
    """The form as somebody has filled it, with a word of its own in every field for words."""
    sent = form.served()
    words = {}
    for field in form.fields.values():
        if field.kind == "textarea" or (field.kind == "text" and not field.values[0]):
            words[field.name] = f"Word{next(NUMBERS)}"
            sent[field.name] = [words[field.name]]
        elif field.kind in {"select", "radio"} and not any(sent.get(field.name, [])):
            sent[field.name] = [value for value in field.options if value][:1]
    return sent, words


def pressed(form):
    """One button of each name; of those that say what is done, each."""
    chosen = {}
    for name, value in form.buttons:
        chosen.setdefault((name, value if name in {"act", "move"} else ""), value)
    return [(name, value) for (name, _what), value in chosen.items()] or [None]


def attacks(form):
    """(what is done, the fields as they are sent, the words that must not be lost)."""
    usual = is_usual(name_of(form.target)) or form.method == "get"
    for button in pressed(form):
        sent, words = typed(form)
        names = [name for name in sent if name != TOKEN and "__prefix__" not in name]
        if button:
            sent[button[0]] = [button[1]]
        for turn in range(1 if usual else 3):
            bad = list(
                itertools.islice(itertools.cycle(HOSTILE), turn, turn + len(names))
            )
            values = {n: [HOSTILE[word]] for n, word in zip(names, bad, strict=True)}
            yield f"all wrong, {turn}", sent | values, {}
        for name in () if usual else rows_left_out(names):
            left = {n: word for n, word in words.items() if n != name}
            without = {key: value for key, value in sent.items() if key != name}
            yield f"{name} missing", without, left
            yield f"{name} twice", sent | {name: [*sent[name], "-1", "zzz"]}, left
    yield "nothing", {}, {}


def rows_left_out(names):
    """One field of those whose names differ in a number only."""
    return {
        "".join(" " if sign.isdigit() else sign for sign in n): n for n in names
    }.values()


@pytest.fixture
def faults():
    """Exceptions that requests have raised."""
    raised = []

    def take(**_more):
        raised.append(sys.exc_info()[1])

    got_request_exception.connect(take)
    yield raised
    got_request_exception.disconnect(take)


def send(browser, form, fields):
    with undone():
        if form.method == "get":
            query = urlencode(fields, doseq=True)[:7000]
            return browser.get(f"{form.target}?{query}")
        return browser.post(form.address, urlencode(fields, doseq=True), FORM)


@pytest.mark.parametrize("kind", [*Phase.Kind.values[:4]])
def test_no_form_breaks_and_none_forgets_what_was_typed(
    kind, faults, settings, monkeypatch
):
    settings.REQUIRE_STAFF_MFA = True
    monkeypatch.setattr(
        throttle, "allow", lambda *_args, **_more: throttle.Verdict(True, 0)
    )
    settings.LIMITS = dict.fromkeys(settings.LIMITS, (10**9, 60))
    world = World(kind)
    forms = world.forms()
    assert {role for role, _form in forms} >= {"nobody", "owner", "officer"}

    broken, lost = {}, {}
    for role, form in forms:
        for what, fields, words in attacks(form):
            answer = send(world.browsers[role], form, fields)
            name = name_of(form.target)
            if answer.status_code >= 500:
                broken[name, role, what] = repr(faults[-1:])[:300]
            shown = html.unescape(text_of(answer))
            gone = [n for n, word in words.items() if word not in shown]
            if gone and answer.status_code in {200, 400, 409} and shown:
                lost[name, role, what] = gone

    assert broken == {}
    assert lost == {}


IN_AN_ADDRESS = ["9" * 25, "zzz", "%D9%A3", "%00", "%ED%A0%80", "x" * 300]


def bent(world):
    """Every address of the Prizes and of their API, with one part or parameter that is wrong."""
    for name, parameters in all_urls().items():
        if not name.startswith(("prizes:", "api:prize")):
            continue
        usual = values(name, world.entry.project)
        for parameter, value in itertools.product(parameters, IN_AN_ADDRESS):
            marked = usual | {
                parameter: 10**9 + 7 if isinstance(usual[parameter], int) else "m7"
            }
            yield reverse(name, kwargs=marked).replace(str(marked[parameter]), value)


def asked_wrongly(world, role):
    """Every page with each parameter that some link or form of it has, and a wrong value of it."""
    asked = {}
    for page in pages_from(
        world.browsers[role], list(world.addresses(role)), world.opens
    ):
        for form in page.forms:
            if form.method == "get":
                asked.setdefault(form.target, set()).update(form.fields)
        for link in map(urlsplit, page.links):
            if link.query and is_ours(name_of(link.path)):
                asked.setdefault(link.path, set()).update(parse_qs(link.query))
    of_kind = {name_of(path): (path, names) for path, names in asked.items()}
    for path, names in of_kind.values():
        for name, value in itertools.product(sorted(names), IN_AN_ADDRESS):
            yield f"{path}?{name}={value}"


def test_no_address_breaks(faults, settings):
    """Parts that are no number, no text, too long, of nothing; and parameters of lists."""
    settings.REQUIRE_STAFF_MFA = True
    settings.LIMITS = dict.fromkeys(settings.LIMITS, (10**9, 60))
    world = World(Phase.Kind.VOTING)
    broken = {}
    for role in ("nobody", "officer"):
        browser = world.browsers[role]
        addresses = [*bent(world), *asked_wrongly(world, role)]
        assert len(addresses) > 100
        for address in addresses:
            with undone():
                answer = browser.get(address)
            if answer.status_code >= 500:
                broken[role, address[:200]] = repr(faults[-1:])[:300]

    assert broken == {}
