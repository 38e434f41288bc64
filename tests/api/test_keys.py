"""API keys: what each scope opens, how a key ends, and that none can be found again."""

import datetime
import logging
import secrets

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.api_key.models import MOST_KEYS, ApiKey
from accounts.role.roles import Role
from accounts.user.models import User
from common.mail.models import OutgoingMail
from stocktaking.base.workflow import Status
from stocktaking.project.models import Project
from tests import factories
from tests.api.asking import COMPLETE, LIST, refused, send
from tests.factories import PASSWORD
from tests.roadmap.records import AgencyFactory, MilestoneFactory, focal_point

pytestmark = pytest.mark.django_db
READ, OWN, WRITE, POSITIONS = "read", "read:own", "write:projects", "write:positions"
NEW = {"name": "nightly harvest", "scopes": [READ], "days": "30"}
NOT_VALID = (None, "key_refused", "This key is not valid or has expired.")
NOT_ALLOWED = (None, "permission_denied", "The scopes of this key do not allow this.")


def make(user, *scopes, days=30):
    return ApiKey.objects.make(user, "harvest", list(scopes), days)


def asked(text, url=LIST, method="GET", body=None):
    return send(Client(), method, url, body, authorization=f"Bearer {text}")


def test_only_a_digest_is_kept(owner):
    key, text = make(owner, READ)
    row = ApiKey.objects.filter(pk=key.pk).values().get()

    mark, prefix, secret = text.split("_", 2)
    assert (mark, prefix, len(secret)) == ("wsis", key.prefix, 43)
    assert [name for name, value in row.items() if secret in str(value)] == []


@pytest.mark.parametrize(
    ("scopes", "shown", "begun"),
    [
        ([READ], 404, 403),
        ([OWN], 200, 403),
        ([WRITE], 200, 201),
        ([READ, OWN, WRITE], 200, 201),
    ],
)
def test_scopes(owner, scopes, shown, begun):
    """What a key may see of its person's drafts, and whether it may begin one."""
    draft = factories.ProjectFactory(owner=owner, status=Status.DRAFT)
    _key, text = make(owner, *scopes)

    assert asked(text).status_code == 200
    assert asked(text, f"{LIST}{draft.pk}/").status_code == shown
    assert (
        asked(text, method="POST", body={"title": "Telecentres"}).status_code == begun
    )


def test_a_write_is_its_persons(owner):
    _key, text = make(owner, WRITE)

    answer = asked(text, method="POST", body=COMPLETE | {"submit": True})

    project = Project.objects.get()
    assert (answer.status_code, project.owner, project.status) == (
        201,
        owner,
        Status.SUBMITTED,
    )
    assert [change.by for change in project.history()] == [owner]


@pytest.mark.parametrize(
    ("scope", "status"), [(READ, 403), (WRITE, 403), (POSITIONS, 201)]
)
@pytest.mark.parametrize("lane", ["ITU", "UNESCO"])
def test_positions_have_a_scope_of_their_own(scope, status, lane):
    """And the lane of another agency does not exist."""
    _key, text = make(focal_point("ITU"), scope)
    AgencyFactory(code="UNESCO")
    body = {
        "agency": lane,
        "completion": "limited",
        "text": "Half of it is done.",
        "evidence": [{"label": "Minutes", "link": "https://example.org/minutes"}],
    }
    headers = {
        "authorization": f"Bearer {text}",
        "if-match": "0",
        "idempotency-key": "one",
    }

    answer = send(
        Client(),
        "POST",
        f"/api/v1/milestones/{MilestoneFactory().pk}/positions/",
        body,
        **headers,
    )

    assert answer.status_code == (404 if status == 201 and lane == "UNESCO" else status)


def test_refusal_of_a_scope_is_a_problem_body(owner):
    _key, text = make(owner, READ)

    refused(asked(text, method="POST", body={}), 403, NOT_ALLOWED)


@pytest.mark.parametrize("role", [Role.SECRETARIAT, Role.ADMINISTRATOR])
def test_a_key_has_no_powers_of_staff(role):
    """They need a second factor: somebody else's entry stays out of reach."""
    officer = factories.UserFactory(role=role)
    waiting = factories.ProjectFactory(status=Status.SUBMITTED)
    _key, text = make(officer, READ, OWN, WRITE)

    moves = f"{LIST}{waiting.pk}/moves/"
    assert asked(text, f"{LIST}{waiting.pk}/").status_code == 404
    assert asked(text, moves, "POST", {"move": "publish"}).status_code == 404
    assert Project.objects.get().status == Status.SUBMITTED


def expired(key):
    past = timezone.now() - datetime.timedelta(days=40)
    ApiKey.objects.filter(pk=key.pk).update(
        created_at=past, expires_at=past + datetime.timedelta(days=30)
    )


ENDS = {
    "revoked": lambda key: key.revoke(key.user),
    "expired": expired,
    "disabled": lambda key: User.objects.filter(pk=key.user_id).update(is_active=False),
    "deleted": lambda key: key.delete(),
}


@pytest.mark.parametrize("end", ENDS)
def test_an_ended_key_opens_nothing(owner, end):
    key, text = make(owner, READ, WRITE)
    ENDS[end](key)

    answer = asked(text)

    assert answer["WWW-Authenticate"] == 'Bearer error="invalid_token"'
    titled_refused(answer)
    titled_refused(asked(text, method="POST", body={}))


