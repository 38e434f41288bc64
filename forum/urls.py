from django.urls import path

from forum.agenda import feeds
from forum.agenda import views as agenda_views
from forum.announcement import views as announcement_views
from forum.badge import views as badge_views
from forum.checkin import views as checkin_views
from forum.claim import views as claim_views
from forum.consultation import views as consultation
from forum.consultation import views as consultation_views
from forum.consultation import writing as consultation_writing
from forum.day import offline
from forum.day import views as day_views
from forum.decision import views as decision_views
from forum.edition import views as edition_views
from forum.follow_up import views as follow_up_views
from forum.grouping import views as grouping_views
from forum.joining import views as joining_views
from forum.letter import views as letter_views
from forum.mailing import views as mailing_views
from forum.offer import views as offer_views
from forum.outcome import desk as outcome_desk
from forum.outcome import views as outcome_views
from forum.outcome import writing
from forum.page import views as page_views
from forum.people import views as people_views
from forum.planning import views as planning_views
from forum.poll import views as poll_views
from forum.printing import views as printing_views
from forum.programme import views as programme
from forum.registration import delegation_views
from forum.registration import views as registration_views
from forum.release import views as release_views
from forum.review import views as review_views
from forum.screening import views as screening_views
from forum.sign_up import views as sign_up_views
from forum.speakers import views as speakers_views
from forum.suggestion import views as suggestion_views
from forum.text import views as text_views

app_name = "forum"

