"""The reports page says when the next report of each series is due."""

import datetime

import pytest
from django.urls import reverse

from reports.schedule.models import Schedule

pytestmark = pytest.mark.django_db
DAY = datetime.date(2027, 5, 4)


def page(client):
    return client.get(reverse("reports:publications")).content.decode()


def test_each_active_schedule_is_public(client):
    Schedule.objects.create(series="global", next_on=DAY, source_note="day unconfirmed")
    Schedule.objects.create(series="regional", every_region=True, next_on=DAY)
    Schedule.objects.create(series="roadmap_state", next_on=DAY, is_active=False)

    html = page(client)

    part = html.split('id="next"')[1].split("</section>")[0]
    assert part.count("Due on 4 May 2027") == 2
    assert part.count("Unconfirmed") == 1
    assert "Regional stocktaking report · each region" in part
    assert "State of the WSIS+20 roadmap" not in part


def test_without_a_schedule_nothing_is_promised(client):
    assert "Next reports" not in page(client)
