"""Creates a contest for demonstrations, named as such; refuses to run outside a demonstration.

Its phases lie around the present day: voting is open. Its entries are real projects that stand in
for nominees; they were not nominated in any edition of 2026.
"""

import datetime
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from accounts.user.models import User
from prizes.contest.loading import make_categories
from prizes.contest.models import Category, Contest, Phase
from prizes.contest.rules import Criterion, Question
from prizes.entry.models import Entry
from prizes.entry.workflow import Status
from prizes.hold.rules import in_all_languages, make_rules
from prizes.panel.models import Panel, PanelMember
from stocktaking.project.models import Project

SLUG = "demonstration"
NOMINEES = 6  # per category
DAYS = {
    Phase.Kind.SUBMISSION: (-60, -30),
    Phase.Kind.NOMINATION: (-30, -5),
    Phase.Kind.VOTING: (-5, 30),
    Phase.Kind.SELECTION: (30, 40),
    Phase.Kind.ANNOUNCEMENT: (45, 46),
}
NOTE = "Demonstration: this project stands in for a nominee; it is no nominee of a real edition."
QUESTIONS = (
    (
        _("Does the project use information and communication technologies?"),
        _("The prizes are for projects of the information society."),
    ),
    (
        _("Has the project begun, so that results can be shown?"),
        _(
            "Planned projects cannot enter; please come back when the project has begun."
        ),
    ),
    (
        _("Does the project enter only one category?"),
        _("A project takes part in one category of a contest."),
    ),
    (
        _("Has the project never won a WSIS Prize?"),
        _("Earlier winners cannot enter again."),
    ),
)
CRITERIA = (
    (
        _("Link with the action line and the Sustainable Development Goals"),
        _("How closely does it serve the action line?"),
        3,
    ),
    (_("Impact"), _("What has changed, with numbers and in the words of people?"), 4),
    (_("Partnerships"), _("Who are the partners?"), 2),
    (_("Potential to grow"), _("Can others do the same elsewhere?"), 2),
)


class Command(BaseCommand):
    help = "Creates a demonstration contest with open voting (only with DEMO=1)."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError(
                "A contest with invented dates is only created when DEMO=1 is set."
            )
        contest, new = Contest.objects.get_or_create(
            slug=SLUG,
            defaults={
                "year": timezone.now().year,
                "title": "WSIS Prizes – demonstration",
                "is_demonstration": True,
                "rules_note": "Made to try the portal.",
            },
        )
        if new:
            fill(contest)
        self.stdout.write(
            f"{contest.get_absolute_url()} {'is new' if new else 'was there'}."
        )


def fill(contest: Contest) -> None:
    make_categories(contest)
    make_rules(contest)
    today = timezone.localtime(timezone.now(), contest.zone).replace(
        hour=0, minute=0, second=0, microsecond=0
    )
    for kind, (first, last) in DAYS.items():
        Phase.objects.create(
            contest=contest,
            kind=kind,
            opens_at=today + datetime.timedelta(days=first),
            closes_at=today + datetime.timedelta(days=last, hours=23),
        )
    for order, (text, refusal) in enumerate(QUESTIONS, start=1):
        Question.objects.create(
            contest=contest,
            order=order,
            **in_all_languages(text),
            **in_all_languages(refusal, "refusal"),
        )
    for order, (text, guidance, weight) in enumerate(CRITERIA, start=1):
        Criterion.objects.create(
            contest=contest,
            order=order,
            weight=weight,
            **in_all_languages(text),
            **in_all_languages(guidance, "guidance"),
        )
    for category in contest.categories.all():
        nominate(contest, category)
        seat(category)


def nominate(contest: Contest, category: Category) -> None:
    projects = Project.objects.published().filter(
        main_action_line=category.action_line_id
    )
    Entry.objects.bulk_create(
        Entry(
            contest=contest,
            category=category,
            project=project,
            owner=project.owner,
            title=project.title,
            language=project.language,
            organization=project.organization,
            organization_name=project.organization_name,
            country=project.country,
            stakeholder_type=project.stakeholder_type,
            description=project.summary,
            exclusive=False,
            status=Status.NOMINATED,
            source_note=NOTE,
        )
        for project in projects.exclude(summary="").order_by("pk")[:NOMINEES]
    )


def seat(category: Category) -> None:
    expert = User.objects.filter(email="expert@demo.example").first()
    if expert:
        panel, _new = Panel.objects.get_or_create(category=category)
        PanelMember.objects.get_or_create(
            panel=panel, expert=expert, defaults={"is_chair": True}
        )
