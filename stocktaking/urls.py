from django.urls import path

from stocktaking.views import (
    claims,
    coeditors,
    fragments,
    public,
    revisions,
    steps,
    submissions,
    upkeep,
)

app_name = "stocktaking"

urlpatterns = [
    path("", public.project_list, name="projects"),
    path("new/", submissions.project_new, name="project-new"),
    path("mine/", submissions.my_projects, name="my-projects"),
    path("organisation-names/", fragments.organisation_names, name="organisation-names"),
    path("suggested-sdgs/", fragments.suggested_sdgs, name="suggested-sdgs"),
    path("<int:pk>/", public.project, name="project"),
    path("<int:pk>/image/<str:name>", public.project_image, name="project-image"),
    path("<int:pk>/move/", public.project_move, name="project-move"),
    path("<int:pk>/edit/", steps.task_list, {"kind": "project"}, name="project-edit"),
    path("<int:pk>/check/", submissions.project_check, name="project-check"),
    path("<int:pk>/submitted/", submissions.project_done, name="project-done"),
    path("<int:pk>/revise/", revisions.revise, name="revise"),
    path("<int:pk>/versions/", revisions.versions, name="versions"),
    path("revisions/<int:pk>/", revisions.revision, name="revision"),
    path("revisions/<int:pk>/move/", revisions.revision_move, name="revision-move"),
    path("<int:pk>/edit/<slug:slug>/", steps.step, {"kind": "project"}, name="project-step"),
    path("<int:pk>/preview/", steps.preview, {"kind": "project"}, name="project-preview"),
    path("revisions/<int:pk>/edit/", steps.task_list, {"kind": "revision"}, name="revision-edit"),
    path(
        "revisions/<int:pk>/edit/<slug:slug>/",
        steps.step,
        {"kind": "revision"},
        name="revision-step",
    ),
    path(
        "revisions/<int:pk>/preview/", steps.preview, {"kind": "revision"}, name="revision-preview"
    ),
    path("confirm/<str:token>/", upkeep.confirm, name="confirm"),
    path("<int:pk>/confirm/", upkeep.confirm_own, name="confirm-own"),
    path("<int:pk>/claim/", claims.claim_new, name="claim-new"),
    path("claims/<int:pk>/", claims.claim, name="claim"),
    path("claims/<int:pk>/move/", claims.claim_move, name="claim-move"),
    path("<int:pk>/coeditors/", coeditors.coeditors, name="coeditors"),
    path("coeditors/<int:pk>/revoke/", coeditors.coeditor_revoke, name="coeditor-revoke"),
    path("invitations/<str:token>/", coeditors.coeditor_accept, name="coeditor-accept"),
]
