"""News of the prizes as an Atom feed: phases that opened, nominees, results."""

import datetime
from typing import Any, NamedTuple

from django.contrib.syndication.views import Feed
from django.db.models.functions import Now
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from common.dates.zones import in_words
from prizes.contest.models import Contest, Extension, Phase

ITEMS = 30


class Item(NamedTuple):
    key: str
    title: str | Promise
    link: str
    at: datetime.datetime


class News(Feed):
    """Derived from the dates of the contests; nothing is stored."""

    feed_type = Atom1Feed
    title = _("WSIS Prizes")
    subtitle = _("Phases that opened, deadlines that changed, nominees and results")
    link = reverse_lazy("prizes:contests")

    def items(self) -> list[Item]:
        """The latest news, newest first."""
        now = timezone.now()
        items = [self._opened(p) for p in _phases()]
        items += [self._moved(e) for e in Extension.objects.announced()[:ITEMS]]
        for contest in Contest.objects.real():
            for at, name, sentence in (
                (contest.champions_at, "champions", _("%(contest)s: the champions")),
                (contest.winners_at, "winners", _("%(contest)s: the winners")),
            ):
                if at and at <= now:
                    link = reverse("prizes:results", args=[contest.slug])
                    title = sentence % {"contest": contest}
                    items.append(Item(f"{contest.slug}/{name}", title, link, at))
        return sorted(items, key=lambda item: item.at, reverse=True)[:ITEMS]

    @staticmethod
    def _opened(phase: Phase) -> Item:
        sentence = _("%(contest)s: %(phase)s has begun")
        if phase.kind == Phase.Kind.VOTING:
            sentence = _("%(contest)s: nominees announced, voting is open")
        title = sentence % {"contest": phase.contest, "phase": phase.get_kind_display()}
        return Item(
            f"{phase.contest.slug}/{phase.kind}",
            title,
            phase.contest.get_absolute_url(),
            phase.opens_at or timezone.now(),
        )

    @staticmethod
    def _moved(extension: Extension) -> Item:
        """A deadline that was changed, in the zone of the contest, with the reason."""
        phase = extension.phase
        sentence = _("%(contest)s: %(phase)s now closes on %(end)s. %(reason)s")
        title = sentence % {
            "contest": phase.contest,
            "phase": phase.get_kind_display(),
            "end": in_words(extension.new_end, phase.contest.zone),
            "reason": extension.reason,
        }
        at = extension.at or extension.new_end
        key = f"{phase.contest.slug}/{phase.kind}/{extension.pk}"
        return Item(key, title, phase.contest.get_absolute_url(), at)

    def item_title(self, item: Item) -> Any:
        return item.title

    def item_description(self, item: Item) -> Any:
        return item.title

    def item_link(self, item: Item) -> str:
        return str(item.link)

    def item_guid(self, item: Item) -> str:
        return f"prizes/{item.key}"

    item_guid_is_permalink = False

    def item_pubdate(self, item: Item) -> datetime.datetime:
        return item.at

    item_updateddate = item_pubdate


def _phases() -> Any:
    return (
        Phase.objects.filter(opens_at__lte=Now(), contest__is_demonstration=False)
        .exclude(kind=Phase.Kind.SELECTION)
        .select_related("contest")
        .order_by("-opens_at")[:ITEMS]
    )
