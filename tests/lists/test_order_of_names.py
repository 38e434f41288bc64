"""Names stand where the reader's alphabet has them, and are found however accents are typed."""

import re

import pytest
from django.db import connection
from django.utils import translation
from django.utils.html import escape

from accounts.role.roles import Role
from common.text.collation import SortKey
from forum.people.models import Person
from forum.room.models import Room
from reference.country.models import Country
from reference.names import vocabulary
from stocktaking.organization.models import Organization
from tests.factories import (
    MemberFactory,
    OrganizationFactory,
    ProjectFactory,
    UserFactory,
)
from tests.forum.records import EditionFactory, PersonFactory, RoomFactory

pytestmark = pytest.mark.django_db
LATIN = [
    "Ångela",
    "Bruno",
    "Çelik",
    "Émile",
    "Žofia",
    "Łukasz Kąkol",
    "Óscar",
    "Øyvind",
    "zoe",
]
IN_ORDER = [
    "Ångela",
    "Bruno",
    "Çelik",
    "Émile",
    "Łukasz Kąkol",
    "Óscar",
    "Øyvind",
    "zoe",
    "Žofia",
]
SCRIPTS = [
    "Anna",
    "Ёлкин",
    "Жуков",
    "Ивана",
    "Йован",
    "Карл",
    "أحمد",
    "بدر",
    "王伟",
    "李娜",
]
# pinyin: Li, Wang; Arabic alef before beh; й after и and before к, ё beside е
OWN_SCRIPT_FIRST = {
    "en": ["Anna", "Ёлкин", "Жуков", "Ивана", "Йован", "Карл", "أحمد", "بدر"],
    "ru": ["Ёлкин", "Жуков", "Ивана", "Йован", "Карл", "Anna", "أحمد", "بدر"],
    "ar": ["أحمد", "بدر", "Anna", "Ёлкин", "Жуков"],
    "zh-hans": ["李娜", "王伟", "Anna"],
}


def listed(html, names):
    """The names in the order in which the page has them."""
    places = {name: html.find(f"<bdi>{escape(name)}</bdi>") for name in names}
    places |= {
        name: html.find(f">{escape(name)}</a>") for name, at in places.items() if at < 0
    }
    return sorted((name for name in names if places[name] >= 0), key=places.get)


def people(names):
    return [PersonFactory(name=name, is_public=True, organization="") for name in names]


def test_people_with_accents_stand_among_their_letters(client):
    people(LATIN)

    html = client.get("/en/forum/people/").content.decode()

    assert listed(html, LATIN) == IN_ORDER


@pytest.mark.parametrize("language", sorted(OWN_SCRIPT_FIRST))
def test_names_in_the_script_of_the_reader_come_first(client, language):
    people(SCRIPTS)

    html = client.get(f"/{language}/forum/people/").content.decode()

    expected = OWN_SCRIPT_FIRST[language]
    assert listed(html, SCRIPTS)[: len(expected)] == expected


def test_a_spanish_reader_finds_the_letter_after_n_behind_all_of_n(client):
    names = ["Ñandú", "Nube", "Oca", "Nzinga"]
    people(names)

    spanish = client.get("/es/forum/people/").content.decode()
    french = client.get("/fr/forum/people/").content.decode()

    assert listed(spanish, names) == ["Nube", "Nzinga", "Ñandú", "Oca"]
    assert listed(french, names) == ["Ñandú", "Nube", "Nzinga", "Oca"]


def test_organizations_with_accents_stand_among_their_letters(client):
    names = [
        "Zebra Trust",
        "Écoles du Nord",
        "Eagle Labs",
        "Ångström",
        "öko e.V.",
        "Orbit",
    ]
    for name in names:
        OrganizationFactory(name=name)

    html = client.get("/en/projects/organizations/").content.decode()

    assert listed(html, names) == [
        "Ångström",
        "Eagle Labs",
        "Écoles du Nord",
        "öko e.V.",
        "Orbit",
        "Zebra Trust",
    ]


@pytest.mark.parametrize("language", ["en", "ru", "zh-hans"])
def test_pages_of_people_leave_nobody_out_and_list_nobody_twice(client, language):
    names = [
        f"{start}{n}"
        for start in ("Łu", "Lu", "lu", "Жа", "王", "É")
        for n in range(12)
    ]
    people(names)
    address, seen, pages = f"/{language}/forum/people/", [], 0

    while address:
        html = client.get(address).content.decode()
        seen += [name for name in names if f"<bdi>{name}</bdi>" in html]
        following = re.search(r'rel="next" href="([^"]+)"', html)
        address = (
            following
            and f"/{language}/forum/people/{following[1].replace('&amp;', '&')}"
        )
        pages += 1

    assert pages == 4
    assert sorted(seen) == sorted(names)


