"""News of agencies as an Atom feed."""

import datetime
from typing import Any

from django.contrib.syndication.views import Feed
from django.urls import reverse_lazy
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext_lazy as _

from roadmap.position.models import PositionVersion

ENTRIES = 50


class Updates(Feed):
    """The newest published positions of all agencies."""

    feed_type = Atom1Feed
    title = _("WSIS+20 roadmap: updates of all agencies")
    subtitle = _("Positions of agencies on the milestones, the newest first.")
    link = reverse_lazy("roadmap:updates")

    def items(self) -> Any:
        return PositionVersion.objects.newest().for_list()[:ENTRIES]

    def item_title(self, item: PositionVersion) -> str:
        return f"{item.agency.short}: {item.milestone.title} – {item.get_completion_display()}"

    def item_description(self, item: PositionVersion) -> str:
        return str(item.text)

    def item_pubdate(self, item: PositionVersion) -> datetime.datetime | None:
        return item.published_at

    def item_updateddate(self, item: PositionVersion) -> datetime.datetime | None:
        return item.published_at

    def item_guid(self, item: PositionVersion) -> str:
        return f"tag:wsis-portal,2026:position-{item.pk}"

    def item_link(self, item: PositionVersion) -> str:
        return str(item.get_absolute_url())
