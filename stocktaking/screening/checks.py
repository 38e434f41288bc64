"""Automatic checks of a project, shown to submitters and moderators.

A check is a function: project → findings. A finding holds values, not words; its sentence is made
in the language of the reader. To add a check: write the function, its sentence, its row below.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy

from common.text.words import count_words
from stocktaking.base.workflow import WAITING, Status
from stocktaking.organization.workflow import Trust
from stocktaking.project.fields import TEXT_FIELDS
from stocktaking.project.models import Project
from stocktaking.revision.models import proposed_by, subject_of
from stocktaking.screening.models import Screening, Severity, WebsiteCheck
from stocktaking.search.similar import likely_twins

FEW_WORDS = 15
LETTERS_TO_JUDGE = 20  # in a shorter text the script is not clear
FOREIGN_SHARE = 0.6  # of letters outside the script of the declared language
OLD = 2003  # the year of the first phase of the Summit
EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}")
PHONE = re.compile(r"(?<![\w.,/-])(?:\+|00)\d(?:[ ()./-]{0,2}\d){7,13}(?!\w)")
SCRIPTS = {
    "ar": re.compile(r"[\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff]"),
    "zh-hans": re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]"),
    "ru": re.compile(r"[\u0400-\u04ff]"),
}
LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]")
LETTER = re.compile(r"[^\W\d_]")


@dataclass(frozen=True)
class Finding:
    """The result of a check. `values` fill its sentence; they are plain and stored as JSON."""

    check: str
    severity: int
    values: dict[str, Any] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        values = dict(self.values)
        if name := values.get("field"):
            values["field"] = Project._meta.get_field(name).verbose_name  # type: ignore[union-attr]  # a plain field
        return str(SENTENCES[self.check]) % values

    @property
    def level(self) -> str:
        """The severity's own name, for CSS and the API."""
        return Severity(self.severity).name.lower()

    @property
    def label(self) -> str:
        return str(Severity(self.severity).label)


SENTENCES = {
    "incomplete": gettext_lazy("“%(field)s”: %(problem)s"),
    "short": gettext_lazy(
        "The short description has only %(words)d words. Please describe the "
        "project in more detail."
    ),
    "twin": gettext_lazy("Looks like %(number)s, “%(title)s”."),
    "language": gettext_lazy("The text does not seem to be in the selected language."),
    "organization_new": gettext_lazy(
        "The name of the organization is new and not confirmed yet."
    ),
    "organization_blocked": gettext_lazy("The organization is blocked."),
    "personal": gettext_lazy(
        "“%(field)s” contains an e-mail address or telephone number: %(found)s"
    ),
    "years_old": gettext_lazy(
        "The activity began in %(year)d, before the Summit. Please check the year."
    ),
    "years_ahead": gettext_lazy(
        "The activity is marked as ongoing but begins in %(year)d."
    ),
    "years_over": gettext_lazy(
        "The activity is marked as completed but ends in %(year)d."
    ),
    "years_planned": gettext_lazy(
        "The activity is said to be planned, but begins or ends in %(year)d."
    ),
    "years_ended": gettext_lazy(
        "The activity is said to be running, but ended in %(year)d."
    ),
    "website_dead": gettext_lazy("The website did not answer on %(date)s: %(problem)s"),
    "website_unchecked": gettext_lazy("The website has not been checked yet."),
}


def completeness(project: Project) -> Iterator[Finding]:
    """Missing fields, word limits and all other rules of the model, as at submission."""
    problems: dict[str, list[str]] = {}
    try:
        project.require_complete()
    except ValidationError as error:
        problems = error.message_dict
    fields = {f.name for f in Project._meta.get_fields()}
    for name, sentences in problems.items():
        if name in fields:
            values = {"field": name, "problem": " ".join(map(str, sentences))}
            yield Finding("incomplete", Severity.ERROR, values)


def substance(project: Project) -> Iterator[Finding]:
    words = count_words(project.summary)
    if 0 < words < FEW_WORDS:
        yield Finding("short", Severity.INFO, {"words": words})


def language(project: Project) -> Iterator[Finding]:
    """Whether the letters belong to the script of the declared language."""
    text = f"{project.title} {project.summary}"
    letters = len(LETTER.findall(text))
    if letters < LETTERS_TO_JUDGE:
        return
    own = len(SCRIPTS.get(project.language, LATIN).findall(text))
    if own < letters * (1 - FOREIGN_SHARE):
        yield Finding("language", Severity.WARNING)


