from django.urls import path

from forum.views import consultation, personal, public, registration

app_name = "forum"

urlpatterns = [
    path("", public.editions, name="editions"),
    path("feed/", public.feed, name="feed"),
    path("mine/", personal.my_agenda, name="my-agenda"),
    path("mine/calendar/", personal.calendar_key, name="calendar-key"),
    path("calendar/<str:token>.ics", personal.my_calendar, name="my-calendar"),
    path("people/", public.people, name="people"),
    path("people/<int:pk>/", public.person, name="person"),
    path("documents/<int:pk>/", public.document, name="document"),
    path("sessions/<int:pk>/", public.session, name="session"),
    path(
        "sessions/<int:pk>/session.ics",
        public.session_calendar,
        name="session-calendar",
    ),
    path("sessions/<int:pk>/star/", personal.star, name="star"),
    path("sessions/<int:pk>/outcome/", registration.outcome, name="outcome"),
    path(
        "sessions/<int:pk>/outcome/edit/",
        registration.outcome_edit,
        name="outcome-edit",
    ),
    path("submissions/", personal.submissions, name="submissions"),
    path("submissions/<int:pk>/", consultation.submission, name="submission"),
    path(
        "submissions/<int:pk>/edit/",
        consultation.submission_edit,
        name="submission-edit",
    ),
    path(
        "submissions/<int:pk>/move/",
        consultation.submission_move,
        name="submission-move",
    ),
    path(
        "submissions/<int:pk>/session/",
        consultation.submission_session,
        name="submission-session",
    ),
    path(
        "registrations/<int:pk>/move/",
        registration.registration_move,
        name="registration-move",
    ),
    path("<slug:slug>/", public.edition, name="edition"),
    path("<slug:slug>/agenda/", public.agenda, name="agenda"),
    path("<slug:slug>/agenda.ics", public.edition_calendar, name="edition-calendar"),
    path("<slug:slug>/consultation/", consultation.consultation, name="consultation"),
    path(
        "<slug:slug>/consultation/new/",
        consultation.submission_new,
        name="submission-new",
    ),
    path("<slug:slug>/register/", registration.register, name="register"),
    path("<slug:slug>/documents/", public.documents, name="documents"),
    path("<slug:slug>/releases/", public.releases, name="releases"),
    path("<slug:slug>/releases/<int:number>/", public.release, name="release"),
]
