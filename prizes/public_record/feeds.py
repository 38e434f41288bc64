"""The roots of a vote as an Atom feed, so that programs of others keep them."""

import datetime
from typing import Any

from django.contrib.syndication.views import Feed
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _

from prizes.contest.models import Contest
from prizes.public_record.models import Root

ROOTS = 48  # two days, so that a program that misses one loses nothing


class Roots(Feed):
    feed_type = Atom1Feed

    def get_object(self, request: HttpRequest, edition: str) -> Contest:
        return get_object_or_404(Contest, slug=edition)

    def title(self, contest: Contest) -> str:
        return _("%(contest)s: roots of the vote") % {"contest": contest}

    def subtitle(self, contest: Contest) -> str:
        return _("One hash an hour over all votes; keep them to check the result.")

    def link(self, contest: Contest) -> str:
        return reverse("prizes:record", args=[contest.slug])

    def items(self, contest: Contest) -> Any:
        rows = Root.objects.of_contest(contest).select_related("contest")
        return rows[:ROOTS]

    def item_title(self, root: Any) -> str:
        values = {"number": root.number, "events": root.events}
        return _("Root %(number)d: %(events)d events") % values

    def item_description(self, root: Any) -> str:
        return str(root.hash)

    def item_link(self, root: Any) -> str:
        return str(root.get_absolute_url())

    def item_guid(self, root: Any) -> str:
        return f"prizes/{root.contest.slug}/root/{root.number}/{root.hash}"

    item_guid_is_permalink = False

    def item_pubdate(self, root: Any) -> datetime.datetime:
        return root.at  # type: ignore[no-any-return]

    item_updateddate = item_pubdate
