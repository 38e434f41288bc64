"""Asking the owners of projects how their boxes are to be printed, and what they answer."""

import datetime
from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.db.models.functions import Now
from django.utils import timezone, translation

from common.mail import outbox
from common.mail.links import digest, new_token
from common.moves.actors import Person
from reports.asking.models import Answer, BoxQuestion, today
from reports.builders.projects import Content, contents_of
from reports.report.boxes import chosen, numbers_of
from reports.report.models import Block, Report
from stocktaking.project.models import Project

TIME_TO_ANSWER = datetime.timedelta(days=10)


def boxes_of(block: Block) -> list[Content]:
    """The boxes as the next build would choose them, in the language of the report."""
    report = block.section.report
    with translation.override(report.language):
        projects = report.scope.projects()
        if numbers := numbers_of(block.settings):
            projects = projects.filter(number__in=numbers)
        entries = contents_of(projects)
    return chosen(entries, block.settings)


def with_owners(contents: Iterable[Content]) -> QuerySet[Project]:
    """The projects of these boxes whose owners can be asked: what was imported has none."""
    pks = [content["pk"] for content in contents]
    return Project.objects.filter(pk__in=pks, owner__is_active=True)


def ask(block: Block, user: Person) -> int:
    """One mail to each owner who was not asked yet; returns how many. The choice is fixed from now
    on: a rule could choose others tomorrow."""
    contents = boxes_of(block)
    numbers = ", ".join(content["number"] for content in contents)
    block.settings = block.settings | {"numbers": numbers}
    block.save(update_fields=["settings"])
    asked = set(block.box_questions.values_list("project", flat=True))
    projects = with_owners(contents).exclude(pk__in=asked)
    by_owner: dict[Person, list[Project]] = {}
    for project in projects.select_related("owner").order_by("pk"):
        if project.owner:
            by_owner.setdefault(project.owner, []).append(project)
    for owner, of_owner in by_owner.items():
        ask_owner(block, owner, of_owner, user)
    return len(by_owner)


def ask_owner(
    block: Block, owner: Person, projects: Iterable[Project], user: Person
) -> None:
    token, ends_on = new_token(), today() + TIME_TO_ANSWER
    questions = BoxQuestion.objects.bulk_create(
        BoxQuestion(
            block=block,
            project=project,
            owner=owner,
            by=user,
            tokens=[digest(token)],
            ends_on=ends_on,
        )
        for project in projects
    )
    context: dict[str, Any] = {
        "to": owner,
        "questions": questions,
        "report": block.section.report,
        "ends_on": ends_on,
        "token": token,
    }
    outbox.send_to_address(
        "reports/box_question", owner.email, owner.language, context, once=True
    )


def answer(question: BoxQuestion, said: str, text: str) -> None:
    """The owner's answer; a later one replaces it until the last day."""
    question.answer, question.text = said, "" if said == Answer.REFUSED else text
    question.answered_at = timezone.now()
    question.accepted_at, question.accepted_by = None, None
    question.save()
    touch(question)


def accept(question: BoxQuestion, user: Person) -> None:
    question.accepted_at, question.accepted_by = timezone.now(), user
    question.save(update_fields=["accepted_at", "accepted_by"])
    touch(question)


def touch(question: BoxQuestion) -> None:
    """Versions that were built before do not have it."""
    pk = question.block.section.report_id
    Report.objects.filter(pk=pk).update(changed_at=Now())


def leave_out(block: Block, number: str) -> None:
    """The project is no longer among those of the block."""
    numbers = [one for one in numbers_of(block.settings) if one != number]
    block.settings = block.settings | {"numbers": ", ".join(numbers)}
    block.save(update_fields=["settings"])
    block.section.report.touch()
