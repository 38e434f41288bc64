from django.urls import path
from django.views.decorators.http import require_safe

from prizes.views import ballot, decision, entries, panels, public, results, sheet
from prizes.views.feed import News

app_name = "prizes"

ENTRY = "<slug:edition>/entries/<int:pk>/"

urlpatterns = [
    path("", public.contests, name="contests"),
    path("feed/", require_safe(News()), name="feed"),
    path("mine/", entries.my_entries, name="my-entries"),
    path("certificates/<str:code>/", results.certificate, name="certificate"),
    path("<slug:edition>/", public.contest, name="contest"),
    path("<slug:edition>/enter/", entries.enter, name="enter"),
    path("<slug:edition>/results/", results.results, name="results"),
    path("<slug:edition>/results.csv", results.results_csv, name="results-csv"),
    path("<slug:edition>/ballot/", sheet.ballot, name="ballot"),
    path("<slug:edition>/ballot/mine/", ballot.my_votes, name="my-votes"),
    path("<slug:edition>/ballot/mine/mail/", ballot.mail_votes, name="mail-votes"),
    path("<slug:edition>/ballot/<str:line>/", ballot.category, name="ballot-category"),
    path(
        "<slug:edition>/ballot/<str:line>/withdraw/",
        ballot.withdraw_vote,
        name="withdraw-vote",
    ),
    path("<slug:edition>/panels/", panels.panels, name="panels"),
    path("<slug:edition>/panels/<str:line>/", panels.panel, name="panel"),
    path(
        "<slug:edition>/panels/<str:line>/winner/", decision.decision, name="decision"
    ),
    path(ENTRY, public.nominee, name="nominee"),
    path(f"{ENTRY}edit/", entries.entry, name="entry"),
    path(f"{ENTRY}move/", entries.entry_move, name="entry-move"),
    path(f"{ENTRY}review/", panels.review, name="review"),
    path(f"{ENTRY}conflict/", panels.conflict, name="conflict"),
    path("<slug:edition>/<str:line>/", public.category, name="category"),
]