def organization(project: Project) -> Iterator[Finding]:
    organization = project.organization
    trust = getattr(organization, "trust", None)
    if trust and trust.status == Trust.BLOCKED:
        yield Finding("organization_blocked", Severity.ERROR)
    elif project.organization_name and (
        organization is None or organization.confirmed_at is None
    ):
        yield Finding("organization_new", Severity.WARNING)


def personal_data(project: Project) -> Iterator[Finding]:
    """E-mail addresses and telephone numbers in what would be public."""
    for name in TEXT_FIELDS:
        text = getattr(project, name)
        match = EMAIL.search(text) or PHONE.search(text)
        if match:
            yield Finding(
                "personal", Severity.ERROR, {"field": name, "found": match[0][:80]}
            )


def years(project: Project) -> Iterator[Finding]:
    now, start, end = timezone.now().year, project.start_year, project.end_year
    if start and start < OLD:
        yield Finding("years_old", Severity.INFO, {"year": start})
    if start and start > now and project.timescale == Project.Timescale.ONGOING:
        yield Finding("years_ahead", Severity.WARNING, {"year": start})
    if end and end < now and project.timescale == Project.Timescale.ONGOING:
        yield Finding("years_ended", Severity.WARNING, {"year": end})
    past = [year for year in (start, end) if year and year < now]
    if past and project.timescale == Project.Timescale.PLANNED:
        yield Finding("years_planned", Severity.WARNING, {"year": max(past)})
    if end and end > now and project.timescale == Project.Timescale.COMPLETED:
        yield Finding("years_over", Severity.WARNING, {"year": end})


def website(project: Project) -> Iterator[Finding]:
    """The result of the last visit; a task makes the visit."""
    if not project.website:
        return
    visit = WebsiteCheck.objects.filter(url=project.website).first()
    if visit is None:
        yield Finding("website_unchecked", Severity.NONE)
    elif not visit.alive:
        values = {"date": visit.at.date().isoformat(), "problem": visit.problem}
        yield Finding("website_dead", Severity.WARNING, values)


CHECKS: tuple[Callable[[Project], Iterable[Finding]], ...] = (
    completeness,
    substance,
    language,
    organization,
    personal_data,
    years,
    website,
)


def examine(project: Project, among: models.QuerySet) -> list[Finding]:
    """All findings, most severe first. `among` are the projects that the reader may know of."""
    findings = [finding for check in CHECKS for finding in check(project)]
    for twin in likely_twins(project, among):
        values = {"number": twin.number, "title": twin.title[:120], "id": twin.pk}
        severity = Severity.ERROR if twin.is_own else Severity.WARNING  # type: ignore[attr-defined]  # annotated
        findings.append(Finding("twin", severity, values))
    return sorted(findings, key=lambda finding: -finding.severity)


def remarks(project: Project) -> list[Finding]:
    """What the writer is told before submitting, besides missing fields and similar projects."""
    findings = [
        finding
        for check in CHECKS
        if check != completeness
        for finding in check(project)
    ]
    told = [finding for finding in findings if finding.severity]
    return sorted(told, key=lambda finding: -finding.severity)


def screen(project: Project) -> Screening:
    """Check a project, or its new version, as it is now and store the findings; safe to repeat.

    A new submission of the same project keeps the content of the one before, for its differences.
    """
    others = Project.objects.filter(status__in=[*WAITING, Status.PUBLISHED])
    subject = subject_of(project)
    proposed = proposed_by(subject)
    findings = examine(proposed, others)
    kept = Screening.objects.filter(project=project).first() or Screening(
        project=project
    )
    if kept.pk and kept.submitted_at != subject.submitted_at:
        kept.before = kept.content
    kept.content = proposed.public_content()
    kept.findings = [asdict(finding) for finding in findings]
    kept.worst = max((finding.severity for finding in findings), default=Severity.NONE)
    kept.seen, kept.submitted_at = subject.updated_at, subject.submitted_at
    kept.save()
    return kept


def stored(screening: Screening | None) -> list[Finding]:
    """The findings of a screening; those of a check that no longer exists are left out."""
    rows = screening.findings if screening else []
    return [Finding(**row) for row in rows if row["check"] in SENTENCES]
