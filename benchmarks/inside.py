"""Measured inside one process: search, one pass of SQL, textbook view, API; figures as JSON."""

import json
import resource
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

import django

django.setup()

from django.core.cache import cache
from django.db import connection
from django.http import QueryDict
from rest_framework.test import APIRequestFactory

from benchmarks import one_pass
from benchmarks.cases import Question, questions
from benchmarks.textbook import TextbookList
from common.search.query import parse
from stocktaking.page.api import ProjectViewSet
from stocktaking.project.models import Project
from stocktaking.search.filters import ProjectSearch
from stocktaking.search.index import (
    FacetIndex,
    current_index,
)
from stocktaking.search.similar import already_entered

FLAT = """
CREATE TABLE IF NOT EXISTS bench_flat AS
    SELECT r.*, t.whole FROM {rows} AS r JOIN stocktaking_projectwords t ON t.project_id = r.id;
CREATE INDEX IF NOT EXISTS bench_flat_text ON bench_flat USING gin (whole);
CREATE INDEX IF NOT EXISTS bench_flat_newest ON bench_flat (published_at DESC, id DESC);
ANALYZE bench_flat;
"""
FOUND_BY_TEXT = "whole @@ search_query(%(text)s, %(configurations)s::regconfig[])"
SEARCHES, SLOW_ONES = 70, 5  # how often each is asked

api = ProjectViewSet.as_view({"get": "list"}, throttle_classes=[])
textbook = TextbookList.as_view()
requests = APIRequestFactory()


def search(question: Question) -> None:
    """All that the list page shows: total, facets, chips, a page."""
    found = ProjectSearch(QueryDict(question.query))
    assert found.is_valid, found.errors  # noqa: S101
    _shown = (found.total, found.facets, found.chips, found.page(question.page))


def by_one_pass(question: Question) -> None:
    text, parameters = "TRUE", {}
    if question.text:
        query, _cut = parse(question.text)
        text = FOUND_BY_TEXT
        parameters = {
            "text": query.wanted,
            "configurations": list(query.configurations),
        }
    one_pass.counts(question.chosen, "bench_flat", text, parameters)


def ask(view: Callable[..., Any], query: str) -> None:
    response = view(requests.get(f"/?{query}", HTTP_HOST="localhost"))
    assert response.status_code == 200, response.data  # noqa: S101
    response.render()


def timed(action: Callable[[Any], None], asked: Iterable[Any]) -> list[float]:
    """Milliseconds of each; results of texts are forgotten before every one."""
    times = []
    for question in asked:
        index = current_index()
        index.text.cache_clear()
        index.ranked.cache_clear()
        started = time.perf_counter()
        action(question)
        times.append((time.perf_counter() - started) * 1000)
    return sorted(times)


def say(name: str, times: list[float], against: str = "", kind: str = "") -> None:
    """One figure for the table; `against` names what the ratio is taken to."""
    figure = {
        "name": name,
        "kind": kind,
        "against": against,
        "p50_ms": times[len(times) // 2],
        "p95_ms": times[int(len(times) * 0.95)],
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
    sys.stdout.write(json.dumps(figure) + "\n")
    sys.stdout.flush()


def measure_searches() -> None:
    for kind, asked in questions(SEARCHES).items():
        search(asked[0])
        say(f"facets and page, {kind}", timed(search, asked), "one pass", kind)
        say(f"one pass, {kind}", timed(by_one_pass, asked[:SLOW_ONES]), "", kind)
        plain = [replace(question, page=1).query for question in asked]
        faceted = [f"{query}&facets=1".lstrip("&") for query in plain]
        say(
            f"API with facets, {kind}",
            timed(lambda q: ask(api, q), faceted),
            "one pass",
            kind,
        )
        slow = timed(lambda q: ask(textbook, q), plain[:SLOW_ONES])
        say(f"textbook, {kind}", slow, "", kind)


def cursor_of_page(number: int) -> str:
    """The cursor of a page of 20, reached by pages of 100 and the last few of 20."""
    before, cursor = (number - 1) * 20, None
    for size in [100] * (before // 100) + [20] * (before % 100 // 20):
        cursor = ProjectSearch(QueryDict()).cursor_page(cursor, size).next
    return cursor or ""


def measure_api_pages() -> None:
    last = f"cursor={cursor_of_page(500)}"
    ask(api, last)
    turns = [("", last)[turn % 2] for turn in range(2 * SEARCHES)]
    times: dict[str, list[float]] = {"": [], last: []}
    for query in turns:
        times[query] += timed(lambda q: ask(api, q), [query])
    say("API, page 1", sorted(times[""]))
    say("API, page 500 by cursor", sorted(times[last]), "API, page 1")


def measure_index() -> None:
    say("index, load", timed(lambda _n: FacetIndex.load() and None, range(3)))
    say(
        "index, is it current",
        timed(lambda _n: current_index() and None, range(SEARCHES)),
    )


def measure_similar() -> None:
    """What a writer is shown before submitting: entries that are there already."""
    published = Project.objects.published().order_by("-pk")
    say("entries already there", timed(already_entered, list(published[:SEARCHES])))


if __name__ == "__main__":
    cache.clear()
    with connection.cursor() as cursor:
        cursor.execute(FLAT.format(rows=one_pass.NORMALISED))
    measure_index()
    measure_searches()
    measure_api_pages()
    measure_similar()
