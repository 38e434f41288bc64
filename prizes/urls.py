from django.urls import path
from django.views.decorators.http import require_safe

from prizes.ballot import views as ballot
from prizes.ballot import whole_ballot_views
from prizes.certificate import views as certificates
from prizes.checking import views as checking
from prizes.contest import views as contest_views
from prizes.contest.feeds import News
from prizes.entry import views as entry_views
from prizes.invitation import views as invitations
from prizes.page import compare_views, kit_views, receipt_views, record_views
from prizes.page import views as page_views
from prizes.panel import chair_views, decision_views, delegation_views
from prizes.panel import views as panels
from prizes.public_record import views as record
from prizes.public_record.feeds import Roots
from prizes.result import views as results
from prizes.statistics import views as statistics_views
from prizes.text import views as text_views

app_name = "prizes"

ENTRY = "<slug:edition>/entries/<int:pk>/"

urlpatterns = [
    path("", contest_views.contests, name="contests"),
    path("feed/", require_safe(News()), name="feed"),
    path("mine/", entry_views.my_entries, name="my-entries"),
    path("certificates/<str:code>/", results.certificate, name="certificate"),
    path(
        "certificates/<str:code>/certificate.pdf",
        certificates.certificate_pdf,
        name="certificate-pdf",
    ),
    path(
        "certificates/<str:code>/badge.<str:picture>",
        certificates.badge,
        name="certificate-badge",
    ),
    path(
        "invitations/<str:token>/",
        invitations.invitation,
        name="invitation",
    ),
    path("held/<str:token>/", checking.held, name="held"),
    path(
        "delegations/<int:pk>/",
        delegation_views.delegated_review,
        name="delegated-review",
    ),
    path(
        "delegations/link/<str:token>/",
        delegation_views.delegation,
        name="delegation",
    ),
    path("<slug:edition>/", page_views.contest, name="contest"),
    path("<slug:edition>/enter/", entry_views.enter, name="enter"),
    path("<slug:edition>/results/", results.results, name="results"),
    path("<slug:edition>/results.csv", results.results_csv, name="results-csv"),
    path(
        "<slug:edition>/statistics/",
        statistics_views.statistics,
        name="statistics",
    ),
    path(
        "<slug:edition>/statistics.csv",
        statistics_views.statistics_csv,
        name="statistics-csv",
    ),
    path("<slug:edition>/record/", record_views.record, name="record"),
    path("<slug:edition>/record/roots/", require_safe(Roots()), name="roots"),
    path("<slug:edition>/record/<int:number>/", record.root, name="root"),
    path(
        "<slug:edition>/record/recount.py",
        record_views.verifier,
        name="record-verifier",
    ),
    path(
        "<slug:edition>/record/archive.zip",
        record_views.archive,
        name="record-archive",
    ),
    path(
        "<slug:edition>/record/files/<str:name>",
        record_views.one_file,
        name="record-file",
    ),
    path("<slug:edition>/verify/", receipt_views.verify, name="verify"),
    path("<slug:edition>/held-votes/", checking.checking, name="checking"),
    path("<slug:edition>/held-votes.csv", checking.checking_csv, name="checking-csv"),
    path("<slug:edition>/ballot/", whole_ballot_views.ballot, name="ballot"),
    path("<slug:edition>/ballot/mine/", ballot.my_votes, name="my-votes"),
    path("<slug:edition>/ballot/mine/mail/", ballot.mail_votes, name="mail-votes"),
    path("<slug:edition>/ballot/mine/link/", checking.send_again, name="held-again"),
    path("<slug:edition>/ballot/mine/wish/", ballot.wish_list, name="vote-list-wish"),
    path("<slug:edition>/ballot/<str:line>/", ballot.category, name="ballot-category"),
    path(
        "<slug:edition>/ballot/<str:line>/withdraw/",
        ballot.withdraw_vote,
        name="withdraw-vote",
    ),
    path("<slug:edition>/panels/", panels.panels, name="panels"),
    path("<slug:edition>/panels/<str:line>/", panels.panel, name="panel"),
    path(
        "<slug:edition>/panels/<str:line>/scores.csv",
        panels.scores_sheet,
        name="panel-scores",
    ),
    path(
        "<slug:edition>/panels/<str:line>/next/", panels.next_entry, name="next-entry"
    ),
    path(
        "<slug:edition>/panels/<str:line>/remind/",
        chair_views.remind_experts,
        name="panel-remind",
    ),
    path(
        "<slug:edition>/panels/<str:line>/entries/<int:pk>/",
        chair_views.entry_reviews,
        name="entry-reviews",
    ),
    path(
        "<slug:edition>/panels/<str:line>/winner/",
        decision_views.decision,
        name="decision",
    ),
    path(ENTRY, page_views.nominee, name="nominee"),
    path(f"{ENTRY}edit/", entry_views.entry, name="entry"),
    path(f"{ENTRY}texts/", text_views.texts, name="entry-texts"),
    path(f"{ENTRY}texts/<str:language>/", text_views.text, name="entry-text"),
    path(
        f"{ENTRY}texts/<str:language>/move/",
        text_views.text_move,
        name="entry-text-move",
    ),
    path(f"{ENTRY}kit/", kit_views.kit, name="kit"),
    path(f"{ENTRY}kit/<str:name>", kit_views.kit_file, name="kit-file"),
    path(f"{ENTRY}move/", page_views.entry_move, name="entry-move"),
    path(f"{ENTRY}review/", panels.review, name="review"),
    path(f"{ENTRY}delegate/", delegation_views.delegate, name="delegate"),
    path(f"{ENTRY}conflict/", panels.conflict, name="conflict"),
    path("<slug:edition>/<str:line>/compare/", compare_views.compare, name="compare"),
    path("<slug:edition>/<str:line>/", page_views.category, name="category"),
]
