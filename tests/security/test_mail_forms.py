"""Pages behind links of mails end in a button; a browser has to be able to press it."""

import pytest

from common.mail import outbox
from stocktaking.coeditor.models import CoEditor
from stocktaking.follow.models import Follow
from stocktaking.upkeep.models import link
from tests.factories import ProjectFactory, UserFactory
from tests.pressing import SILENT, Browser
from tests.security.access_table import TABLE
from tests.security.test_access import World

pytestmark = pytest.mark.django_db
FORM = 'method="post"'


def path_of(address):
    return "/" + address.split("/", 3)[3]


def confirmation(_user):
    return path_of(link(ProjectFactory()))


def invitation(user):
    project = ProjectFactory(status="draft")
    _made, token = CoEditor.objects.invite(project, user.email, project.owner)
    return f"/en/projects/invitations/{token}/"


def follow(user):
    return Follow.objects.create(user=user).stop_url


def kind(user):
    return outbox.unsubscribe_path(user, "news")


def together(user):
    return outbox.unsubscribe_path(user, outbox.TOGETHER)


@pytest.mark.parametrize(
    ("make", "signed_in", "status"),
    [
        (confirmation, False, 200),
        (invitation, True, 302),
        (follow, False, 200),
        (kind, False, 200),
        (together, False, 200),
    ],
)
def test_a_browser_can_press_the_button_of_a_mail_link(make, signed_in, status):
    user, browser = UserFactory(), Browser()
    if signed_in:
        browser.force_login(user)

    assert browser.press(make(user)).status_code == status


def test_no_page_with_a_form_hides_where_the_form_comes_from():
    """Under no-referrer browsers send `Origin: null`, and the form is refused."""
    world = World()
    silent, forms = [], 0
    for name in sorted(TABLE):
        if name.startswith("api:"):
            continue
        with world.address(name) as address:
            page = world.browsers["owner"].get(address)
        if page.streaming or FORM not in page.content.decode(errors="replace"):
            continue
        forms += 1
        policy = page.headers.get("Referrer-Policy", "")
        if policy == SILENT or 'name="referrer"' in page.content.decode():
            silent.append(name)

    assert forms > 20
    assert silent == []
