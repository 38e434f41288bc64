"""Reading a version: its contents, a page of it at a time, and the search in it."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.core.exceptions import BadRequest
from django.db.models import QuerySet
from django.db.models.fields.json import KT
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from common.limits.throttle import throttled
from common.text.collation import holding
from common.text.digits import BIGGEST_INTEGER, whole_number
from common.text.folding import fold_loosely
from common.text.words import sentences
from reports.builders.series import builder_of
from reports.markup.nodes import plain
from reports.markup.pages import Part
from reports.output.models import Snapshot, SnapshotRecord
from reports.publication.models import Publication
from reports.publication.views import (
    NOT_STATED,
    RECORDS_ON_PAGE,
    report_context,
    version_of,
)

MAX_QUERY = 200  # characters
SEARCHED = ("title", "organization", "country", "number")  # of a record
LINES = ("heading", "label", "caption", "attribution")  # passages of a block


class Hit(NamedTuple):
    heading: str
    address: str
    sentence: str


@require_safe
def page(request: HttpRequest, pk: int, version: int, number: int) -> HttpResponse:
    """One page of a long report; the first is the report's own."""
    publication, snapshot = version_of(request, pk, version)
    if number == 1:
        return redirect("reports:version", publication.pk, snapshot.version)
    context = report_context(request, publication, snapshot, number)
    if context["page"] is None:
        raise Http404
    context |= {
        "publication": publication,
        "is_earlier": snapshot.version != publication.published_version,
    }
    return render(request, "reports/publication/page.html", context)


@require_safe
@throttled("report-search", 60, 60)
def search(request: HttpRequest, pk: int, version: int) -> HttpResponse:
    """Sentences and records of a version that have all the words."""
    publication, snapshot = version_of(request, pk, version)
    text = request.GET.get("q", "").strip()[:MAX_QUERY]
    after = whole_number(request.GET.get("after", "0"))
    if after is None:
        raise BadRequest
    context: dict[str, Any] = {
        "publication": publication,
        "snapshot": snapshot,
        "q": text,
        "hits": [],
        "records": [],
    }
    if text:
        records = list(
            holding(searchable(snapshot), text, *SEARCHED)
            .filter(position__gt=min(after, BIGGEST_INTEGER))
            .order_by("position")[: RECORDS_ON_PAGE + 1]
        )
        context |= {
            "hits": [] if after else list(hits_in(publication, snapshot, text)),
            "records": [
                {"row": row, "address": address_of(publication, snapshot, row)}
                for row in records[:RECORDS_ON_PAGE]
            ],
            "more": len(records) > RECORDS_ON_PAGE,
        }
    return render(request, "reports/publication/search.html", context)


def searchable(snapshot: Snapshot) -> QuerySet[SnapshotRecord]:
    return snapshot.records.alias(**{name: KT(f"content__{name}") for name in SEARCHED})


def address_of(
    publication: Publication, snapshot: Snapshot, record: SnapshotRecord
) -> str:
    """Where this version shows the record: at the head of a page of its chapter."""
    builder = builder_of(publication)
    if builder.INLINE or not builder.CHAPTERS:
        return reverse("reports:version", args=[publication.pk, snapshot.version])
    chapter = reverse(
        "reports:chapter", args=[publication.pk, record.chapter or NOT_STATED]
    )
    return f"{chapter}?version={snapshot.version}&after={record.position - 1}"


def hits_in(publication: Publication, snapshot: Snapshot, text: str) -> Iterator[Hit]:
    """The sections in which all words stand, each with the first sentence that has one."""
    words = fold_loosely(text).split()
    for heading, address, said in sections_of(publication, snapshot):
        folded = fold_loosely(f"{heading}\n{said}")
        if all(word in folded for word in words):
            yield Hit(heading, address, sentence_with(said, words))


def sentence_with(said: str, words: list[str]) -> str:
    for sentence in sentences(said):
        folded = fold_loosely(sentence)
        if any(word in folded for word in words):
            return sentence
    return ""


def sections_of(
    publication: Publication, snapshot: Snapshot
) -> Iterator[tuple[str, str, str]]:
    """(heading, address, words) of each section of the text."""
    start = reverse("reports:version", args=[publication.pk, snapshot.version])
    texts = snapshot.texts
    for plan in texts.get("sections", []):
        address = f"{start}#s-{plan['name']}"
        yield plan["heading"], address, "\n".join(plan["paragraphs"])
    for leaf in snapshot.every_page():
        for part in leaf.parts:
            address = address_of_part(publication, snapshot, leaf.number, part)
            yield part["heading"]["text"], address, words_of_part(part, texts)


def address_of_part(
    publication: Publication, snapshot: Snapshot, number: int, part: Part
) -> str:
    place = [publication.pk, snapshot.version]
    if number == 1:
        address = reverse("reports:version", args=place)
    else:
        address = reverse("reports:page", args=[*place, number])
    return f"{address}#s-{part['id']}"


def words_of_part(part: Part, texts: dict[str, Any]) -> str:
    """What a reader finds written in the part: by editors, and by the portal itself."""
    said: list[str] = []
    for block in part["blocks"]:
        if block["kind"] == "standard":
            standard = texts.get(block["name"], [])
            said += standard if isinstance(standard, list) else []
        said.append(plain(block.get("nodes", [])))
        said += [block[name]["text"] for name in LINES if name in block]
    return "\n".join(said)
