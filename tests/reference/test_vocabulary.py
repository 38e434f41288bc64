"""Names held in the process: right language and order, no query twice, fresh after an edit."""

import pytest
from django.urls import reverse
from django.utils import translation

from accounts.role.roles import Role
from reference.action_line.models import SDG
from reference.country.models import Country, Region
from reference.names import vocabulary
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _forgotten():
    vocabulary.forget()
    yield
    vocabulary.forget()


def test_labels_follow_the_language_of_the_page():
    names = {}
    for language in ("en", "ar", "zh-hans", "fr", "ru", "es"):
        with translation.override(language):
            names[language] = vocabulary.label("country", "PS")

    assert names == {
        "en": "State of Palestine",
        "ar": "دولة فلسطين",
        "zh-hans": "巴勒斯坦国",
        "fr": "État de Palestine",
        "ru": "Государство Палестина",
        "es": "Estado de Palestina",
    }


def test_without_a_language_names_are_english():
    with translation.override(None):
        assert vocabulary.label("sdg", "4") == "Quality Education"


def test_an_unknown_code_stands_for_itself():
    assert vocabulary.label("country", "XX") == "XX"


def test_action_lines_are_the_eighteen_in_their_order():
    codes = list(vocabulary.labels("action_line"))

    assert codes == [
        *("C1", "C2", "C3", "C4", "C5", "C6"),
        *(
            "C7-EGOV",
            "C7-EBUS",
            "C7-ELEA",
            "C7-EHEA",
            "C7-EEMP",
            "C7-EENV",
            "C7-EAGR",
            "C7-ESCI",
        ),
        *("C8", "C9", "C10", "C11"),
    ]


@pytest.mark.parametrize(
    ("language", "first", "last"),
    [
        (
            "en",
            ["Afghanistan", "Albania", "Algeria"],
            ["Zambia", "Zimbabwe", "International"],
        ),
        ("fr", ["Afghanistan", "Afrique du Sud", "Albanie"], None),
        ("ar", ["الاتحاد الروسي", "إثيوبيا", "أذربيجان"], ["اليمن", "اليونان", "دولي"]),
        ("zh-hans", ["阿尔巴尼亚", "阿尔及利亚", "阿富汗"], None),
        ("ru", ["Австралия", "Австрия", "Азербайджан"], None),
        (
            "es",
            ["Afganistán", "Albania", "Alemania"],
            ["Zambia", "Zimbabwe", "Internacional"],
        ),
    ],
)
def test_countries_stand_in_the_alphabet_of_the_language(language, first, last):
    with translation.override(language):
        names = list(vocabulary.labels("country").values())

    assert names[:3] == first
    assert last is None or names[-3:] == last
    assert len(names) == 196


def test_accents_do_not_count_in_the_order():
    with translation.override("fr"):
        names = list(vocabulary.labels("country").values())

    assert names.index("Émirats arabes unis") == names.index("El Salvador") + 1


@pytest.mark.parametrize("kind", [*vocabulary.KINDS])
def test_a_vocabulary_is_read_once_for_all_languages(kind, django_assert_num_queries):
    with django_assert_num_queries(1):
        vocabulary.labels(kind)
        with translation.override("ar"):
            vocabulary.labels(kind)
            vocabulary.label(kind, "1")


def test_what_is_too_old_is_read_again(monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(vocabulary, "KEPT", 0.0)

    with django_assert_num_queries(2):
        vocabulary.labels("sdg")
        vocabulary.labels("sdg")


def test_an_edit_in_the_admin_is_seen_at_once(
    client, django_capture_on_commit_callbacks
):
    client.force_login(UserFactory(role=Role.ADMINISTRATOR))
    goal = SDG.objects.get(pk="1")
    form = {
        f"name_{code}": getattr(goal, f"name_{code}")
        for code in ("en", "ar", "zh_hans", "fr", "ru", "es")
    }
    assert vocabulary.label("sdg", "1") == "No Poverty"

    with django_capture_on_commit_callbacks(execute=True):
        client.post(
            reverse("admin:reference_sdg_change", args=["1"]),
            form
            | {
                "name_en": "End poverty",
                "colour": goal.colour,
                "order": "1",
                "source": "",
            },
        )

    assert vocabulary.label("sdg", "1") == "End poverty"


def test_the_admin_neither_deletes_nor_changes_codes(client):
    client.force_login(UserFactory(role=Role.ADMINISTRATOR))

    page = client.get(reverse("admin:reference_country_change", args=["KE"]))

    assert page.context["adminform"].readonly_fields == ("code",)
    assert page.context["has_delete_permission"] is False
    assert (
        client.get(reverse("admin:reference_country_add"))
        .context["adminform"]
        .readonly_fields
        == ()
    )


def test_regions_and_countries_lead_to_each_other():
    both_ways = {
        code: vocabulary.region_of(code)
        for region in Region.objects.values_list("pk", flat=True)
        for code in vocabulary.countries_of(region)
    }

    assert both_ways == dict(Country.objects.values_list("pk", "region_id"))
    assert vocabulary.countries_of("INTL") == ("INTL",)


def test_colours_and_matrix():
    assert vocabulary.colours()["4"] == "#C5192D"
    assert vocabulary.matrix()["C7-EGOV"] == ("9", "16", "17")
    assert sum(map(len, vocabulary.matrix().values())) == 124
