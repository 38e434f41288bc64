"""Projects for other sites: JSON-LD, and a card to embed."""

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
from stocktaking.text.models import ProjectText
from stocktaking.text.reading import best_of_each


@require_safe
def json_ld(request: HttpRequest, pk: int) -> HttpResponse:
    """A published project in the vocabulary of schema.org."""
    project = Project.objects.published().for_page().filter(pk=pk).first()
    if project is None:
        return merged_into("stocktaking:project-jsonld", pk)
    as_served([project])
    page = settings.SITE_URL + project.get_absolute_url()
    goals = [f"SDG {goal.pk} {goal}" for goal in project.sdgs.all()]
    lines = [project.main_action_line, *project.other_action_lines.all()]
    body: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Project",
        "@id": f"{settings.SITE_URL}/projects/{project.pk}",
        "identifier": project.number,
        "name": project.title,
        "description": project.summary,
        "url": page,
        "sameAs": project.website,
        "foundingDate": project.start_date,
        "dissolutionDate": project.end_date,
        "keywords": [f"{line.pk} {line}" for line in lines if line] + goals,
        "areaServed": project.country
        and {"@type": "Country", "name": str(project.country)},
        "parentOrganization": project.organization_name
        and {"@type": "Organization", "name": project.organization_name},
        "subjectOf": {
            "@type": "WebPage",
            "url": page,
            "inLanguage": project.language,
            "datePublished": project.published_at
            and project.published_at.date().isoformat(),
            "dateModified": project.updated_at.date().isoformat(),
            "version": str(project.version),
        },
    }
    body["workTranslation"] = [_told(project, text) for text in best_of_each(project)]
    stated = {name: value for name, value in body.items() if value}
    return JsonResponse(stated, content_type="application/ld+json")


def _told(project: Project, text: ProjectText) -> dict[str, Any]:
    """The text in another language: its address, and who or what wrote it."""
    with translation.override(text.language):
        page = settings.SITE_URL + project.get_absolute_url()
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
    """A published project as a small page that other sites may frame. It has no form, script or
    personal content, so that clicks on it cannot be misused."""
    project = (
        Project.objects.published().select_related("country").filter(pk=pk).first()
    )
    response = (
        render(
            request,
            "stocktaking/page/_card.html",
            {"project": project, "site": settings.SITE_URL},
        )
        if project
        else merged_into("stocktaking:project-card", pk)
    )
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
