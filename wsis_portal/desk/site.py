"""The admin site of the portal: its first page shows waiting work; all forms get the portal's
additions."""

from functools import partial
from typing import Any

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path
from django.utils.decorators import method_decorator
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.admin.base import portal_admin
from common.admin.people import LookUpView
from wsis_portal.desk.jobs import act, jobs_for, states
from wsis_portal.desk.work import desk_of
from wsis_portal.health.checks import mail_server


class PortalAdminSite(admin.AdminSite):
    site_header = site_title = _("WSIS review portal")
    enable_nav_sidebar = False

    def register(
        self, model_or_iterable: Any, admin_class: Any = None, **options: Any
    ) -> None:
        super().register(model_or_iterable, portal_admin(admin_class), **options)

    def get_urls(self) -> list[URLPattern | URLResolver]:
        tables = path("tables/", self.admin_view(self.tables), name="tables")
        jobs = path("jobs/", self.admin_view(self.jobs), name="jobs")
        return [tables, jobs, *super().get_urls()]

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> Any:
        """Made when a page shows it: Django hands it to every page, and to make it takes longer
        than most of them."""
        return SimpleLazyObject(partial(super().get_app_list, request, app_label))

    # Staff sign in on the page of everybody, with its limits, second factor and mails.
    @method_decorator(secure_admin_login)
    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return super().login(request, extra_context)

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        """The first page: what waits, what is due, what runs, and a link to each part."""
        context = self.each_context(request) | {
            "title": gettext("Desk"),
            "desk": desk_of(request.user),
            "warnings": [warning.msg for warning in mail_server()],
        }
        request.current_app = self.name
        return TemplateResponse(
            request, "admin/desk.html", context | (extra_context or {})
        )

    def tables(self, request: HttpRequest) -> HttpResponse:
        """Every table that this person may open."""
        context = self.each_context(request) | {
            "title": gettext("All tables"),
            "app_list": self.get_app_list(request),
        }
        request.current_app = self.name
        return TemplateResponse(request, "admin/tables.html", context)

    def jobs(self, request: HttpRequest) -> HttpResponse:
        """All work in the background, to look at, to stop and to try again."""
        if request.method == "POST":
            return act(request)
        known = states()
        state = request.GET.get("state", "")
        if state not in dict(known):
            raise Http404
        context = self.each_context(request) | {
            "title": gettext("Work in the background"),
            "jobs": jobs_for(request.user, state),
            "states": known,
            "state": state,
        }
        request.current_app = self.name
        return TemplateResponse(request, "admin/jobs.html", context)

    def autocomplete_view(self, request: HttpRequest) -> Any:
        return LookUpView.as_view(admin_site=self)(request)