urlpatterns = [
    path("", edition_views.editions, name="editions"),
    path("feed/", feeds.feed, name="feed"),
    path("mine/", page_views.my_agenda, name="my-agenda"),
    path("mine/calendar/", agenda_views.calendar_key, name="calendar-key"),
    path("calendar/<str:token>.ics", agenda_views.my_calendar, name="my-calendar"),
    path("people/", people_views.people, name="people"),
    path("people/<int:pk>/", page_views.person, name="person"),
    path("people/mine/", claim_views.own_record, name="own-record"),
    path("people/claim/<str:token>/", claim_views.claim, name="claim"),
    path("documents/<int:pk>/", outcome_views.document, name="document"),
    path("sessions/<int:pk>/", page_views.session, name="session"),
    path(
        "sessions/<int:pk>/session.ics",
        agenda_views.session_calendar,
        name="session-calendar",
    ),
    path("sessions/<int:pk>/texts/", text_views.texts, name="session-texts"),
    path(
        "sessions/<int:pk>/texts/<slug:language>/",
        text_views.text,
        name="session-text",
    ),
    path(
        "sessions/<int:pk>/texts/<slug:language>/move/",
        text_views.text_move,
        name="session-text-move",
    ),
    path("sessions/<int:pk>/slot/", offer_views.session_slot, name="session-slot"),
    path("sessions/<int:pk>/star/", agenda_views.star, name="star"),
    path("sessions/<int:pk>/sign-up/", sign_up_views.sign_up, name="sign-up"),
    path("sessions/<int:pk>/outcome/", outcome_views.outcome, name="outcome"),
    path("sessions/<int:pk>/outcome/edit/", writing.outcome_edit, name="outcome-edit"),
    path(
        "sessions/<int:pk>/outcome/versions/",
        writing.outcome_versions,
        name="outcome-versions",
    ),
    path("sessions/<int:pk>/minutes/", outcome_views.minutes, name="minutes"),
    path("sessions/<int:pk>/minutes/edit/", writing.minutes_edit, name="minutes-edit"),
    path(
        "sessions/<int:pk>/minutes/versions/",
        writing.minutes_versions,
        name="minutes-versions",
    ),
    path("sessions/<int:pk>/polls/new/", poll_views.poll_new, name="poll-new"),
    path("polls/<int:pk>/", poll_views.poll, name="poll"),
    path("polls/<int:pk>/answer/", poll_views.poll_answer, name="poll-answer"),
    path("polls/<int:pk>/turn/", poll_views.poll_turn, name="poll-turn"),
    path("submissions/", consultation_views.submissions, name="submissions"),
    path("submissions/<int:pk>/", consultation.submission, name="submission"),
    path(
        "submissions/<int:pk>/edit/",
        consultation_writing.submission_edit,
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
        "submissions/<int:pk>/speakers/",
        speakers_views.speakers,
        name="submission-speakers",
    ),
    path(
        "submissions/<int:pk>/screening/",
        screening_views.submission_screening,
        name="submission-screening",
    ),
    path("submissions/<int:pk>/review/", review_views.review, name="review"),
    path("submissions/<int:pk>/join/", joining_views.propose, name="joining-propose"),
    path("joinings/<int:pk>/", joining_views.joining, name="joining"),
    path("submissions/<int:pk>/group/", grouping_views.own_group, name="own-group"),
    path("same/<str:token>/", grouping_views.group_by_link, name="group-by-link"),
    path(
        "reviewing/<str:token>/", review_views.reviewer_answer, name="reviewer-answer"
    ),
    path("join/<str:token>/", joining_views.joining_by_link, name="joining-by-link"),
    path("dispatches/<int:pk>/", decision_views.dispatch, name="dispatch"),
    path("inputs/<str:token>/", consultation.input_by_link, name="input-by-link"),
    path(
        "registrations/<int:pk>/move/",
        registration_views.registration_move,
        name="registration-move",
    ),
    path("letters/<str:code>/", letter_views.letter_check, name="letter-check"),
    path("registrations/<int:pk>/letters/", letter_views.letters, name="letters"),
    path(
        "registrations/<int:pk>/letters/<slug:kind>.pdf",
        letter_views.letter_file,
        name="letter-file",
    ),
    path("registrations/<int:pk>/badge/", badge_views.badge, name="badge"),
    path(
        "registrations/<int:pk>/badge/badge.<str:file_type>",
        badge_views.badge_file,
        name="badge-file",
    ),
    path("delegations/<int:pk>/", delegation_views.delegation, name="delegation"),
    path(
        "registrations/<int:pk>/edit/",
        registration_views.registration_edit,
        name="registration-edit",
    ),
    path(
        "registrations/<int:pk>/follow-up/",
        follow_up_views.follow_up,
        name="follow-up",
    ),
    path(
        "registrations/<int:pk>/claim/",
        registration_views.registration_claim,
        name="registration-claim",
    ),
    path("<slug:slug>/", edition_views.edition, name="edition"),
    path("<slug:slug>/agenda/", day_views.agenda, name="agenda"),
    path(
        "<slug:slug>/agenda/all/",
        day_views.agenda,
        {"all_days": True},
        name="agenda-all",
    ),
    path("<slug:slug>/agenda/offline.js", offline.worker, name="agenda-offline"),
    path(
        "<slug:slug>/agenda.ics", agenda_views.edition_calendar, name="edition-calendar"
    ),
    path("<slug:slug>/schedule.xml", programme.schedule_xml, name="schedule-xml"),
    path("<slug:slug>/schedule.json", programme.schedule_json, name="schedule-json"),
    path("<slug:slug>/programme.csv", programme.sheet, name="programme-csv"),
    path("<slug:slug>/print/", programme.print_page, name="print"),
    path("<slug:slug>/print/<slug:name>.pdf", programme.printout, name="printout"),
    path("<slug:slug>/consultation/", consultation.consultation, name="consultation"),
    path("<slug:slug>/consultation/inputs/", consultation.inputs, name="inputs"),
    path(
        "<slug:slug>/consultation/new/",
        consultation_writing.submission_new,
        name="submission-new",
    ),
    path("<slug:slug>/plan/", planning_views.plan, name="plan"),
    path("<slug:slug>/plan/<int:pk>/", planning_views.session, name="plan-session"),
    path("<slug:slug>/plan/undo/", planning_views.undo, name="plan-undo"),
    path("<slug:slug>/plan/clashes/", planning_views.clashes, name="plan-clashes"),
    path(
        "<slug:slug>/letters/<slug:kind>.pdf",
        letter_views.letter_preview,
        name="letter-preview",
    ),
    path("<slug:slug>/check-in/", checkin_views.check_in, name="check-in"),
    path(
        "<slug:slug>/check-in/list/",
        checkin_views.check_in_list,
        name="check-in-list",
    ),
    path(
        "<slug:slug>/check-in/merge/",
        checkin_views.check_in_merge,
        name="check-in-merge",
    ),
    path("<slug:slug>/check-in/log/", checkin_views.check_in_log, name="check-in-log"),
    path(
        "<slug:slug>/check-in/offline.js",
        checkin_views.worker,
        name="check-in-worker",
    ),
    path("<slug:slug>/printing/", printing_views.printing, name="printing"),
    path(
        "<slug:slug>/printing/<slug:kind>/",
        printing_views.print_kind,
        name="print-kind",
    ),
    path(
        "<slug:slug>/printing/files/<int:pk>.pdf",
        printing_views.printed_file,
        name="printed-file",
    ),
    path(
        "<slug:slug>/plan/suggestions/",
        suggestion_views.suggestions,
        name="suggestions",
    ),
    path(
        "<slug:slug>/plan/suggestions/<int:pk>/",
        suggestion_views.suggestion,
        name="suggestion",
    ),
    path("<slug:slug>/review/", review_views.review_list, name="review-list"),
    path("<slug:slug>/groups/", grouping_views.groups, name="input-groups"),
    path("<slug:slug>/groups/<int:pk>/", grouping_views.group, name="input-group"),
    path("<slug:slug>/reviews/", review_views.reviews, name="reviews"),
    path(
        "<slug:slug>/reviews/remind/",
        review_views.reviewers_remind,
        name="reviewers-remind",
    ),
    path("<slug:slug>/reviews.csv", review_views.reviews_csv, name="reviews-csv"),
    path("<slug:slug>/decisions/", decision_views.outbox, name="decisions"),
    path(
        "<slug:slug>/decisions/set/", decision_views.pending_set, name="decisions-set"
    ),
    path("<slug:slug>/decisions/send/", decision_views.send, name="decisions-send"),
    path("<slug:slug>/screening/", screening_views.screening, name="screening"),
    path("<slug:slug>/attendees/", registration_views.attendees, name="attendees"),
    path("<slug:slug>/register/", registration_views.register, name="register"),
    path("<slug:slug>/documents/", outcome_views.documents, name="documents"),
    path("<slug:slug>/mails/", mailing_views.mailings, name="mailings"),
    path("<slug:slug>/mails/new/", mailing_views.mailing_edit, name="mailing-new"),
    path("<slug:slug>/mails/<int:pk>/", mailing_views.mailing, name="mailing"),
    path(
        "<slug:slug>/mails/<int:pk>/edit/",
        mailing_views.mailing_edit,
        name="mailing-edit",
    ),
    path(
        "<slug:slug>/mails/<int:pk>/act/", mailing_views.mailing_act, name="mailing-act"
    ),
    path("<slug:slug>/reports/", outcome_desk.reports, name="reports"),
    path("<slug:slug>/reports.xlsx", outcome_desk.sheet, name="reports-sheet"),
    path("<slug:slug>/releases/", agenda_views.releases, name="releases"),
    path(
        "<slug:slug>/releases/jobs/<int:pk>/",
        release_views.release_job,
        name="release-job",
    ),
    path(
        "<slug:slug>/releases/<int:number>/", announcement_views.release, name="release"
    ),
]
