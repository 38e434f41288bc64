from django.urls import path

from stocktaking.coeditor import views as coeditors
from stocktaking.exploring import profiles
from stocktaking.exploring import views as explore
from stocktaking.export import feeds
from stocktaking.export import views as export_views
from stocktaking.follow import views as follows
from stocktaking.member import views as members
from stocktaking.message import views as conversation
from stocktaking.organization import views as organization_views
from stocktaking.organization import views as organizations
from stocktaking.ownership import views as ownership
from stocktaking.page import files, metadata
from stocktaking.page import views as page_views
from stocktaking.revision import views as revisions
from stocktaking.search import views as search_views
from stocktaking.submission import step_views
from stocktaking.submission import views as submissions
from stocktaking.text import views as texts
from stocktaking.upkeep import views as upkeep

app_name = "stocktaking"

urlpatterns = [
    path("", search_views.project_list, name="projects"),
    path("new/", submissions.project_new, name="project-new"),
    path("mine/", submissions.my_projects, name="my-projects"),
    path(
        "organization-names/",
        organization_views.organization_names,
        name="organization-names",
    ),
    path("suggested-sdgs/", step_views.suggested_sdgs, name="suggested-sdgs"),
    path("<int:pk>/", page_views.project, name="project"),
    path("<int:pk>/image/<str:name>", files.project_image, name="project-image"),
    path("<int:pk>/files/<int:number>/", files.project_file, name="project-file"),
    path("kept/<str:token>/", files.kept_image, name="kept-image"),
    path("<int:pk>/move/", page_views.project_move, name="project-move"),
    path(
        "<int:pk>/edit/", step_views.task_list, {"kind": "project"}, name="project-edit"
    ),
    path("<int:pk>/check/", submissions.project_check, name="project-check"),
    path("<int:pk>/submitted/", submissions.project_done, name="project-done"),
    path("download/", export_views.download, name="download"),
    path("export.<str:kind>", export_views.export, name="export"),
    path("feed.atom", feeds.feed, name="feed"),
    path("follows/", follows.follows, name="follows"),
    path("follows/add/", follows.follow_add, name="follow-add"),
    path("follows/<int:pk>/", follows.follow_change, name="follow-change"),
    path("follows/stop/<str:token>/", follows.follow_stop, name="follow-stop"),
    path("by/", profiles.profiles, name="profiles"),
    path("by/<str:facet>/<str:code>/", profiles.profile, name="profile"),
    path("collections/<slug:slug>/", profiles.collection, name="collection"),
    path("map/", explore.country_map, name="map"),
    path("heat/", explore.heat, name="heat"),
    path("gaps/", explore.gaps, name="gaps"),
    path("gaps.csv", explore.gaps_csv, name="gaps-csv"),
    path("<int:pk>.jsonld", metadata.json_ld, name="project-jsonld"),
    path("<int:pk>/card/", metadata.card, name="project-card"),
    path("<int:pk>/revise/", revisions.revise, name="revise"),
    path("<int:pk>/versions/", revisions.versions, name="versions"),
    path("revisions/<int:pk>/", revisions.revision, name="revision"),
    path("revisions/<int:pk>/move/", revisions.revision_move, name="revision-move"),
    path(
        "<int:pk>/edit/<slug:slug>/",
        step_views.step,
        {"kind": "project"},
        name="project-step",
    ),
    path(
        "<int:pk>/preview/",
        step_views.preview,
        {"kind": "project"},
        name="project-preview",
    ),
    path(
        "revisions/<int:pk>/edit/",
        step_views.task_list,
        {"kind": "revision"},
        name="revision-edit",
    ),
    path(
        "revisions/<int:pk>/edit/<slug:slug>/",
        step_views.step,
        {"kind": "revision"},
        name="revision-step",
    ),
    path(
        "revisions/<int:pk>/preview/",
        step_views.preview,
        {"kind": "revision"},
        name="revision-preview",
    ),
    path("confirm/<str:token>/", upkeep.confirm, name="confirm"),
    path("<int:pk>/confirm/", upkeep.confirm_own, name="confirm-own"),
    path(
        "<int:pk>/ownership/",
        ownership.ownership_request_new,
        name="ownership-request-new",
    ),
    path(
        "ownership-requests/<int:pk>/",
        ownership.ownership_request,
        name="ownership-request",
    ),
    path(
        "ownership-requests/<int:pk>/move/",
        ownership.ownership_request_move,
        name="ownership-request-move",
    ),
    path("ownership/<str:token>/", ownership.ownership_answer, name="ownership-answer"),
    path("<int:pk>/coeditors/", coeditors.coeditors, name="coeditors"),
    path(
        "coeditors/<int:pk>/revoke/", coeditors.coeditor_revoke, name="coeditor-revoke"
    ),
    path("invitations/<str:token>/", coeditors.coeditor_accept, name="coeditor-accept"),
    path("<int:pk>/texts/", texts.texts, name="texts"),
    path("<int:pk>/texts/<slug:language>/", texts.text_edit, name="text-edit"),
    path("texts/<int:pk>/", texts.text, name="text"),
    path("texts/<int:pk>/move/", texts.text_move, name="text-move"),
    path("<int:pk>/messages/", conversation.project_messages, name="project-messages"),
    path("organizations/", organizations.organization_list, name="organizations"),
    path("organizations/<int:pk>/", organizations.organization, name="organization"),
    path("organizations/<int:pk>/role/", members.role_ask, name="role-ask"),
    path("roles/", members.my_roles, name="my-roles"),
    path("roles/<int:pk>/move/", members.role_move, name="role-move"),
    path("members/", members.member_list, name="members"),
    path("members/figures/", members.member_figures, name="member-figures"),
    path("members/me/", members.my_profile, name="my-profile"),
    path("members/<int:pk>/", members.member, name="member"),
]
