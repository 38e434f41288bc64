from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.contrib.sitemaps.views import index, sitemap
from django.urls import include, path
from django.views.decorators.http import require_safe

from privacy import views as my_data
from roadmap.urls import urlpatterns as roadmap_urls
from wsis_portal.pages import sitemaps
from wsis_portal.pages.action_lines import action_line, action_lines
from wsis_portal.pages.home import home
from wsis_portal.pages.matrix import matrix
from wsis_portal.pages.my_pages import my_pages
from wsis_portal.pages.search import search
from wsis_portal.pages.text import page

# The page of an action line shows what several apps know; its address is the roadmap's.
roadmap_pages = [
    *roadmap_urls,
    path("action-lines/", action_lines, name="action-lines"),
    path("action-lines/<slug:code>/", action_line, name="action-line"),
]

SITEMAP = {"sitemaps": sitemaps.SITEMAPS, "sitemap_url_name": "sitemap-part"}

urlpatterns = [
    path("api/", include("wsis_portal.api")),
    path("robots.txt", sitemaps.robots, name="robots"),
    path(".well-known/security.txt", sitemaps.security, name="security"),
    path("sitemap.xml", require_safe(index), SITEMAP, name="sitemap"),
    path(
        "sitemap-<slug:section>.xml",
        require_safe(sitemap),
        {"sitemaps": sitemaps.SITEMAPS},
        name="sitemap-part",
    ),
    *i18n_patterns(
        path("", home, name="home"),
        *(
            path(f"{name}/", page, {"name": name}, name=name)
            for name in ("help", "data", "accessibility", "privacy", "terms")
        ),
        path("search/", search, name="search"),
        path("account/", my_pages, name="my-pages"),
        path("account/my-data/", my_data.my_data, name="my-data"),
        path("account/my-data/export/", my_data.export, name="my-data-export"),
        path(
            "account/my-data/export/<int:pk>/", my_data.export_file, name="my-data-file"
        ),
        path("account/my-data/erase/", my_data.erase, name="my-data-erase"),
        path("account/my-data/keep/", my_data.keep, name="my-data-keep"),
        path("account/consent/", my_data.consent, name="consent"),
        path("account/", include("accounts.urls")),
        path("imports/", include("common.imports.urls")),
        path("projects/", include("stocktaking.urls")),
        path("prizes/", include("prizes.urls")),
        path("forum/", include("forum.urls")),
        path("roadmap/", include((roadmap_pages, "roadmap"))),
        path("reports/", include("reports.urls")),
        path("matrix/", include(([path("", matrix, name="matrix")], "reference"))),
        path("admin/", admin.site.urls),
    ),
]

handler400 = "wsis_portal.errors.views.bad_request"
handler403 = "wsis_portal.errors.views.forbidden"
handler404 = "wsis_portal.errors.views.not_found"
handler429 = "wsis_portal.errors.views.too_many_requests"
handler500 = "wsis_portal.errors.views.server_error"
