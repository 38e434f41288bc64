"""The editor's page: who may, writing, two tabs, what the buttons do, comments, languages."""

import html
import io
import re

import pytest
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext
from PIL import Image

from reports.living.grammar import parse
from reports.report.kinds import SectionKind, State
from reports.report.models import Block, Section
from reports.report.segments import Comment
from tests.factories import ProjectFactory, UserFactory
from tests.markup import compact
from tests.reports.records import secretariat
from tests.reports.report.pages import Editor
from tests.reports.report.records import report, section_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def foreword():
    return section_of(report(), kind=SectionKind.FOREWORD)


@pytest.fixture
def desk(client):
    client.force_login(secretariat())
    return client


def text_of(section):
    """The name of the field of the first text of a section, as `Editor` takes it."""
    return f"b{section.blocks.first().pk}_text"


def test_strangers_find_nothing_and_editors_find_their_report(client, foreword):
    pages = [foreword.report.get_absolute_url(), foreword.get_absolute_url()]
    assert [client.get(url).status_code for url in pages] == [302, 302]

    person = UserFactory()
    client.force_login(person)
    assert [client.get(url).status_code for url in pages] == [404, 404]
    assert client.post(pages[1], {"heading": "Mine"}).status_code == 404

    foreword.report.editorships.create(user=person)
    assert [client.get(url).status_code for url in pages] == [200, 200]
    other = report(to_year=2023)
    assert client.get(other.get_absolute_url()).status_code == 404


def test_sections_of_another_report_are_not_found(desk, foreword):
    other = section_of(report(to_year=2023), kind=SectionKind.FOREWORD)
    wrong = reverse("reports:edit-section", args=[foreword.report.pk, other.pk])

    assert desk.get(wrong).status_code == 404
    assert desk.get(f"{foreword.get_absolute_url()}?language=xx").status_code == 404


def test_the_outline_shows_all_sections_and_which_are_empty(desk, foreword):
    page = desk.get(foreword.report.get_absolute_url()).content.decode()

    outline = page[page.index('class="outline"') : page.index('for="new-section"')]
    assert outline.count("<li") == foreword.report.sections.count()
    assert "Foreword" in outline
    assert "C7-EGOV E-government" in outline
    empty = sum(section.is_empty for section in foreword.report.sections.all())
    assert outline.count("Empty") == empty


def test_a_text_is_written_without_javascript(desk, foreword):
    page = Editor(desk, foreword)
    assert {"heading", text_of(foreword).replace("_", "-")} <= page.data.keys()

    response = page.press(**{text_of(foreword): "Dear reader", "heading": "A word"})

    assert response.status_code == 302
    block = foreword.blocks.get()
    assert block.segment("text", "en").text == "Dear reader"
    assert "Dear reader" in Editor(desk, foreword).html
    assert str(Section.objects.get(pk=foreword.pk)) == "A word"


def test_the_page_saves_itself_and_says_when(desk, foreword):
    page = Editor(desk, foreword)

    response = page.by_itself(**{text_of(foreword): "Typed"})

    line = response.content.decode()
    assert (response.status_code, response["X-Draft"]) == (200, "saved")
    assert re.search(r"Saved at \d\d:\d\d:\d\d", line)
    assert foreword.blocks.get().segment("text", "en").text == "Typed"


@pytest.mark.parametrize("by_itself", [True, False])
def test_two_tabs_do_not_overwrite_each_other(desk, foreword, by_itself):
    first, second = Editor(desk, foreword), Editor(desk, foreword)
    first.press(**{text_of(foreword): "From the first"})

    send = second.by_itself if by_itself else second.press
    response = send(**{text_of(foreword): "From the second"})

    assert response.status_code == 409
    page = response.content.decode()
    assert "From the first" in page
    assert "From the second" in page
    assert foreword.blocks.get().segment("text", "en").text == "From the first"


def test_a_conflict_is_decided_by_the_next_save(desk, foreword):
    first, second = Editor(desk, foreword), Editor(desk, foreword)
    first.press(**{text_of(foreword): "From the first"})
    refused = second.press(**{text_of(foreword): "From the second"})
    assert refused.status_code == 409

    refused.status_code = 200
    second.read(refused)
    assert second.press().status_code == 302

    segment = foreword.blocks.get().segment("text", "en")
    assert segment.text == "From the second"
    assert segment.earlier.get().text == "From the first"


