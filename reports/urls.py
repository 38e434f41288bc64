"""Addresses of the reports."""

from django.urls import path

from reports import views

app_name = "reports"
urlpatterns = [
    path("", views.publication_list, name="publications"),
    path("new/", views.publication_new, name="new"),
    path("<int:pk>/", views.publication, name="publication"),
    path("<int:pk>/lines/<slug:code>/", views.chapter, name="chapter"),
    path("<int:pk>/index/", views.index, name="index"),
    path("<int:pk>/sources/", views.sources, name="sources"),
    path("<int:pk>/v<int:version>/", views.earlier_version, name="version"),
    path("<int:pk>/build/", views.build, name="build"),
    path("<int:pk>/move/", views.publication_move, name="move"),
    path(
        "<int:pk>/v<int:version>/report.<slug:file_format>",
        views.download,
        name="download",
    ),
]
