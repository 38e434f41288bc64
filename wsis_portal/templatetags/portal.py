"""Small needs of the templates: links that keep the query, word limits, sizes."""

from typing import Any, NamedTuple

from django import template
from django.conf import settings
from django.forms import BoundField
from django.http import HttpRequest
from django.template.context import Context

from common.words import WordLimit

register = template.Library()
LANGUAGE_CODES = frozenset(code for code, _name in settings.LANGUAGES)


class LanguageLink(NamedTuple):
    code: str
    name: str
    url: str


@register.simple_tag(takes_context=True)
def language_links(context: Context) -> list[LanguageLink]:
    """The same page in each language, in the United Nations' order, query string kept.

    Only the prefix of the path differs between languages; a page without one (an error outside
    the translated part) links to the home pages.
    """
    request: HttpRequest | None = context.get("request")
    rest = "/"
    if request is not None:
        head, slash, tail = request.get_full_path().removeprefix("/").partition("/")
        if head in LANGUAGE_CODES and slash:
            rest = f"/{tail}"
    return [LanguageLink(code, name, f"/{code}{rest}") for code, name in settings.LANGUAGES]


@register.filter
def word_limit(field: BoundField) -> int | None:
    """How many words the field takes, when its form or its model limits them."""
    validators: list[Any] = list(field.field.validators)
    model = getattr(getattr(field.form, "_meta", None), "model", None)
    if model is not None and any(f.name == field.name for f in model._meta.fields):
        validators += model._meta.get_field(field.name).validators
    return next((v.limit for v in validators if isinstance(v, WordLimit)), None)


@register.simple_tag(takes_context=True)
def query(context: Context, **changes: Any) -> str:
    """The page's own query string with these parameters set; None or "" takes one out."""
    data = context["request"].GET.copy()
    for name, value in changes.items():
        if value in (None, ""):
            data.pop(name, None)
        else:
            data[name] = str(value)
    return f"?{data.urlencode()}"


@register.filter
def page_numbers(page: Any) -> list[int | None]:
    """First, last and the neighbours of this page; None stands for a gap."""
    last, here = page.pages, page.number
    shown = sorted({1, last, *range(max(1, here - 1), min(last, here + 1) + 1)})
    numbers: list[int | None] = []
    for number in shown:
        if numbers and number - (numbers[-1] or 0) > 1:
            numbers.append(None)
        numbers.append(number)
    return numbers