def test_two_people_in_two_blocks_both_keep_their_text(desk, foreword):
    Editor(desk, foreword).press("add", "text")
    one, two = foreword.blocks.all()
    first, second = Editor(desk, foreword), Editor(desk, foreword)

    first.press(**{f"b{one.pk}_text": "One"})
    assert second.press(**{f"b{two.pk}_text": "Two"}).status_code == 302

    texts = [block.segment("text", "en").text for block in (one, two)]
    assert texts == ["One", "Two"]


@pytest.mark.parametrize("by_itself", [True, False])
def test_what_was_typed_into_a_removed_block_is_shown(desk, foreword, by_itself):
    page = Editor(desk, foreword)
    name = text_of(foreword)
    Editor(desk, foreword).press("remove", foreword.blocks.get().pk)
    assert not foreword.blocks.exists()

    send = page.by_itself if by_itself else page.press
    response = send(**{name: "My long work"})

    assert response.status_code == 409
    assert "My long work" in response.content.decode()


def test_blocks_are_added_moved_and_removed(desk, foreword):
    Editor(desk, foreword).press("add", "quote")
    Editor(desk, foreword).press("add", "table")
    assert kinds(foreword) == ["text", "quote", "table"]

    table = foreword.blocks.get(kind="table")
    Editor(desk, foreword).press("up", table.pk)
    assert kinds(foreword) == ["text", "table", "quote"]

    Editor(desk, foreword).press("down", foreword.blocks.get(kind="text").pk)
    assert kinds(foreword) == ["table", "text", "quote"]

    Editor(desk, foreword).press("remove", table.pk)
    assert kinds(foreword) == ["text", "quote"]


def kinds(section):
    return list(section.blocks.values_list("kind", flat=True))


def test_what_was_typed_is_saved_before_a_button_does_its_work(desk, foreword):
    Editor(desk, foreword).press("add", "quote", **{text_of(foreword): "Typed"})

    assert foreword.blocks.first().segment("text", "en").text == "Typed"


def test_a_block_with_a_text_is_removed_after_a_question(desk, foreword):
    block = foreword.blocks.get()
    page = Editor(desk, foreword)
    response = page.press("remove", block.pk, **{text_of(foreword): "Written"})
    asked = desk.get(response["Location"].partition("#")[0]).content.decode()
    assert "Remove this part" in asked
    assert foreword.blocks.count() == 1

    Editor(desk, foreword).press("remove-surely", block.pk)
    assert foreword.blocks.count() == 0


def test_sections_are_added_moved_and_removed(desk, foreword):
    text = foreword.report
    response = Editor(desk, foreword).press("add-section", new_section="text")
    added = text.sections.get(kind="text")
    assert response["Location"].startswith(added.get_absolute_url())
    assert list(text.sections.all())[1] == added

    Editor(desk, added).press("section-up")
    assert text.sections.first() == added
    Editor(desk, added).press("section-level")
    assert text.sections.get(kind="text").level == 2
    Editor(desk, added).press("section-remove")
    assert not text.sections.filter(kind="text").exists()


def test_a_kind_that_is_there_is_not_offered_again_and_comes_back_whole(desk, foreword):
    text = foreword.report
    summary = section_of(text, kind="summary")
    assert 'value="summary"' not in Editor(desk, foreword).html
    Editor(desk, summary).press("section-remove")
    assert 'value="summary"' in Editor(desk, foreword).html

    Editor(desk, foreword).press("add-section", new_section="summary")
    block = section_of(text, kind="summary").blocks.get()
    assert (block.kind, block.settings) == ("standard", {"name": "summary"})


def test_settings_are_judged_beside_their_field(desk, foreword):
    Editor(desk, foreword).press("add", "boxes")
    block = foreword.blocks.get(kind="boxes")
    assert block.settings == {"by": "country", "count": 6}
    page = Editor(desk, foreword)

    response = page.press(**{f"b{block.pk}_count": "200"})
    assert response.status_code == 400
    assert "less than or equal to 24" in response.content.decode()
    response = page.press(**{f"b{block.pk}_numbers": "WSIS-2026-000001, nonsense"})
    assert response.status_code == 400
    assert "“nonsense” is not the number of a project" in response.content.decode()
    assert Block.objects.get(pk=block.pk).settings == {"by": "country", "count": 6}

    assert page.press(**{f"b{block.pk}_count": "4"}).status_code == 302
    assert Block.objects.get(pk=block.pk).settings == {"by": "country", "count": 4}


