"""URLs of the reports."""

from django.urls import path

from reports.archive import views as archive_views
from reports.box import views as box_views
from reports.clearance import early as early_views
from reports.clearance import views as clearance_views
from reports.contribution import views as contribution_views
from reports.download import views as download_views
from reports.feedback import views as feedback_views
from reports.figure import views as figure_views
from reports.page import views as page_views
from reports.publication import changes as publication_changes
from reports.publication import preview as publication_preview
from reports.publication import reading
from reports.publication import views as publication_views
from reports.report import views as report_views
from reports.subscription import views as subscription_views
from reports.table import views as table_views

app_name = "reports"
FIGURE = "<int:pk>/v<int:version>/figures/<slug:name>/"
urlpatterns = [
    path("", page_views.publication_list, name="publications"),
    path("archive/", archive_views.archive, name="archive"),
    path("archive/<int:pk>/", archive_views.edition, name="edition"),
    path("methodology/", page_views.methodology, name="methodology"),
    path(
        "outcome/<slug:slug>/",
        publication_views.compile_outcome,
        name="compile-outcome",
    ),
    path(
        "stories/<slug:slug>/",
        publication_views.compile_stories,
        name="compile-stories",
    ),
    path("new/", publication_views.publication_new, name="new"),
    path("editions/<int:pk>/edit/", report_views.edit, name="edit"),
    path(
        "editions/<int:pk>/edit/<int:section>/", report_views.edit, name="edit-section"
    ),
    path(
        "editions/<int:pk>/edit/<int:section>/preview/",
        report_views.preview,
        name="edit-preview",
    ),
    path(
        "editions/<int:pk>/edit/<int:section>/preview.pdf",
        publication_preview.section_pdf,
        name="edit-pdf",
    ),
    path(
        "editions/<int:pk>/edit/<int:section>/earlier/",
        report_views.earlier,
        name="edit-earlier",
    ),
    path(
        "editions/<int:pk>/pictures/<slug:name>.webp",
        report_views.picture,
        name="edit-picture",
    ),
    path(
        "editions/<int:pk>/contributions/",
        contribution_views.contributions,
        name="contributions",
    ),
    path(
        "editions/<int:pk>/edit/<int:section>/contributions/<int:block>/",
        contribution_views.contribution,
        name="contribution",
    ),
    path(
        "contributions/<str:token>/", contribution_views.contribute, name="contribute"
    ),
    path(
        "editions/<int:pk>/edit/<int:section>/boxes/<int:block>/",
        box_views.boxes,
        name="boxes",
    ),
    path("boxes/<str:token>/", box_views.answer, name="box-answer"),
    path("subscribe/", subscription_views.subscribe, name="subscribe"),
    path(
        "subscriptions/<int:pk>/end/",
        subscription_views.subscription_end,
        name="subscription-end",
    ),
    path(
        "subscriptions/confirm/<str:token>/",
        subscription_views.subscription_confirm,
        name="subscription-confirm",
    ),
    path(
        "subscriptions/stop/<str:token>/",
        subscription_views.subscription_stop,
        name="subscription-stop",
    ),
    path("<int:pk>/", publication_views.publication, name="publication"),
    path("<int:pk>/lines/<slug:code>/", publication_views.chapter, name="chapter"),
    path("<int:pk>/index/", publication_views.index, name="index"),
    path("<int:pk>/sources/", publication_views.sources, name="sources"),
    path("<int:pk>/v<int:version>/", publication_views.earlier_version, name="version"),
    path("<int:pk>/v<int:version>/pages/<int:number>/", reading.page, name="page"),
    path("<int:pk>/v<int:version>/search/", reading.search, name="search"),
    path("<int:pk>/build/", publication_views.build, name="build"),
    path("<int:pk>/feedback/", feedback_views.feedback, name="feedback"),
    path("<int:pk>/clearance/", clearance_views.clearance, name="clearance"),
    path("<int:pk>/review/", clearance_views.review, name="review"),
    path("early/<slug:token>/", early_views.early, name="early"),
    path(
        "early/<slug:token>/pictures/<int:block>/",
        early_views.early_picture,
        name="early-picture",
    ),
    path(
        "early/<slug:token>/report.<slug:file_format>",
        early_views.early_file,
        name="early-file",
    ),
    path("<int:pk>/move/", publication_views.publication_move, name="move"),
    path(
        "<int:pk>/v<int:version>/changes/",
        publication_changes.changes_page,
        name="changes",
    ),
    path(
        "<int:pk>/v<int:version>/pictures/<int:block>/",
        download_views.picture,
        name="picture",
    ),
    path(
        "<int:pk>/v<int:version>/report.<slug:file_format>",
        download_views.download,
        name="download",
    ),
    path(
        "<int:pk>/v<int:version>/volume-<int:volume>.pdf",
        download_views.download,
        name="volume",
    ),
    path(
        "<int:pk>/v<int:version>/volume-<int:volume>-part-<int:part>.pdf",
        download_views.download,
        name="volume-part",
    ),
    path("<int:pk>/v<int:version>/tables/", table_views.table, name="table"),
    path(
        "<int:pk>/v<int:version>/tables/table.<slug:file_format>",
        table_views.table_file,
        name="table-file",
    ),
    path(FIGURE, figure_views.figure, name="figure"),
    path(f"{FIGURE}embed/", figure_views.embedded, name="figure-embedded"),
    path(
        f"{FIGURE}figure.<slug:file_format>",
        figure_views.figure_file,
        name="figure-file",
    ),
]
