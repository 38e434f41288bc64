"""Template tags of the pages about organizations and members: names of codes, options of
filters."""

from django import template
from django.conf import settings
from django.forms import BoundField
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

register = template.Library()
LANGUAGES = dict(settings.LANGUAGES)


@register.filter
def language_names(codes: list[str]) -> str:
    return " · ".join(LANGUAGES.get(code, code) for code in codes)


@register.simple_tag
def chosen_options(field: BoundField) -> SafeString:
    """The options of a select for a filter with several values, the selected ones marked."""
    chosen = set(field.form.data.getlist(field.html_name))  # type: ignore[attr-defined]  # a QueryDict
    choices = field.field.choices  # type: ignore[attr-defined]  # a choice field
    return format_html_join(
        "\n", "{}", ((option(v, n, str(v) in chosen),) for v, n in choices)
    )


def option(value: object, name: str, chosen: bool) -> SafeString:
    mark = SafeString(" selected") if chosen else ""
    return format_html('<option value="{}"{}>{}</option>', value, mark, name)
