"""What the rules of an edition find in its proposals: a number of queries that does not grow."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from typing import TYPE_CHECKING, NamedTuple

from django.db.models import Q, prefetch_related_objects
from django.utils.translation import gettext as _

from common.templatetags.names import comma
from forum.base.status import IN_A_SESSION, SubmissionStatus
from forum.consultation.models import Submission
from forum.consultation.questions import Question, asked, is_answer
from forum.edition.models import Edition
from forum.people.models import name_key
from forum.session.models import Session
from forum.session.workflow import SessionStatus
from forum.speakers.models import ProposedSpeaker

if TYPE_CHECKING:
    from forum.screening.models import ScreeningRule, Waiver

# Proposals that count when it is asked how often somebody is named.
NAMING = (SubmissionStatus.SUBMITTED, SubmissionStatus.ACCEPTED, SubmissionStatus.USED)
INTERNATIONAL = "INTL"  # outside the six regions


class Finding(NamedTuple):
    """A rule that a proposal fails, in a sentence; `waiver` when staff let it pass."""

    rule: "ScreeningRule"
    sentence: str
    waiver: "Waiver | None"

    @property
    def is_open(self) -> bool:
        return self.waiver is None

    @property
    def is_blocking(self) -> bool:
        return self.is_open and self.rule.is_hard


class Screening:
    """The rules of an edition applied to proposals of it."""

    def __init__(self, edition: Edition, submissions: Iterable[Submission]) -> None:
        self.edition = edition
        self.submissions = [one for one in submissions if one.kind.proposes_session]
        self.rules = list(edition.screening_rules.in_use()) if self.submissions else []
        self._checks: dict[str, Callable[[Submission, int], str]] = {
            "complete": self._complete,
            "speakers": self._too_few_speakers,
            "per_speaker": self._named_too_often,
            "regions": self._too_few_regions,
            "types": self._too_few_types,
            "genders": self._too_few_genders,
            "report": self._report_owed,
        }
        self._questions: dict[int, list[Question]] = defaultdict(list)
        self._named: dict[str, set[int]] = defaultdict(set)
        self._owed: dict[int, list[str]] = defaultdict(list)
        self._before: Edition | None = None
        if self.rules:
            self._read({rule.kind for rule in self.rules})

    def findings_of(self, submission: Submission) -> list[Finding]:
        """Those of one of the proposals, in the order of the rules."""
        if not submission.kind.proposes_session:
            return []
        waivers = {
            waiver.rule_id: waiver
            for waiver in submission.waivers.all()
            if not waiver.ended_at
        }
        findings = []
        for rule in self.rules:
            sentence = self._checks[rule.kind](submission, rule.threshold or 0)
            if sentence:
                findings.append(Finding(rule, sentence, waivers.get(rule.pk)))
        return findings

    # --- reading ---

    def _read(self, kinds: set[str]) -> None:
        prefetch_related_objects(
            self.submissions,
            "country__region",
            "stakeholder_type",
            "speakers__country__region",
            "speakers__stakeholder_type",
            "waivers__by",
        )
        if "complete" in kinds:
            questions = Question.objects.filter(kind__edition=self.edition)
            for question in questions.in_order():
                self._questions[question.kind_id].append(question)
        if "per_speaker" in kinds:
            self._read_names()
        if "report" in kinds:
            self._read_reports()

    def _read_names(self) -> None:
        """In which proposals of the edition each of the speakers is named."""
        keys = {
            speaker.name_key for one in self.submissions for speaker in speakers_of(one)
        }
        rows = ProposedSpeaker.objects.filter(
            submission__edition=self.edition,
            submission__status__in=NAMING,
            name_key__in=keys,
        )
        for key, submission in rows.values_list("name_key", "submission"):
            self._named[key].add(submission)

    def _read_reports(self) -> None:
        """The sessions of the last edition whose report its organizers owe, by organizer."""
        earlier = Edition.objects.filter(last_year__lt=self.edition.last_year)
        self._before = earlier.filter(programme__isnull=False).newest_first().first()
        owners = {one.owner_id for one in self.submissions}
        held = Session.objects.filter(
            edition=self._before, status=SessionStatus.RELEASED
        )
        owed = held.filter(Q(outcome=None) | Q(outcome__published_at=None))
        requested = Q(
            submissions__kind__proposes_session=True,
            submissions__status__in=IN_A_SESSION,
        )
        by_owner = owed.filter(owner__in=owners).values_list("owner", "title")
        by_request = owed.filter(requested, submissions__owner__in=owners)
        rows = by_owner.union(by_request.values_list("submissions__owner", "title"))
        for owner, title in sorted(rows):
            self._owed[owner].append(title)

    # --- the rules: a sentence for what is wrong, "" for nothing ---

    def _complete(self, submission: Submission, _limit: int) -> str:
        fields = [
            str(submission._meta.get_field(name).verbose_name)  # type: ignore[union-attr]  # columns
            for name in submission.missing_fields()
        ]
        questions = asked(self._questions[submission.kind_id], submission.answers)
        fields += [
            str(question)
            for question in questions
            if question.is_required
            and not is_answer(submission.answers.get(str(question.pk)))
        ]
        if not fields:
            return ""
        return _("Not filled in: %(fields)s.") % {"fields": comma().join(fields)}

    def _too_few_speakers(self, submission: Submission, least: int) -> str:
        names = names_of(submission)
        sentence = _(
            "Speakers named: %(count)d (%(names)s). Needed: at least %(limit)d."
        )
        return enough(sentence, names, least)

    def _named_too_often(self, submission: Submission, most: int) -> str:
        sentences = []
        for speaker in speakers_of(submission):
            count = len(self._named[speaker.name_key] | {submission.pk})
            if count > most:
                sentence = _(
                    "%(person)s is named in %(count)d proposals. Allowed: at most %(limit)d."
                )
                values = {"person": speaker.name, "count": count, "limit": most}
                sentences.append(sentence % values)
        return " ".join(sentences)

    def _too_few_regions(self, submission: Submission, least: int) -> str:
        countries = [
            submission.country,
            *(one.country for one in speakers_of(submission)),
        ]
        names = {
            str(country.region)
            for country in countries
            if country and country.pk != INTERNATIONAL
        }
        sentence = _(
            "Regions of organizers and speakers: %(count)d (%(names)s). Needed: at "
            "least %(limit)d."
        )
        return enough(sentence, names, least)

    def _too_few_types(self, submission: Submission, least: int) -> str:
        types = [
            submission.stakeholder_type,
            *(one.stakeholder_type for one in speakers_of(submission)),
        ]
        sentence = _(
            "Stakeholder types of organizers and speakers: %(count)d (%(names)s). Needed: "
            "at least %(limit)d."
        )
        return enough(sentence, {str(one) for one in types if one}, least)

    def _too_few_genders(self, submission: Submission, least: int) -> str:
        speakers = speakers_of(submission)
        known = {str(one.get_gender_display()) for one in speakers if one.gender}
        unknown = [one.name for one in speakers if not one.gender]
        sentence = _(
            "Genders among the speakers: %(count)d (%(names)s). Needed: at least %(limit)d."
        )
        finding = enough(sentence, known, least)
        if finding and unknown:
            about = _("Not given for: %(names)s.") % {"names": comma().join(unknown)}
            return f"{finding} {about}"
        return finding

    def _report_owed(self, submission: Submission, _limit: int) -> str:
        titles = self._owed[submission.owner_id]
        if not titles or self._before is None:
            return ""
        return _("Reports not published, %(edition)s: %(sessions)s.") % {
            "edition": self._before,
            "sessions": comma().join(f"“{title}”" for title in titles),
        }


def speakers_of(submission: Submission) -> list[ProposedSpeaker]:
    return list(submission.speakers.all())


def names_of(submission: Submission) -> list[str]:
    """The speakers that are named, one by one or in the lines of the text field, each once."""
    names = {speaker.name_key: speaker.name for speaker in speakers_of(submission)}
    for line in submission.people.splitlines():
        name = line.partition(",")[0].strip()
        if name_key(name):
            names.setdefault(name_key(name), name)
    return list(names.values())


def enough(sentence: str, names: Collection[str], least: int) -> str:
    """The sentence when there are too few, with what there is."""
    if len(names) >= least:
        return ""
    return sentence % {
        "count": len(names),
        "limit": least,
        "names": comma().join(sorted(names)) or "–",
    }
