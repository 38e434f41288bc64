from django.urls import path

from stocktaking.views import conversation, fragments, public, revisions, submissions

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
    path("<int:pk>/edit/", submissions.project_edit, name="project-edit"),
    path("<int:pk>/check/", submissions.project_check, name="project-check"),
    path("<int:pk>/submitted/", submissions.project_done, name="project-done"),
    path("<int:pk>/revise/", revisions.revise, name="revise"),
    path("<int:pk>/versions/", revisions.versions, name="versions"),
    path("revisions/<int:pk>/", revisions.revision, name="revision"),
    path("revisions/<int:pk>/move/", revisions.revision_move, name="revision-move"),
    path("<int:pk>/messages/", conversation.project_messages, name="project-messages"),
]
