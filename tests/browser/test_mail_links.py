"""Links in mails that end in a button, pressed in a real browser: it says where a form comes from,
and under `Referrer-Policy: no-referrer` it says `null`, which is refused."""

import pytest

from common.mail import outbox
from common.mail.models import OutgoingMail
from stocktaking.coeditor.models import CoEditor
from stocktaking.follow.models import Follow
from stocktaking.upkeep.models import Upkeep, link
from tests.factories import PASSWORD, ProjectFactory, UserFactory

pytestmark = pytest.mark.django_db(transaction=True)


def sign_in(page, live_server, user, target):
    page.goto(f"{live_server.url}/en/account/login/?next={target}")
    page.fill("[name=login]", user.email)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url(f"**{target}")


def test_an_invitation_to_write_is_accepted(page, live_server, settings):
    project, colleague = ProjectFactory(status="draft"), UserFactory()
    made, token = CoEditor.objects.invite(project, colleague.email, project.owner)

    sign_in(page, live_server, colleague, f"/en/projects/invitations/{token}/")
    page.get_by_role("button", name="Accept").click()
    page.wait_for_url(f"**/projects/{project.pk}/edit/")

    made.refresh_from_db()
    assert made.user == colleague


def test_a_project_is_confirmed_without_signing_in(page, live_server, settings):
    settings.SITE_URL = live_server.url
    project = ProjectFactory()

    page.goto(link(project))
    page.get_by_role("button", name="Yes, it is still correct").click()

    page.get_by_role("heading", name="Thank you").wait_for()
    assert Upkeep.objects.get(project=project).confirmed_at


def test_a_follow_and_a_kind_of_mail_are_ended(page, live_server, settings):
    settings.SITE_URL = live_server.url
    user = UserFactory()
    follow = Follow.objects.create(user=user)
    stop = live_server.url + outbox.unsubscribe_path(user, "news")

    for address in (live_server.url + follow.stop_url, stop):
        page.goto(address)
        page.get_by_role("button", name="Unsubscribe").click()
        page.get_by_text("You will no longer receive e-mails about").wait_for()

    follow.refresh_from_db()
    assert not follow.is_on
    assert list(user.mail_choices.values_list("kind", "delivery")) == [("news", "off")]
    assert not OutgoingMail.objects.exists()
