"""News about what members follow, from the change log since their last mail."""

from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now
from django.http import QueryDict
from django.utils import translation

from accounts.user.models import User
from common.mail import outbox
from common.records.models import Change, RecordVersion
from stocktaking.export.feeds import title_of
from stocktaking.follow.models import PAUSES, Follow, Rhythm, latest_position
from stocktaking.project.changes import RECORD_KIND
from stocktaking.project.models import Project
from stocktaking.search.filters import ProjectSearch

LISTED = 20  # projects per thing followed; a link leads to the others


NEW = (Change.Kind.CREATE, Change.Kind.PUBLISH)


class News(NamedTuple):
    """What is new about one followed thing: titles with addresses, and how many more there are."""

    follow: Follow
    title: str
    projects: list[Project]
    more: int
    changes: list[Change]


def name_of(follow: Follow) -> str:
    """The name of what is followed, in the language of the page or mail."""
    if follow.project or follow.organization:
        return str(follow)
    return title_of(ProjectSearch(QueryDict(follow.query)))


@transaction.atomic
def send_to(user_id: int) -> None:
    """Mail this member what is new and store how far the log was read, in one transaction.

    The rows are locked, so of two workers one finds nothing due. Rows without news are moved
    forward too, and no mail is sent when none has any.
    """
    due = (
        Follow.objects.due()
        .filter(user=user_id)
        .select_for_update(skip_locked=True, of=("self",))
    )
    follows = list(due.select_related("organization", "project").order_by("pk"))
    upto = latest_position()
    if not follows:
        return
    user = User.objects.get(pk=user_id)
    with translation.override(user.language):
        news = [piece for follow in follows if (piece := news_of(follow, upto))]
    for follow in follows:
        follow.transaction, follow.change_id = upto
        follow.next_at = Now() + PAUSES[Rhythm(follow.rhythm)]
    Follow.objects.bulk_update(follows, ["transaction", "change_id", "next_at"])
    if news:
        outbox.send("stocktaking/digest", user, {"news": news})


def news_of(follow: Follow, upto: tuple[int, int]) -> News | None:
    """What happened after the row's position, up to another one; None when nothing did."""
    log = Change.objects.after((follow.transaction, follow.change_id))
    log = log.filter(record_kind=RECORD_KIND)
    if follow.project:
        # A new name of its country is no news of the project: its own text has a version of it.
        text = RecordVersion.objects.of(follow.project).filter(
            version=OuterRef("version"),
            content_hash=OuterRef("content_hash"),
        )
        own = log.filter(record_id=str(follow.project_id))
        own = own.filter(~Q(kind=Change.Kind.UPDATE) | Exists(text))
        changes = [change for change in own if (change.transaction, change.pk) <= upto]
        return News(follow, str(follow), [], 0, changes) if changes else None
    rows = log.filter(kind__in=NEW).values_list("transaction", "pk", "record_id")
    ids = {
        int(record)
        for txid, pk, record in rows
        if (txid, pk) <= upto and record.isdecimal()
    }
    ids -= _known_before(follow, ids)
    matches = _matching(follow, ids)
    if not matches:
        return None
    listed = Project.objects.cards(matches[:LISTED])
    projects = [listed[pk] for pk in matches[:LISTED] if pk in listed]
    return News(follow, name_of(follow), projects, len(matches) - len(projects), [])


def _known_before(follow: Follow, ids: set[int]) -> set[int]:
    """Projects that were public before the position: publishing them again is no news."""
    rows = Change.objects.filter(
        record_kind=RECORD_KIND, record_id__in=[str(pk) for pk in ids], kind__in=NEW
    ).values_list("transaction", "pk", "record_id")
    position = (follow.transaction, follow.change_id)
    return {int(record) for txid, pk, record in rows if (txid, pk) <= position}


def _matching(follow: Follow, ids: set[int]) -> list[int]:
    """Those of these projects that are published and match the follow, newest first."""
    if not ids:
        return []
    if follow.organization_id:
        own = Project.objects.newest().filter(
            organization=follow.organization_id, pk__in=ids
        )
        return list(own.values_list("pk", flat=True))
    data: Any = QueryDict(follow.query, mutable=True)
    data["sort"] = "newest"
    search = ProjectSearch(data, strict=True)  # a mail is sent for exact matches only
    return [pk for pk in search.pks(search.total) if pk in ids]
