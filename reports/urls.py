"""URLs of the reports."""

from django.urls import path

from reports.output import views as output_views
from reports.publication import views as publication_views

app_name = "reports"
urlpatterns = [
    path("", publication_views.publication_list, name="publications"),
    path("new/", publication_views.publication_new, name="new"),
    path("<int:pk>/", publication_views.publication, name="publication"),
    path("<int:pk>/lines/<slug:code>/", publication_views.chapter, name="chapter"),
    path("<int:pk>/index/", publication_views.index, name="index"),
    path("<int:pk>/sources/", publication_views.sources, name="sources"),
    path("<int:pk>/v<int:version>/", publication_views.earlier_version, name="version"),
    path("<int:pk>/build/", publication_views.build, name="build"),
    path("<int:pk>/move/", publication_views.publication_move, name="move"),
    path(
        "<int:pk>/v<int:version>/report.<slug:file_format>",
        output_views.download,
        name="download",
    ),
]