def titled_refused(answer):
    assert (answer.status_code, answer.json()["errors"]) == (
        401,
        [dict(zip(("field", "code", "detail"), NOT_VALID, strict=True))],
    )


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text[:-1] + ("A" if text[-1] != "A" else "B"),
        lambda text: text[:-1],
        lambda text: text.upper(),
        lambda text: text.replace("wsis_", "", 1),
        lambda text: f"wsis_{secrets.token_hex(5)}_{secrets.token_urlsafe(32)}",
        lambda text: "",
        lambda text: "ключ",
    ],
)
def test_nothing_but_the_key_itself_is_taken(owner, change):
    _key, text = make(owner, READ)

    titled_refused(asked(change(text)))


def test_wrong_keys_are_limited_by_address(owner, settings):
    settings.LIMITS = settings.LIMITS | {"api-wrong-key": (3, 60)}
    address = "10.240.0.7"

    codes = [
        Client(REMOTE_ADDR=address)
        .get(LIST, headers={"authorization": "Bearer wsis_a_b"})
        .status_code
        for _n in range(5)
    ]

    assert codes == [401, 401, 401, 429, 429]


def test_a_key_has_its_own_higher_limit(owner, settings):
    settings.LIMITS = settings.LIMITS | {"api-anonymous": (2, 60), "api-user": (4, 60)}
    _key, text = make(owner, READ)
    _other, second = make(owner, READ)
    client = Client(REMOTE_ADDR="10.240.0.8")

    with_key = [
        client.get(LIST, headers={"authorization": f"Bearer {text}"}).status_code
        for _n in range(5)
    ]
    assert with_key == [200] * 4 + [429]
    assert asked(second).status_code == 200
    assert [client.get(LIST).status_code for _n in range(3)] == [200, 200, 429]


def test_last_use_is_noted_once_a_minute(owner):
    key, text = make(owner, READ)
    counts = []
    for _n in range(2):
        with CaptureQueriesContext(connection) as queries:
            asked(text, "/api/v1/changes/")
        counts.append(len(queries))

    key.refresh_from_db()
    assert timezone.now() - key.last_used_at < datetime.timedelta(minutes=1)
    assert counts[0] == counts[1] + 1


def test_no_key_reaches_a_log(owner, caplog, capfd):
    caplog.set_level(logging.DEBUG)
    key, text = make(owner, WRITE)
    wrong = text[:-8] + "wrongkey"

    asked(text, method="POST", body={"title": "Telecentres"})
    asked(wrong, method="POST", body={"title": "Telecentres"})

    logged = caplog.text + "".join(capfd.readouterr())
    assert key.prefix in logged  # which key it was, so that one can follow it
    assert text.split("_", 2)[2][:12] not in logged


@pytest.mark.parametrize(
    "fields",
    [
        {"scopes": []},
        {"scopes": ["write:everything"]},
        {"expires_at": timezone.now() - datetime.timedelta(days=1)},
    ],
)
def test_the_database_keeps_the_rules(owner, fields):
    key, _text = make(owner, READ)

    with pytest.raises(IntegrityError), transaction.atomic():
        ApiKey.objects.filter(pk=key.pk).update(**fields)


# --- the page ---


@pytest.fixture
def member(owner):
    client = Client()
    client.force_login(owner)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return client


def test_a_key_is_shown_once_and_told_by_mail(owner, member):
    made = member.post(reverse("api-key-new"), NEW)

    key = ApiKey.objects.get()
    text = made.content.decode().partition("<code>")[2].partition("</code>")[0]
    assert (ApiKey.objects.matching(text), key.user, key.scopes) == (key, owner, [READ])
    assert 29 < (key.expires_at - timezone.now()).days + 1 <= 30
    assert "no-store" in made["Cache-Control"]
    listed = member.get(reverse("api-keys")).content.decode()
    assert (text in listed, key.shown in listed) == (False, True)
    mail = OutgoingMail.objects.get(subject="An API key was created in your account")
    assert (text in mail.body, key.shown in mail.body) == (False, True)


@pytest.mark.parametrize(
    "bad",
    [
        {"name": ""},
        {"name": "x" * 81},
        {"scopes": []},
        {"scopes": ["all"]},
        {"days": "9999"},
    ],
)
def test_a_bad_form_is_said_beside_its_field(member, bad):
    page = member.post(reverse("api-key-new"), NEW | bad)

    assert (page.status_code, list(page.context["form"].errors)) == (400, list(bad))
    assert ApiKey.objects.count() == 0


def test_keys_are_few(owner, member):
    for _n in range(MOST_KEYS):
        make(owner, READ)

    assert member.post(reverse("api-key-new"), NEW).status_code == 409
    ApiKey.objects.first().revoke(owner)
    assert member.post(reverse("api-key-new"), NEW).status_code == 200


def test_revoking_ones_own_key(owner, member):
    key, text = make(owner, READ)

    assert member.post(reverse("api-key-revoke", args=[key.pk])).status_code == 302

    key.refresh_from_db()
    assert (key.revoked_by, key.has_ended) == (owner, True)
    titled_refused(asked(text))


@pytest.mark.parametrize("rows", [1, 10])
def test_list_queries(owner, member, rows, django_assert_num_queries):
    for _n in range(rows):
        make(owner, READ)

    with django_assert_num_queries(4):  # session, person, roles, keys
        member.get(reverse("api-keys"))


def test_administrators_can_end_a_key(owner, settings):
    settings.REQUIRE_STAFF_MFA = False
    key, text = make(owner, READ)
    client = Client()
    client.force_login(factories.UserFactory(role=Role.ADMINISTRATOR))

    client.post(
        reverse("admin:accounts_apikey_changelist"),
        {"action": "revoke", "_selected_action": [key.pk]},
    )

    titled_refused(asked(text))


def test_the_description_names_the_scheme(client):
    described = client.get(reverse("api:openapi")).json()

    assert described["components"]["securitySchemes"]["apiKey"]["scheme"] == "bearer"
    assert {"apiKey": []} in described["paths"]["/api/v1/projects/"]["post"]["security"]
