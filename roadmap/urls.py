from django.urls import path
from django.views.decorators.http import require_safe

from roadmap.body import views as body_views
from roadmap.figure import views as figure_views
from roadmap.meeting import views as meeting_views
from roadmap.position import feeds
from roadmap.position import views as position_views
from roadmap.resolution import views as resolution_views
from roadmap.state import views as state_views
from roadmap.timeline import views as timeline_views

app_name = "roadmap"
urlpatterns = [
    path("", timeline_views.timeline, name="timeline"),
    path("export.csv", timeline_views.export, name="export"),
    path("calendar.ics", timeline_views.calendar, name="calendar"),
    path("feed/", require_safe(feeds.Updates()), name="feed"),
    path("updates/", position_views.updates, name="updates"),
    path("resolutions/", resolution_views.resolutions, name="resolutions"),
    path("resolutions/<slug:code>/", resolution_views.resolution, name="resolution"),
    path("meetings/", meeting_views.meetings, name="meetings"),
    path("bodies/", body_views.bodies, name="bodies"),
    path("bodies/<slug:code>/", body_views.body, name="body"),
    path("figures/", figure_views.figures, name="figures"),
    path("state/", state_views.state, name="state"),
    path("my-positions/", position_views.my_positions, name="my-positions"),
    path(
        "positions/<int:pk>/move/", position_views.position_move, name="position-move"
    ),
    path("evidence/<int:pk>/", position_views.evidence, name="evidence"),
    path("<int:pk>/", position_views.milestone, name="milestone"),
    path("<int:pk>/reconcile/", position_views.reconcile, name="reconcile"),
    path("<int:pk>/positions/<slug:code>/", position_views.position, name="position"),
]
