"""The kit for supporters, and cards in the reader's language."""

import io

import pytest
from django.urls import reverse
from django.utils import translation
from PIL import Image

from stocktaking.text.models import ProjectText
from stocktaking.text.workflow import TextStatus
from tests.factories import UserFactory
from tests.prizes.records import ContestFactory, EntryFactory, set_phases, voter
from tests.stocktaking.records import text_of

pytestmark = pytest.mark.django_db
LANGUAGES = ("en", "fr", "es", "ru", "ar", "zh-hans")


@pytest.fixture
def nominee():
    return EntryFactory(
        contest=ContestFactory(), project__title="Villages <of> light & sound"
    )


def kit(client, nominee, name="", language="en"):
    args = [nominee.contest.slug, nominee.pk]
    address = (
        reverse("prizes:kit-file", args=[*args, name])
        if name
        else reverse("prizes:kit", args=args)
    )
    return client.get(address.replace("/en/", f"/{language}/"))


def test_the_owner_gets_link_code_texts_and_rules(client, nominee):
    client.force_login(nominee.owner)

    card = client.get(nominee.get_absolute_url()).content.decode()
    page = kit(client, nominee).content.decode()

    assert reverse("prizes:kit", args=[nominee.contest.slug, nominee.pk]) in card
    path = nominee.get_absolute_url()
    for language in LANGUAGES:
        address = f"http://testserver{path}".replace("/en/", f"/{language}/")
        text = page.split(f'lang="{language}"')[-1].split("</dd>")[0]
        assert address in text
        assert "Villages &lt;of&gt; light &amp; sound" in text
    assert "<svg" in page.split('class="qr"')[1].split("</div>")[0]
    assert "Ask for votes, never pay for them" in page
    tags = " ".join(page.split())
    assert '<dd lang="ar" dir="rtl">' in tags
    assert '<dd lang="fr" dir="ltr">' in tags


def test_owners_are_not_offered_the_vote_that_they_do_not_have(client, nominee):
    client.force_login(nominee.owner)
    own = client.get(nominee.get_absolute_url()).content.decode()
    client.force_login(UserFactory())
    others = client.get(nominee.get_absolute_url()).content.decode()

    assert "Vote for this entry" not in own
    assert "You cannot vote for an entry of your own organization." in own
    assert "Vote for this entry" in others


def test_badge_and_code_are_pictures(client, nominee):
    client.force_login(nominee.owner)

    badge = kit(client, nominee, "badge.svg", "ar")
    code = kit(client, nominee, "qr.png")
    unknown = kit(client, nominee, "other.pdf")

    text = badge.content.decode()
    assert badge["Content-Type"] == "image/svg+xml"
    assert "attachment" in badge["Content-Disposition"]
    assert "Villages &lt;of&gt; light &amp; sound" in text
    assert 'direction="rtl"' in text
    assert "C7-EGOV" in text
    assert Image.open(io.BytesIO(code.content)).size[0] > 200
    assert unknown.status_code == 404


def test_nobody_else_has_it_and_not_before_the_vote(client, nominee):
    client.force_login(voter())
    stranger = kit(client, nominee).status_code
    set_phases(nominee.contest, "nomination")
    client.force_login(nominee.owner)

    assert (stranger, kit(client, nominee).status_code) == (404, 404)


def shown(client, nominee, language):
    slug = nominee.contest.slug
    with translation.override(language):
        addresses = (
            reverse("prizes:category", args=[slug, "C7-EGOV"]),
            reverse("prizes:ballot-category", args=[slug, "C7-EGOV"]),
            nominee.get_absolute_url(),
        )
    return [client.get(address).content.decode() for address in addresses]


def test_cards_speak_the_readers_language_and_say_who_translated(client, nominee):
    client.force_login(voter())
    machine = {"title": "Villages de lumière", "summary": "Des centres numériques."}
    ProjectText.objects.keep_machine(nominee.project, "fr", machine, "Engine 1")
    by_machine = shown(client, nominee, "fr")
    spanish = shown(client, nominee, "es")
    text_of(
        nominee.project,
        language="fr",
        title="Les villages de lumière",
        status=TextStatus.APPROVED,
    )
    approved = shown(client, nominee, "fr")

    for page in by_machine:
        assert "Villages de lumière" in page
        assert "Des centres numériques." in page
        assert "Villages &lt;of&gt; light &amp; sound" in page
        assert "traduction automatique" in page
    for page in approved:
        assert "Les villages de lumière" in page
        assert "Villages de lumière" not in page
    for page in spanish:
        assert "lumière" not in page
