"""Mails that people choose: at once, together, or not at all; safety always at once."""

import datetime
import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.notification.models import MailChoice
from common.mail import outbox
from common.mail.digests import gather
from common.mail.kinds import KINDS, kind_of
from common.mail.models import OutgoingMail
from tests.factories import ProjectFactory, UserFactory

pytestmark = pytest.mark.django_db


def send(user, template="stocktaking/draft_reminder"):
    project = ProjectFactory(owner=user)
    return outbox.send(template, user, {"project": project, "day": timezone.now()})


def choose(user, delivery, kind="reminders"):
    MailChoice.objects.update_or_create(
        user=user, kind=kind, defaults={"delivery": delivery}
    )


@pytest.mark.parametrize(
    ("template", "kind"),
    [
        ("stocktaking/role_verified", "roles"),
        ("stocktaking/draft_reminder", "reminders"),
        ("stocktaking/reminder", "reminders"),
        ("stocktaking/still_correct", "reminders"),
        ("stocktaking/digest", "news"),
        ("stocktaking/published", "projects"),
        ("stocktaking/returned", "projects"),
        ("forum/release", "agenda"),
        ("forum/submission", "forum"),
        ("reports/ready", "reports"),
        ("account/erasure", ""),
        ("something/new", ""),
    ],
)
def test_each_mail_has_its_kind_and_others_cannot_be_switched_off(template, kind):
    assert kind_of(template) == kind


@pytest.mark.parametrize(
    ("delivery", "digests"),
    [("now", [""]), ("daily", ["daily"]), ("weekly", ["weekly"]), ("off", [])],
)
def test_the_choice_is_kept_to(delivery, digests):
    user = UserFactory()
    choose(user, delivery)

    send(user)

    assert list(OutgoingMail.objects.values_list("digest", flat=True)) == digests


@pytest.mark.parametrize(("delivery", "days"), [("daily", 1), ("weekly", 7)])
def test_mails_come_together_when_the_oldest_has_waited(time_machine, delivery, days):
    start = timezone.now()
    time_machine.move_to(start, tick=False)
    user = UserFactory()
    choose(user, delivery)
    send(user)
    send(user)
    counts = []
    for hours in (24 * days - 1, 24 * days, 24 * days + 1):
        time_machine.move_to(start + datetime.timedelta(hours=hours), tick=False)
        counts.append(gather())

    together = OutgoingMail.objects.get(digest="")
    assert counts == [0, 1, 0]
    assert (together.subject, together.to, together.sent_at) == (
        "WSIS: 2 messages for you",
        user.email,
        None,
    )
    assert len(set(re.findall(r"WSIS-\d{4}-\d+", together.body))) == 2


def test_the_form_asks_for_each_kind(client):
    user = UserFactory()
    client.force_login(user)
    address = reverse("notifications")

    asked = list(client.get(address).context["form"].fields)
    saved = client.post(address, dict.fromkeys(KINDS, "now") | {"agenda": "off"})
    refused = client.post(address, dict.fromkeys(KINDS, "hourly"))

    assert asked == [name for name in KINDS if name != "desk"]  # that is for staff
    assert (saved.status_code, refused.status_code) == (302, 400)
    assert user.mail_choices.get(delivery="off").kind == "agenda"


def test_one_click_in_the_mail_or_in_the_mail_program_is_enough(mailoutbox):
    user = UserFactory()
    queued = send(user)
    OutgoingMail.objects.deliver(queued.pk)
    (sent,) = mailoutbox
    path = re.search(r"/en/account/unsubscribe/\S+", sent.body)[0]
    strict = Client(enforce_csrf_checks=True)  # a mail program knows no token

    asked = strict.get(path)
    before = user.mail_choices.count()
    done = strict.post(path, {"List-Unsubscribe": "One-Click"})

    assert sent.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert path in sent.extra_headers["List-Unsubscribe"]
    assert (asked.status_code, before, done.status_code) == (200, 0, 200)
    assert list(user.mail_choices.values_list("kind", "delivery")) == [
        ("reminders", "off")
    ]


@pytest.mark.parametrize("token", ["x", "a:b:c"])
def test_a_forged_link_names_nobody(client, token):
    assert client.post(reverse("unsubscribe", args=[token])).status_code == 404


def test_decisions_are_not_among_what_can_be_switched_off(client):
    user = UserFactory()
    client.force_login(user)
    now = dict.fromkeys(KINDS, "now")

    refused = client.post(reverse("notifications"), now | {"projects": "off"})
    daily = client.post(reverse("notifications"), now | {"projects": "daily"})
    by_link = client.post(outbox.unsubscribe_path(user, "projects"))

    assert (refused.status_code, daily.status_code, by_link.status_code) == (
        400,
        302,
        404,
    )
    assert user.mail_choices.get(kind="projects").delivery == "daily"
