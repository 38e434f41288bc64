from django.urls import path
from django.views.decorators.http import require_safe

from roadmap.views import feed, positions, public

app_name = "roadmap"
urlpatterns = [
    path("", public.timeline, name="timeline"),
    path("export.csv", public.export, name="export"),
    path("calendar.ics", public.calendar, name="calendar"),
    path("feed/", require_safe(feed.Updates()), name="feed"),
    path("updates/", public.updates, name="updates"),
    path("resolutions/", public.resolutions, name="resolutions"),
    path("resolutions/<slug:code>/", public.resolution, name="resolution"),
    path("meetings/", public.meetings, name="meetings"),
    path("bodies/", public.bodies, name="bodies"),
    path("bodies/<slug:code>/", public.body, name="body"),
    path("figures/", public.figures, name="figures"),
    path("state/", public.state, name="state"),
    path("my-positions/", positions.my_positions, name="my-positions"),
    path("positions/<int:pk>/move/", positions.position_move, name="position-move"),
    path("evidence/<int:pk>/", public.evidence, name="evidence"),
    path("<int:pk>/", public.milestone, name="milestone"),
    path("<int:pk>/reconcile/", positions.reconcile, name="reconcile"),
    path("<int:pk>/positions/<slug:code>/", positions.position, name="position"),
]
