"""A project for the sites of others: JSON-LD, and a card to embed."""

from typing import Any

from csp.decorators import csp_replace
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from stocktaking.page.views import merged_into
from stocktaking.project.changes import as_served
from stocktaking.project.models import Project
from stocktaking.text.models import EntryText
from stocktaking.text.reading import best_of_each


@require_safe
def json_ld(request: HttpRequest, pk: int) -> HttpResponse:
    """A published project in the words of schema.org."""
    found = Project.objects.published().for_page().filter(pk=pk).first()
    if found is None:
        return merged_into("stocktaking:project-jsonld", pk)
    as_served([found])
    page = settings.SITE_URL + found.get_absolute_url()
    goals = [f"SDG {goal.pk} {goal}" for goal in found.sdgs.all()]
    lines = [found.main_action_line, *found.other_action_lines.all()]
    body: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Project",
        "@id": f"{settings.SITE_URL}/projects/{found.pk}",
        "identifier": found.number,
        "name": found.title,
        "description": found.summary,
        "url": page,
        "sameAs": found.website,
        "foundingDate": found.start_date,
        "dissolutionDate": found.end_date,
        "keywords": [f"{line.pk} {line}" for line in lines if line] + goals,
        "areaServed": found.country
        and {"@type": "Country", "name": str(found.country)},
        "parentOrganization": found.organization_name
        and {"@type": "Organization", "name": found.organization_name},
        "subjectOf": {
            "@type": "WebPage",
            "url": page,
            "inLanguage": found.language,
            "datePublished": found.published_at
            and found.published_at.date().isoformat(),
            "dateModified": found.updated_at.date().isoformat(),
            "version": str(found.version),
        },
    }
    body["workTranslation"] = [_told(found, text) for text in best_of_each(found)]
    said = {name: value for name, value in body.items() if value}
    return JsonResponse(said, content_type="application/ld+json")


def _told(found: Project, text: EntryText) -> dict[str, Any]:
    """The entry in another language: where it is read, and who or what made it."""
    with translation.override(text.language):
        page = settings.SITE_URL + found.get_absolute_url()
    return {
        "@type": "WebPage",
        "url": f"{page}?text={text.language}",
        "inLanguage": text.language,
        "name": text.title,
        "description": text.summary,
        "creativeWorkStatus": str(text.get_kind_display()),
    }


@require_safe
@xframe_options_exempt
@csp_replace({"frame-ancestors": ["*"]})  # type: ignore[arg-type]  # any site, on purpose
def card(request: HttpRequest, pk: int) -> HttpResponse:
    """A published project as a small page that other sites may frame: it has no form, no script
    and nothing of the reader's, so that nothing on it could be clicked unawares."""
    found = Project.objects.published().select_related("country").filter(pk=pk).first()
    response = (
        render(
            request,
            "stocktaking/page/_card.html",
            {"project": found, "site": settings.SITE_URL},
        )
        if found
        else merged_into("stocktaking:project-card", pk)
    )
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
