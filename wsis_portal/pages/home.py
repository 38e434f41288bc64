"""The home page: what is live in each part of the portal, and the present figures."""

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language_bidi
from django.views.decorators.http import require_safe

from forum.edition.models import Edition
from prizes.contest.models import Contest
from reports.builders.scope import INTERNATIONAL
from roadmap.milestone.models import Milestone
from stocktaking.project.models import Project
from stocktaking.search.filters import ProjectSearch
from wsis_portal.pages.charts import columns, ring

LATEST = 5
YEARS = 12  # columns that a phone can still show


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    projects = ProjectSearch(QueryDict())
    facets = {facet.name: facet.values for facet in projects.facets}
    countries = [value for value in facets["country"] if value.code != INTERNATIONAL]
    years = facets["year"][:YEARS]  # newest first; time runs with the language
    context = {
        "projects": projects,
        "facets": facets,
        "countries": len(countries),
        "organizations": Project.objects.published().count_organizations(),
        "dots": ring(facets["action_line"]),
        "years": columns(years if get_language_bidi() else years[::-1]),
        "latest": Project.objects.newest().for_list()[:LATEST],
        "contest": Contest.objects.current().first(),
        "edition": Edition.objects.current_or_next(),
        "milestones": Milestone.objects.next_dates(timezone.localdate()),
        "today": timezone.localdate(),
    }
    return render(request, "pages/home.html", context)
