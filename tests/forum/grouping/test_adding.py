"""One more input for a group: found by number or words, told to its author as the others were, kept
in the history of the group; all groups in the admin."""

import datetime

import pytest
from django.contrib.admin.models import LogEntry
from django.utils import timezone

from common.mail.models import OutgoingMail
from forum.grouping.models import MOST_INPUTS, InputGroup
from tests.factories import UserFactory
from tests.forum.grouping.test_grouping import desk, press, queries, read, sent
from tests.forum.records import EditionFactory, grouped_inputs

pytestmark = pytest.mark.django_db
__all__ = ["desk"]
LIST = "/en/admin/forum/inputgroup/"


def found(client, group, words):
    return read(client, f"{group.get_absolute_url()}?q={words}")


@pytest.mark.parametrize("words", ["صواري", "VILLAGES ONLINE", "Fisheries", None])
def test_an_input_is_found_by_title_organization_or_number(desk, words):
    group = grouped_inputs(sent("A"), sent("B"))
    one = sent("صواري: Villages online", organization_name="Fisheries Board")
    apart = sent("Prizes for schools", organization_name="Board of schools")

    page = found(desk, group, words or one.number)

    assert f"{one.number} Thematic aspects Fisheries Board" in page
    assert "Add to the group : " + one.number in page
    assert apart.number not in page


def test_what_is_answered_grouped_or_of_another_edition_is_not_found(desk):
    group = grouped_inputs(sent("A"), sent("B"))
    sent("Masts noted", status="noted")
    sent("Masts elsewhere", edition=EditionFactory(slug="2026"))
    grouped_inputs(sent("Masts grouped"), sent("Other"))

    page = found(desk, group, "Masts")

    assert "No such input waits for an answer outside a group." in page
    assert "Add to the group" not in page


@pytest.mark.parametrize("words", ["x" * 500, "%25", "9" * 40, "%EF%BF%BD"])
def test_odd_words_find_nothing(desk, words):
    group = grouped_inputs(sent("A"), sent("B"))
    one = sent("Masts")

    answer = desk.get(f"{group.get_absolute_url()}?q={words}")

    assert answer.status_code == 200
    assert one.number not in answer.content.decode()


def test_before_the_authors_are_told_nobody_is_written_to(desk):
    group = grouped_inputs(sent("A"), sent("B"))
    one = sent("Masts")

    page = press(desk, group, add=str(one.pk))

    assert "The input is in the group." in page
    assert "told by e-mail" not in page
    assert one.grouped.group == group
    assert not OutgoingMail.objects.exists()


def test_an_author_who_comes_later_is_told_and_has_a_week(desk):
    first = sent("A")
    group = grouped_inputs(first, sent("B"), name="Villages online")
    group.ask()
    yesterday = timezone.now().date() - datetime.timedelta(days=1)
    InputGroup.objects.filter(pk=group.pk).update(object_by=yesterday)
    one = sent("Masts")
    OutgoingMail.objects.all().delete()

    page = press(desk, group, add=str(one.pk))

    mail = OutgoingMail.objects.get()
    group.refresh_from_db()
    assert "1 author is told by e-mail." in page
    assert mail.to == one.owner.email
    assert "under the theme “Villages online”" in mail.body
    assert f"- {first.number} A" in mail.body
    today = group.edition.local_day(timezone.now())
    assert (group.object_by - today).days == 7


def test_who_added_and_took_out_what_is_told_on_the_page_and_in_the_admin(desk):
    group = grouped_inputs(sent("A"), sent("B"))
    one = sent("Masts")
    press(desk, group, add=str(one.pk))
    press(desk, group, out=str(one.grouped.pk))

    page = read(desk, group.get_absolute_url())
    arabic = read(desk, group.get_absolute_url().replace("/en/", "/ar/"))
    history = read(desk, f"{LIST}{group.pk}/history/")

    assert f"Added submission “{one.number}”." in page
    assert f"Deleted submission “{one.number}”." in page
    assert f"Added submission “{one.number}”." in history
    assert one.number in arabic
    assert "Added submission" not in arabic
    user = LogEntry.objects.latest("pk").user
    assert str(user) in page


def test_a_dissolved_group_leaves_its_name_in_the_log(desk):
    group = grouped_inputs(sent("A"), sent("B"), name="صواري القرى")

    press(desk, group, dissolve="1")

    entry = LogEntry.objects.get()
    assert (entry.object_repr, entry.is_deletion()) == ("صواري القرى", True)


def test_a_refusal_is_told_and_not_logged(desk):
    group = grouped_inputs(sent("A"), sent("B"))
    other = sent("C")
    grouped_inputs(other, sent("D"))

    page = press(desk, group, add=str(other.pk))
    strange = press(desk, group, add="9" * 40)

    sentence = "This input has been answered, or is in a group already."
    assert sentence in page
    assert sentence in strange
    assert group.members.count() == 2
    assert not LogEntry.objects.exists()


def test_a_group_has_room_for_so_many(desk, monkeypatch):
    monkeypatch.setattr("forum.grouping.models.MOST_INPUTS", 2)
    group = grouped_inputs(sent("A"), sent("B"))
    one = sent("C")

    page = press(desk, group, add=str(one.pk))

    assert MOST_INPUTS > 2
    assert "A group has at most 2 inputs." in page
    assert group.members.count() == 2


def test_once_answered_nothing_joins(desk):
    group = grouped_inputs(sent("A"), sent("B"))
    group.ask()
    past = timezone.now().date() - datetime.timedelta(days=1)
    InputGroup.objects.filter(pk=group.pk).update(object_by=past)
    one = sent("Masts")
    press(desk, group, settle="1")

    page = press(desk, group, add=str(one.pk))

    assert "This group has been answered." in page
    assert "Add an input" not in read(desk, group.get_absolute_url())
    assert not hasattr(one, "grouped")


def test_the_page_says_which_authors_were_told(desk):
    first = sent("A", owner=UserFactory(first_name="Amina", last_name="Otieno"))
    group = grouped_inputs(first, sent("B"))
    before = read(desk, group.get_absolute_url())
    press(desk, group, ask="1")

    after = read(desk, group.get_absolute_url())

    assert before.count("not told yet") == 2
    assert "Author: Amina Otieno" in after
    assert after.count("told by e-mail:") == 2
    assert "(Geneva time)" in after


def test_the_list_in_the_admin_leads_to_the_page_of_each_group(desk):
    group = grouped_inputs(sent("A"), sent("B"), name="Villages online")
    group.ask()
    group.members.first().object(None, "")
    other = EditionFactory(slug="2026", title="Forum of the past")
    grouped_inputs(sent("C", edition=other), sent("D", edition=other), name="Old")

    page = desk.get(LIST).content.decode()
    filtered = read(desk, f"{LIST}?edition__id__exact={other.pk}")

    assert f'href="{group.get_absolute_url()}"' in page
    assert "Villages online" in page
    assert "Villages online" not in filtered
    assert "Old" in filtered
    row = read(desk, f"{LIST}?q=villages").partition("Villages online")[2]
    assert row.split("Open the group")[0].split()[:4] == ["Forum", "2027", "2", "1"]


def test_the_list_asks_the_same_number_of_queries_for_one_row_and_ten(desk):
    grouped_inputs(sent("A"), sent("B"))
    before = queries(desk, LIST)
    for number in range(9):
        grouped_inputs(sent(f"C{number}"), sent(f"D{number}"))

    assert queries(desk, LIST) == before