def test_a_chart_is_chosen_from_those_of_the_report(desk, foreword):
    Editor(desk, foreword).press("add", "chart")
    block = foreword.blocks.get(kind="chart")
    page = Editor(desk, foreword)
    assert "Projects by region" in page.html

    page.press(**{f"b{block.pk}_chart": "region", f"b{block.pk}_alt": "Seven bars"})
    block.refresh_from_db()
    assert block.settings == {"chart": "region"}
    assert block.segment("alt", "en").text == "Seven bars"


def picture(kind="PNG"):
    file = io.BytesIO()
    Image.new("RGB", (40, 30), "navy").save(file, kind)
    file.seek(0)
    file.name = f"picture.{kind.lower()}"
    return file


def test_a_picture_is_drawn_anew_and_shown_to_its_writers_only(desk, client, foreword):
    Editor(desk, foreword).press("add", "picture")
    block = foreword.blocks.get(kind="picture")

    Editor(desk, foreword).press(**{f"b{block.pk}_file": picture()})
    block.refresh_from_db()
    assert (block.settings["width"], block.settings["height"]) == (40, 30)
    url = block.picture_url
    assert f'src="{url}"' in Editor(desk, foreword).html
    assert desk.get(url)["Content-Type"] == "image/webp"

    client.force_login(UserFactory())
    assert client.get(url).status_code == 404


def test_what_is_no_picture_is_refused_with_a_sentence(desk, foreword):
    Editor(desk, foreword).press("add", "picture")
    block = foreword.blocks.get(kind="picture")
    broken = io.BytesIO(b"<script>alert(1)</script>")
    broken.name = "picture.png"

    response = Editor(desk, foreword).press(**{f"b{block.pk}_file": broken})
    assert response.status_code == 400
    assert 'class="error-message"' in response.content.decode()
    block.refresh_from_db()
    assert block.settings == {}


def test_comments_are_made_counted_and_resolved(desk, foreword):
    block = foreword.blocks.get()
    Editor(desk, foreword).press(**{f"b{block.pk}_comment": "Who signs this?"})
    page = Editor(desk, foreword)
    assert "Who signs this?" in page.html
    assert "1 open comment" in page.html
    assert "1 comment on “Foreword” is open." in page.html

    comment = Comment.objects.get()
    page.press("resolve", comment.pk)
    comment.refresh_from_db()
    assert comment.resolved_by is not None
    page = Editor(desk, foreword)
    assert "open comment" not in page.html
    assert "Resolved" in page.html


def test_a_comment_that_is_too_long_is_refused_and_stays_in_the_page(desk, foreword):
    block = foreword.blocks.get()
    long = "a" * 5001
    response = Editor(desk, foreword).press(**{f"b{block.pk}_comment": long})

    assert response.status_code == 400
    assert long in response.content.decode()
    assert not Comment.objects.exists()


def test_a_translation_is_written_beside_its_original(desk, foreword):
    block = foreword.blocks.get()
    block.write("text", "en", "Dear reader", secretariat())
    page = Editor(desk, foreword, "fr")
    assert "Dear reader" in page.html
    assert "1 of 1 text is missing" in page.html
    assert "Missing: the original is printed" in page.html

    page.press(**{f"b{block.pk}_text": "Chers lecteurs"})
    segment = block.segment("text", "fr")
    assert (segment.text, segment.state) == ("Chers lecteurs", State.TRANSLATED)
    page = Editor(desk, foreword, "fr")
    assert "Nothing is missing" in page.html

    page.press(**{f"b{block.pk}_text_state": "approved"})
    block = foreword.blocks.get()
    assert block.segment("text", "fr").state == State.APPROVED
    assert not block.segments.exclude(language__in=["en", "fr"]).exists()


def test_a_translation_is_out_of_date_until_somebody_has_read_it(desk, foreword):
    block = foreword.blocks.get()
    block.write("text", "en", "Dear reader", secretariat())
    block.write("text", "fr", "Chers lecteurs", secretariat())
    block.write("text", "en", "Dear readers", secretariat())
    page = Editor(desk, foreword, "fr")
    assert "Out of date: the original has changed" in page.html

    page.press("confirm", f"b{block.pk}-text")
    assert "Out of date" not in Editor(desk, foreword, "fr").html
    block = foreword.blocks.get()
    assert block.segment("text", "fr").text == "Chers lecteurs"


