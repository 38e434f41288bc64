"""Times are typed and read by the clock of the place, whose name stands beside them."""

import datetime
import re
import zoneinfo

import pytest
from django.contrib import admin
from django.db import models
from django.urls import reverse
from django.utils import timezone, translation

from accounts.role.roles import Role
from accounts.user.models import User
from common.dates import zones
from common.dates.zones import NamedZone, in_words
from tests.factories import UserFactory

UTC = datetime.UTC
LANGUAGES = ("ar", "zh-hans", "en", "fr", "ru", "es")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "key", ["Europe/Zurich", "Asia/Kathmandu", "America/St_Johns", "UTC"]
)
def test_a_moment_names_its_zone_in_every_language(language, key):
    moment = datetime.datetime(2027, 4, 14, 21, tzinfo=UTC)

    with translation.override(language):
        text, label = in_words(moment, NamedZone(key)), zones.zone_label(key)

    assert text.endswith(f"({label})")
    assert f"{moment.astimezone(zoneinfo.ZoneInfo(key)):%H:%M}" in text


def test_the_hour_that_comes_twice_says_which_of_the_two():
    first = datetime.datetime(2027, 10, 31, 0, 30, tzinfo=UTC)
    second = first + datetime.timedelta(hours=1)

    assert in_words(first, zones.geneva()).endswith("02:30 (Geneva time, UTC+02:00)")
    assert in_words(second, zones.geneva()).endswith("02:30 (Geneva time, UTC+01:00)")


def datetime_fields(model):
    return [
        f
        for f in model._meta.fields
        if isinstance(f, models.DateTimeField) and f.editable
    ]


DESKS = sorted(admin.site._registry.items(), key=lambda row: row[0]._meta.label)


@pytest.mark.django_db
def test_every_time_of_every_form_at_the_desk_names_its_zone(rf):
    """Of our desks, their inlines, and those of packages; whoever adds one need not think of it."""
    request, seen = rf.get("/"), set()
    for model, desk in DESKS:
        for part in [desk, *(inline(model, admin.site) for inline in desk.inlines)]:
            for column in datetime_fields(part.model):
                field = part.formfield_for_dbfield(column, request)
                with timezone.override(NamedZone("Asia/Kathmandu")):
                    html = field.widget.render(column.name, None, {"id": "id_it"})
                assert 'id="id_it_zone">time of Kathmandu<' in html, (model, column)
                seen.add(str(column))

    expected = {
        "prizes.Extension.new_end",
        "forum.Session.start",
        "mfa.Authenticator.created_at",
    }
    assert expected < seen


@pytest.mark.django_db
def test_lists_and_pages_of_the_desk_name_the_zone_of_every_time(client):
    """Whatever a clerk's profile says; no raw “2026-11-28 21:08:53+00:00” either."""
    user = UserFactory(
        role=Role.ADMINISTRATOR, is_superuser=True, time_zone="America/New_York"
    )
    client.force_login(user)
    User.objects.filter(pk=user.pk).update(
        last_login=datetime.datetime(2026, 7, 1, 21, tzinfo=UTC)
    )

    page = client.get(
        reverse("admin:accounts_user_change", args=[user.pk])
    ).content.decode()
    rows = client.get(reverse("admin:accounts_user_changelist")).content.decode()

    assert "1 July 2026, 23:00 (Geneva time)" in page
    assert "1 July 2026, 23:00 (Geneva time)" in rows
    assert not re.search(r"\+00:00|New York", page.replace("New_York", ""))
