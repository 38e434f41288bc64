from django.urls import path

from stocktaking.views import fragments, imports, members, organisations, public, submissions

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
    path("organisations/", organisations.organisation_list, name="organisations"),
    path("organisations/<int:pk>/", organisations.organisation, name="organisation"),
    path("organisations/<int:pk>/role/", members.role_ask, name="role-ask"),
    path("roles/", members.my_roles, name="my-roles"),
    path("roles/<int:pk>/move/", members.role_move, name="role-move"),
    path("members/", members.member_list, name="members"),
    path("members/figures/", members.member_figures, name="member-figures"),
    path("members/me/", members.my_profile, name="my-profile"),
    path("members/<int:pk>/", members.member, name="member"),
    path("imports/", imports.import_list, name="imports"),
    path("imports/<int:pk>/", imports.import_job, name="import"),
    path("imports/<int:pk>/act/", imports.import_act, name="import-act"),
    path("imports/<int:pk>/errors.csv", imports.import_errors, name="import-errors"),
]
