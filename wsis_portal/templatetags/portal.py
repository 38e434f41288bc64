"""Template tags: links that keep the query string, word limits, sizes, cards."""

from collections.abc import Iterable
from html import escape
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from django import template
from django.conf import settings
from django.forms import BoundField
from django.http import HttpRequest
from django.template.context import Context
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from common.text.words import WordLimit
from reference.names import vocabulary
from stocktaking.project.models import Project

register = template.Library()
LANGUAGE_CODES = frozenset(code for code, _name in settings.LANGUAGES)
TEASER = 240  # characters
OUTCOMES = {
    "submitted": _("submitted"),
    "nominated": _("nominated"),
    "champion": _("champion"),
    "winner": _("winner"),
}


class LanguageLink(NamedTuple):
    code: str
    name: str
    url: str


@register.simple_tag(takes_context=True)
def language_links(context: Context) -> list[LanguageLink]:
    """The same page in each language, in the United Nations' order, with the query string.

    Only the prefix of the path differs between languages; a page without one (an error outside the
    translated part) links to the home pages.
    """
    request: HttpRequest | None = context.get("request")
    rest = "/"
    if request is not None:
        head, slash, tail = request.get_full_path().removeprefix("/").partition("/")
        if head in LANGUAGE_CODES and slash:
            rest = f"/{tail}"
    return [
        LanguageLink(code, name, f"/{code}{rest}") for code, name in settings.LANGUAGES
    ]


@register.filter
def word_limit(field: BoundField) -> int | None:
    """The maximum number of words of the field, when its form or model has one.

    A form whose field may be saved with more words than are submitted gives the number as
    `words_at_most` of the field.
    """
    if hasattr(field.field, "words_at_most"):
        return int(field.field.words_at_most)
    validators: list[Any] = list(field.field.validators)
    model = getattr(getattr(field.form, "_meta", None), "model", None)
    if model is not None and any(f.name == field.name for f in model._meta.fields):
        validators += model._meta.get_field(field.name).validators
    return next((v.limit for v in validators if isinstance(v, WordLimit)), None)


@register.simple_tag(takes_context=True)
def query(context: Context, **changes: Any) -> str:
    """The page's own query string with these parameters set; None or "" removes one."""
    data = context["request"].GET.copy()
    for name, value in changes.items():
        if value in (None, ""):
            data.pop(name, None)
        else:
            data[name] = str(value)
    return f"?{data.urlencode()}"


@register.simple_tag(takes_context=True)
def kept_fields(context: Context, *names: str) -> SafeString:
    """Hidden fields with the page's own values of these parameters, for another form of it."""
    data = context["request"].GET
    pairs = [(name, value) for name in names for value in data.getlist(name) if value]
    return format_html_join("\n", '<input type="hidden" name="{}" value="{}">', pairs)


@register.simple_tag
def query_of_text(text: str) -> str:
    """The query string of a search for these words alone."""
    return f"?{urlencode({'q': text})}"


@register.filter
def page_numbers(page: Any) -> list[int | None]:
    """First, last and the neighbours of this page; None stands for a gap."""
    last, here = page.pages, page.number
    pages = sorted({1, last, *range(max(1, here - 1), min(last, here + 1) + 1)})
    numbers: list[int | None] = []
    for number in pages:
        if numbers and number - (numbers[-1] or 0) > 1:
            numbers.append(None)
        numbers.append(number)
    return numbers


@register.filter
def largest(rows: Iterable[Any]) -> int:
    """The highest count of the rows, at least 1: the length of the longest bar."""
    return max((row.count for row in rows), default=0) or 1


@register.filter
def share(count: int, top: int) -> str:
    """The length of a bar as an SVG attribute."""
    return f"{100 * count / top:.1f}%"


@register.filter
def site_name(url: str) -> str:
    """The host of an address: long paths say little in a narrow column."""
    return urlsplit(url).netloc.removeprefix("www.") or url


class PrizeEdition(NamedTuple):
    year: str
    outcome: str


@register.filter
def prizes(text: str) -> list[PrizeEdition]:
    """“2015:nominated;2016:winner” as years and outcomes in words."""
    prizes = []
    for part in filter(None, text.split(";")):
        year, _colon, outcome = part.partition(":")
        prizes.append(PrizeEdition(year, str(OUTCOMES.get(outcome, outcome))))
    return prizes


@register.filter
def label(code: str | None, kind: str) -> str:
    """The name of a vocabulary's code in the language of the page; "" for no code."""
    return vocabulary.labels(kind).get(code, code) if code else ""


@register.filter
def checkboxes(values: Iterable[Any], facet: str) -> SafeString:
    """A labelled checkbox per value, in Python: a template with hundreds took half the time of
    the page."""
    boxes = []
    for value in values:
        label = f"{value.code} {value.label}" if facet == "sdg" else value.label
        boxes.append(
            f'<label><input type="checkbox" name="{facet}" value="{escape(value.code)}"'
            f"{' checked' if value.selected else ''}><span>{escape(label)}</span>"
            f"<span>{value.count}</span></label>\n"
        )
    return SafeString("".join(boxes))


@register.filter
def results(projects: Iterable[Project]) -> SafeString:
    """The cards of a result list, in Python: a template took a quarter of the page's time."""
    here, tongues = get_language(), dict(settings.LANGUAGES)
    countries, lines = vocabulary.labels("country"), vocabulary.labels("action_line")
    base = reverse("stocktaking:projects")
    cards = []
    for project in projects:
        foreign = project.language != here
        spoken = f' lang="{project.language}" dir="auto"' if foreign else ""
        line = project.main_action_line_id
        facts = [
            f"<bdi>{escape(project.organization_name)}</bdi>"
            if project.organization_name
            else "",
            escape(countries.get(project.country_id or "", "")),
            f'<span class="tag">{line} {escape(lines.get(line, ""))}</span>'
            if line
            else "",
            str(project.year),
            f'<span class="tag tag-language">{tongues[project.language]}</span>'
            if foreign
            else "",
        ]
        summary = f'<p class="match"{spoken}>{escape(teaser(project.summary))}</p>'
        cards.append(
            f'<li class="result"><h3 class="match"{spoken}>'
            f'<a href="{base}{project.pk}/">{escape(project.title)}</a></h3>'
            f"{summary if project.summary else ''}"
            f'<ul class="meta">{"".join(f"<li>{fact}</li>" for fact in facts if fact)}</ul></li>\n'
        )
    return SafeString("".join(cards))


@register.filter
def teaser(text: str) -> str:
    """The beginning of a text, at most 240 characters."""
    return text if len(text) <= TEASER else f"{text[: TEASER - 1]}…"