def test_a_script_is_text(desk, foreword):
    script = '<script>alert("x")</script> **bold** <img src=x onerror=alert(1)>'
    Editor(desk, foreword).press(**{text_of(foreword): script})

    for page in (
        Editor(desk, foreword).html,
        desk.get(reverse("reports:edit-preview", args=pks(foreword))).content.decode(),
    ):
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "alert(&quot;x&quot;)" in page


def test_the_preview_draws_markdown_and_counts(desk, foreword):
    ProjectFactory(year=2024)
    foreword.blocks.get().write(
        "text", "en", "**Now** there are {{total}} projects.", secretariat()
    )
    page = desk.get(reverse("reports:edit-preview", args=pks(foreword)))

    html = compact(page.content.decode())
    assert "<strong>Now</strong>" in html
    assert "{{" not in html
    assert "<bdi>1</bdi></a>" in html


def test_a_key_number_is_judged_beside_its_field(desk, foreword):
    Editor(desk, foreword).press("add", "key_number")
    block = foreword.blocks.get(kind="key_number")
    page = Editor(desk, foreword)

    refused = page.press(**{f"b{block.pk}_token": "{{many}}"})
    assert refused.status_code == 400
    assert "“many” is not a word for a living number" in refused.content.decode()
    claim = "{{largest: region=ARB, year=2024 | the largest}}"
    refused = page.press(**{f"b{block.pk}_token": claim})
    assert "these are words about numbers" in refused.content.decode()

    page.press(**{f"b{block.pk}_token": "total"})
    block.refresh_from_db()
    assert block.settings == {"token": "{{total}}"}


def pks(section):
    return [section.report_id, section.pk]


def test_the_preview_shows_the_original_where_a_language_lacks_a_text(desk, foreword):
    foreword.blocks.get().write("text", "en", "Dear reader", secretariat())
    url = reverse("reports:edit-preview", args=pks(foreword))

    page = desk.get(f"{url}?language=fr", headers={"HX-Request": "true"})
    html = page.content.decode()
    assert "<html" not in html
    assert "Avant-propos" in html or "Foreword" in html
    with translation.override("fr"):
        assert gettext("Not translated yet") in html
    assert 'lang="en"' in html


def test_earlier_texts_can_be_read(desk, foreword):
    block = foreword.blocks.get()
    block.write("text", "en", "The first text", secretariat())
    block.write("text", "en", "Another text", secretariat())

    page = desk.get(reverse("reports:edit-earlier", args=pks(foreword)))
    assert "The first text" in page.content.decode()


def test_a_text_of_20000_words_is_kept_and_a_longer_one_is_refused(desk, foreword):
    words = "word " * 19_999 + "end"
    assert len(words) < 100_001
    assert Editor(desk, foreword).press(**{text_of(foreword): words}).status_code == 302
    stored = foreword.blocks.get().segment("text", "en").text
    assert stored == words

    response = Editor(desk, foreword).press(**{text_of(foreword): "a" * 100_001})
    assert response.status_code == 400
    assert "at most 100000 characters" in response.content.decode()
    assert foreword.blocks.get().segment("text", "en").text == words


@pytest.mark.parametrize(
    ("button", "value"),
    [
        ("add", "nonsense"),
        ("add-section", "1"),
        ("up", "x"),
        ("remove", "999999999999999999999"),
        ("resolve", "-1"),
    ],
)
def test_bad_input_is_never_an_error_of_ours(desk, foreword, button, value):
    response = Editor(desk, foreword).press(button, value, new_section="nonsense")

    assert response.status_code in {302, 404}
    assert foreword.blocks.count() == 1


def test_the_page_asks_the_same_for_one_block_and_for_ten(
    desk, foreword, django_assert_num_queries, django_assert_max_num_queries
):
    url = foreword.get_absolute_url()
    desk.get(url)
    with django_assert_max_num_queries(30) as before:
        desk.get(url)
    for position in range(2, 12):
        block = foreword.blocks.create(kind="quote", position=position)
        block.write("text", "en", "Words", secretariat())
    with django_assert_num_queries(len(before)):
        desk.get(url)


def test_the_page_says_how_living_numbers_are_written(client):
    """Each example that it gives is understood as it stands."""
    client.force_login(secretariat())
    page = Editor(client, section_of(report(), kind="foreword")).html

    examples = re.findall(r"{{(.+?)}}", page.partition("numbers that stay true")[2])
    assert len(examples) == 6
    for example in examples:
        parse(html.unescape(example))
