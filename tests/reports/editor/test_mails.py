"""Mails to the people who write a report: named as editor, and comments, several in one."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from common.mail.models import OutgoingMail
from reports.editor.tasks import tell_of_comments
from reports.report.segments import Comment
from tests.admin.pages import Form
from tests.factories import UserFactory
from tests.reports.records import secretariat
from tests.reports.report.pages import Editor
from tests.reports.report.records import report, section_of

pytestmark = pytest.mark.django_db


def mails_to(user):
    return list(OutgoingMail.objects.filter(to=user.email).order_by("pk"))


def some_time_later():
    Comment.objects.update(at=timezone.now() - datetime.timedelta(minutes=11))


@pytest.fixture
def foreword():
    return section_of(report(), kind="foreword")


def commented(client, section, text, user):
    client.force_login(user)
    block = section.blocks.first()
    Editor(client, section).press("save", block.pk, **{f"b{block.pk}_comment": text})


def test_whoever_is_named_as_editor_in_the_admin_gets_a_mail_once(client):
    whole, person = report(), UserFactory(language="fr")
    client.force_login(secretariat())
    url = reverse("admin:reports_report_change", args=[whole.pk])
    data = Form(client.get(url).content.decode(), "report_form").data
    data |= {"editorships-0-user": str(person.pk)}

    assert client.post(url, data).status_code == 302
    (mail,) = mails_to(person)
    assert f"/fr/reports/editions/{whole.pk}/edit/?sign-in" in mail.body

    again = Form(client.get(url).content.decode(), "report_form").data
    assert client.post(url, again).status_code == 302
    assert len(mails_to(person)) == 1


def test_comments_of_others_come_together_in_one_mail(client, foreword):
    editor, other = UserFactory(), secretariat()
    foreword.report.editorships.create(user=editor)
    commented(client, foreword, "Too long", other)
    commented(client, foreword, "And no source", other)
    commented(client, foreword, "I shorten it", editor)

    assert tell_of_comments() == 0  # more may come
    some_time_later()
    assert [tell_of_comments(), tell_of_comments()] == [1, 0]

    (mail,) = mails_to(editor)
    assert mail.subject.startswith("2 new comments:")
    assert "Too long" in mail.body
    assert "And no source" in mail.body
    assert "I shorten it" not in mail.body
    assert mails_to(other) == []


def test_nobody_is_told_of_a_comment_that_is_resolved(client, foreword):
    editor = UserFactory()
    foreword.report.editorships.create(user=editor)
    commented(client, foreword, "Too long", secretariat())
    Comment.objects.update(resolved_at=timezone.now(), resolved_by=editor)
    some_time_later()

    tell_of_comments()

    assert mails_to(editor) == []


def test_a_translation_that_goes_out_of_date_is_not_mailed(client, foreword):
    editor = UserFactory()
    foreword.report.editorships.create(user=editor)
    block = foreword.blocks.first()
    block.write("text", "en", "One", editor)
    block.write("text", "fr", "Un", editor)
    block.write("text", "en", "Two", secretariat())

    tell_of_comments()

    assert mails_to(editor) == []
