from django.urls import path

from stocktaking.views import (
    explore,
    follows,
    fragments,
    machines,
    profiles,
    public,
    results,
    submissions,
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
    path("<int:pk>/edit/", submissions.project_edit, name="project-edit"),
    path("<int:pk>/check/", submissions.project_check, name="project-check"),
    path("<int:pk>/submitted/", submissions.project_done, name="project-done"),
    path("download/", results.download, name="download"),
    path("export.<str:kind>", results.export, name="export"),
    path("feed.atom", results.feed, name="feed"),
    path("follows/", follows.follows, name="follows"),
    path("follows/add/", follows.follow_add, name="follow-add"),
    path("follows/<int:pk>/", follows.follow_change, name="follow-change"),
    path("follows/stop/<str:token>/", follows.follow_stop, name="follow-stop"),
    path("by/", profiles.profiles, name="profiles"),
    path("by/<str:facet>/<str:code>/", profiles.profile, name="profile"),
    path("collections/<slug:slug>/", profiles.collection, name="collection"),
    path("map/", explore.country_map, name="map"),
    path("heat/", explore.heat, name="heat"),
    path("white-spots/", explore.white_spots, name="white-spots"),
    path("white-spots.csv", explore.white_spots_csv, name="white-spots-csv"),
    path("<int:pk>.jsonld", machines.json_ld, name="project-jsonld"),
    path("<int:pk>/card/", machines.card, name="project-card"),
]
