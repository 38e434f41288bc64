"""The newest projects of a search as an Atom feed."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.http import http_date
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import conditional_page, require_safe

from common.records.models import Change
from common.tables.xlsx import INVALID_XML
from stocktaking.project.changes import as_served
from stocktaking.search.filters import ProjectSearch
from stocktaking.search.views import refused


def title_of(search: ProjectSearch) -> str:
    """The title of a search: “Projects: telemedicine · Kenya · E-health”."""
    parts = [search.text, *(chip.label for chip in search.chips)]
    name = " · ".join(INVALID_XML.sub("", part) for part in parts if part)
    return _("Projects: %(asked)s") % {"asked": name} if name else _("All projects")


FEED_SIZE = 30


@require_safe
@conditional_page
def feed(request: HttpRequest) -> HttpResponse:
    """The newest projects of any search as Atom; the address contains no secret, anybody may
    subscribe."""
    data = request.GET.copy()
    data["sort"] = "newest"
    search = ProjectSearch(data)
    if not search.is_valid:
        return refused(request, search)
    site = settings.SITE_URL
    address = f"{site}{reverse('stocktaking:projects')}?{search.query}"
    made = Atom1Feed(
        title=title_of(search),
        link=address,
        description="",
        subtitle=search.match_sentence,
        feed_url=f"{site}{reverse('stocktaking:feed')}?{search.query}",
        language=get_language(),
        feed_guid=address,
    )
    for project in as_served(search.page(1, FEED_SIZE).object_list):
        made.add_item(**_item(project))
    response = HttpResponse(content_type="application/atom+xml; charset=utf-8")
    made.write(response, "utf-8")
    changed = (
        Change.objects.filter(record_kind="stocktaking.project").order_by("-pk").first()
    )
    if changed:  # also what left the result changes it
        response["Last-Modified"] = http_date(changed.at.timestamp())
    return response


def _item(project: Any) -> dict[str, Any]:
    address = settings.SITE_URL + project.get_absolute_url()
    return {
        "title": INVALID_XML.sub("", project.title),
        "link": address,
        "description": INVALID_XML.sub("", project.summary),
        "author_name": INVALID_XML.sub("", project.organization_name),
        # one project in all languages of the page
        "unique_id": f"{settings.SITE_URL}/projects/{project.pk}",
        "pubdate": project.published_at,
        "updateddate": max(project.published_at, project.updated_at),
    }