@pytest.mark.parametrize("language", ["en", "es", "zh-hans"])
@pytest.mark.parametrize("rows", [Person.objects.public, Organization.objects.for_list])
def test_the_order_of_names_is_that_of_an_index(language, rows):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off")
    with translation.override(language):
        plan = rows()[:20].explain()

    assert f"order_{language.replace('-', '_')}" in plan
    assert "Sort" not in plan.replace("sort_key", "")


def test_rooms_stand_by_their_number(client):
    edition = EditionFactory()
    for name in ("Room 10", "Room 2", "Room 1", "Salle É", "Salle D", "Salle F"):
        RoomFactory(edition=edition, name=name)

    names = list(Room.objects.values_list("name", flat=True))

    assert names == ["Room 1", "Room 2", "Room 10", "Salle D", "Salle É", "Salle F"]


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Kakol", "Łukasz Kąkol"),
        ("lukasz", "Łukasz Kąkol"),
        ("KĄKOL", "Łukasz Kąkol"),
        ("oyvind", "Øyvind Sæther"),
        ("saether", "Øyvind Sæther"),
        ("احمد", "أحمد علي"),
        ("Nguyen Van", "Nguyễn Văn An"),
        ("елкин", "Ёлкин"),
        ("d'Avila", "Inês d’Ávila"),
    ],
)
def test_people_are_found_without_their_accents(client, typed, name):
    people([name, "Somebody Else"])

    html = client.get("/en/forum/people/", {"q": typed}).content.decode()

    assert f"<bdi>{escape(name)}</bdi>" in html
    assert "Somebody Else" not in html


@pytest.mark.parametrize("typed", ["Cote d'Ivoire", "Côte d’Ivoire", "COTE D'IVOIRE"])
@pytest.mark.parametrize("page", ["/en/projects/organizations/", "/en/search/"])
def test_organizations_are_found_without_their_accents(client, typed, page):
    OrganizationFactory(name="Université de Côte d'Ivoire", aliases=[])
    ProjectFactory(organization=Organization.objects.get(), organization_name="x")

    html = client.get(page, {"q": typed}).content.decode()

    assert "Université de Côte d&#x27;Ivoire" in html


ALPHABET = {
    "en": [
        "Costa Rica",
        "Côte d’Ivoire",
        "Croatia",
        "Tunisia",
        "Türkiye",
        "Turkmenistan",
    ],
    "fr": ["Émirats arabes unis", "Équateur", "Érythrée", "Espagne", "Finlande"],
}


def options(html, name):
    select = re.search(rf'<select[^>]*name="{name}".*?</select>', html, re.DOTALL)[0]
    return [
        text.strip() for text in re.findall(r"<option[^>]*>([^<]+)</option>", select)
    ]


def plain_apostrophes(names):
    return [name.replace("&#x27;", "'").replace("’", "'") for name in names]


@pytest.mark.parametrize("language", ["en", "fr", "es", "ru", "ar", "zh-hans"])
def test_countries_stand_in_the_alphabet_of_every_language(client, language):
    client.force_login(MemberFactory().user)
    with translation.override(language):
        expected = list(vocabulary.labels("country").values())

    for page in (
        "projects/organizations/",
        "projects/members/",
        "projects/members/me/",
    ):
        html = client.get(f"/{language}/{page}").content.decode()
        shown = options(html, "country")
        assert plain_apostrophes(shown[1:]) == plain_apostrophes(expected), page


@pytest.mark.parametrize("language", sorted(ALPHABET))
def test_cote_d_ivoire_and_turkiye_are_in_their_places(client, language):
    html = client.get(f"/{language}/projects/organizations/").content.decode()

    shown = plain_apostrophes(options(html, "country"))
    named = plain_apostrophes(ALPHABET[language])

    assert [name for name in shown if name in named] == named


def test_staff_choose_countries_in_the_order_of_the_alphabet(client):
    client.force_login(UserFactory(role=Role.SECRETARIAT))

    with translation.override("en"):
        names = list(Country.objects.values_list("name", flat=True))

    assert plain_apostrophes(names) == plain_apostrophes(
        vocabulary.labels("country").values()
    )


def test_names_that_differ_by_accents_alone_have_one_place_each():
    names = ["Resume", "Résumé", "resume"]
    for name in names:
        PersonFactory(name=name, is_public=True)

    keys = Person.objects.annotate(key=SortKey("name", "en")).values_list(
        "key", flat=True
    )

    assert len(set(keys)) == 3
