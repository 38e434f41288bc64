"""One search over the whole portal: each kind of record is a facet with its count."""

from collections.abc import Callable
from typing import Any, NamedTuple

from django.core.paginator import Paginator
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext, pgettext_lazy
from django.views.decorators.http import require_safe

from common.lists.filters import printable
from common.moves.actors import AnyUser
from common.search.query import parse
from common.text.collation import InReadersOrder, holding
from forum.session.models import Session
from prizes.entry.models import Entry
from reference.names import vocabulary
from roadmap.milestone.models import Milestone
from roadmap.resolution.models import Resolution
from stocktaking.base.workflow import Status
from stocktaking.organization.models import Organization
from stocktaking.project.models import Project
from stocktaking.search.filters import ProjectSearch

FIRST = 5  # hits of each kind on the page of all kinds
PAGE_SIZE = 20
LAST_PAGE = 25  # 500 hits: beyond them a reader should use more words


class Hit(NamedTuple):
    """A record as the list of hits shows it; `facts` are short and in the reader's language."""

    title: str
    url: str
    language: str
    facts: tuple[str, ...]


class Found(NamedTuple):
    total: int
    hits: Callable[[int, int], list[Hit]]  # from one position to another, best first


class Offer(NamedTuple):
    """What is offered when nothing has all the words: another spelling, similar projects."""

    suggestion: str | None
    sentence: str
    hits: list[Hit]


class Kind(NamedTuple):
    code: str
    label: str | Promise
    find: Callable[[str, Any], Found]


def projects(text: str, user: AnyUser) -> Found:
    search = project_search(text, strict=True)

    def hits(start: int, stop: int) -> list[Hit]:
        page = search.page(start // (stop - start) + 1, stop - start)
        return [project_hit(project) for project in page]

    return Found(search.total, hits)


def project_search(text: str, *, strict: bool = False) -> ProjectSearch:
    return ProjectSearch(QueryDict(urlencode({"q": text})), strict=strict)


def project_hit(project: Project) -> Hit:
    country = vocabulary.label("country", project.country_id or "")
    return Hit(
        project.title,
        project.get_absolute_url(),
        project.language,
        (project.organization_name, country),
    )


def offer(text: str) -> Offer:
    """The projects that have the words in another form, or most of them, or similar words."""
    search = project_search(text)
    near = search.page(1, FIRST).object_list or search.near
    sentence = search.match_sentence or gettext("Similar spellings")
    return Offer(
        search.suggestion, sentence, [project_hit(project) for project in near]
    )


def organizations(text: str, user: AnyUser) -> Found:
    """Organizations of published projects whose name or alias has all the words."""
    matches = Organization.objects.filter(
        successor=None, projects__status=Status.PUBLISHED
    )
    published = matches
    matches = holding(matches, text.replace('"', " "), "known_as")
    if not matches.exists():
        matches = published.like(text)
    matches = matches.annotate(project_count=Count("projects")).order_by(
        "-project_count", InReadersOrder("name")
    )

    def hit(organization: Organization) -> Hit:
        if (
            organization.confirmed_at
        ):  # the words alone would find namesakes in other countries
            url = organization.get_absolute_url()
        else:
            phrase = f'"{organization.name}"'
            url = f"{reverse('stocktaking:projects')}?{urlencode({'q': phrase})}"
        return Hit(organization.name, url, "", (organization.place,))

    return rows(matches, hit)


def rows(matches: QuerySet, hit: Callable[[Any], Hit]) -> Found:
    return Found(
        matches.count(), lambda start, stop: [hit(row) for row in matches[start:stop]]
    )


def entries(text: str, user: AnyUser) -> Found:
    real = Entry.objects.visible_to(user).filter(contest__is_demonstration=False)
    matches = real.search(text).best_first(text)
    return rows(
        matches.select_related("contest"),
        lambda entry: Hit(
            str(entry),
            entry.get_absolute_url(),
            entry.language,
            (
                str(entry.contest),
                entry.organization_name,
                vocabulary.label("country", entry.country_id or ""),
            ),
        ),
    )


def sessions(text: str, user: AnyUser) -> Found:
    matches = Session.objects.visible_to(user).search(text).best_first(text)
    return rows(
        matches.select_related("edition", "type"),
        lambda session: Hit(
            session.title,
            session.get_absolute_url(),
            session.language,
            (str(session.edition), str(session.type or "")),
        ),
    )


def milestones(text: str, user: AnyUser) -> Found:
    matches = Milestone.objects.visible_to(user).search(text).best_first(text)
    return rows(
        matches.select_related("roadmap"),
        lambda m: Hit(m.title, m.get_absolute_url(), "en", (str(m.roadmap), m.when)),
    )


def resolutions(text: str, user: AnyUser) -> Found:
    matches = Resolution.objects.visible_to(user).search(text).best_first(text)
    return rows(
        matches,
        lambda r: Hit(f"{r.symbol}: {r.title}", r.get_absolute_url(), "en", (r.when,)),
    )


KINDS = (
    Kind("project", pgettext_lazy("kind of record", "Projects"), projects),
    Kind(
        "organization", pgettext_lazy("kind of record", "Organizations"), organizations
    ),
    Kind("entry", pgettext_lazy("kind of record", "Prize entries"), entries),
    Kind("session", pgettext_lazy("kind of record", "Forum sessions"), sessions),
    Kind("milestone", pgettext_lazy("kind of record", "Milestones"), milestones),
    Kind("resolution", pgettext_lazy("kind of record", "Resolutions"), resolutions),
)


class Section(NamedTuple):
    """A kind with its count and the hits that the page shows."""

    kind: Kind
    total: int
    hits: list[Hit]


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """`?q=` words, `?kind=` one kind, `?page=`; all kinds are counted, whatever is chosen."""
    text = request.GET.get("q", "").strip()
    query, problems = parse(text)
    code = request.GET.get("kind", "")
    chosen = next((kind for kind in KINDS if kind.code == code), None)
    if code and not chosen:
        problems.append(
            gettext("“%(kind)s” is not a kind of record; all kinds are shown.")
            % {"kind": printable(code)}
        )
    matches = (
        {kind: kind.find(query.wanted, request.user) for kind in KINDS}
        if query.wanted
        else {}
    )
    page = (
        hit_page(matches[chosen], request.GET.get("page"))
        if matches and chosen
        else None
    )
    total = sum(one.total for one in matches.values())
    context = {
        "offer": offer(text) if matches and not total else None,
        "text": text,
        "problems": problems,
        "chosen": chosen,
        "page": page,
        "sections": [section(kind, matches[kind], chosen, page) for kind in matches],
        "total": total,
        "last_hit": LAST_PAGE * PAGE_SIZE,
    }
    return render(request, "pages/search.html", context)


def hit_page(matches: Found, number: str | None) -> Any:
    """The numbers of the hits on a page; the first or last page for an invalid number."""
    return Paginator(
        range(min(matches.total, LAST_PAGE * PAGE_SIZE)), PAGE_SIZE
    ).get_page(number)


def section(kind: Kind, matches: Found, chosen: Kind | None, page: Any) -> Section:
    if chosen is None:
        return Section(
            kind, matches.total, matches.hits(0, FIRST) if matches.total else []
        )
    if kind is not chosen or not matches.total:
        return Section(kind, matches.total, [])
    start = page.start_index() - 1
    return Section(kind, matches.total, matches.hits(start, start + PAGE_SIZE))
