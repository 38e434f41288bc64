"""The questions that a kind of input asks beside its fixed fields, as rows that staff write.

An input keeps its answers by the id of the question. A choice is kept in the words of the first
language, so that an answer has the same meaning in all six.
"""

from collections.abc import Iterable
from typing import Any, Self

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.functional import cached_property
from django.utils.html import escape
from django.utils.translation import gettext_lazy as _

from common.forms.together import Misplaced
from common.forms.two_tabs import MARKS, read_marks
from common.forms.values import refuse_unreadable
from common.templatetags.names import comma
from common.text.digits import whole_number
from common.text.words import WordLimit
from forum.base.forms import PlainForm, say_optional
from forum.consultation.phases import InputKind

MOST_QUESTIONS = 30  # of one kind
MIN_CHOICES, MOST_CHOICES = 2, 30
SHORT, LONG, LONG_WORDS = 250, 8000, 600
LARGEST = 1_000_000_000
FIELD = "question_"  # begins the name of the field of each question

Answer = str | int | list[str] | None
Answers = dict[str, Any]


class QuestionQuerySet(models.QuerySet["Question"]):
    def of_kind(self, kind: InputKind) -> Self:
        """In the order of the form."""
        return self.filter(kind=kind).in_order()

    def in_order(self) -> Self:
        return self.select_related("shown_if").order_by("order", "pk")


class Question(models.Model):  # type: ignore[django-manager-missing]  # modeltranslation wraps it
    """One field of the form of a kind of input."""

    class Type(models.TextChoices):
        SHORT = "short", _("Short text")
        LONG = "long", _("Long text")
        CHOICE = "choice", _("One choice")
        CHOICES = "choices", _("Several choices")
        NUMBER = "number", _("Number")
        URL = "url", _("Web address")

    kind = models.ForeignKey(
        InputKind,
        models.CASCADE,
        related_name="questions",
        verbose_name=_("kind of input"),
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    label = models.CharField(_("question"), max_length=200)
    help_text = models.CharField(_("help"), max_length=400, blank=True)
    type = models.CharField(
        _("type"), max_length=8, choices=Type.choices, default=Type.SHORT
    )
    is_required = models.BooleanField(_("required"), default=False)
    choices = models.TextField(
        _("choices"),
        blank=True,
        max_length=4000,
        help_text=_("One per line, in the same order in each language."),
    )
    limit = models.PositiveIntegerField(
        _("limit"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(LARGEST)],
        help_text=_(
            "Characters of a short text, words of a long one, how many choices, or the largest "
            "number."
        ),
    )
    shown_if = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="shows",
        verbose_name=_("asked only if"),
        help_text=_("An earlier question of the same form."),
    )
    shown_value = models.CharField(
        _("has the answer"),
        max_length=200,
        blank=True,
        help_text=_("In the words of the choice in English. Empty: any answer."),
    )

    # by the form that holds all questions of a kind (common.forms.together)
    is_judged_with_others = False

    objects = QuestionQuerySet.as_manager()  # type: ignore[django-manager-missing]  # modeltranslation wraps it

    class Meta:
        verbose_name = _("question of a form")
        verbose_name_plural = _("questions of a form")
        ordering = ["kind", "order", "pk"]

    def __str__(self) -> str:
        return self.label

    def clean(self) -> None:
        """Raises ValidationError by field when the form could not be filled in."""
        lines = self.codes
        if self.has_choices and not MIN_CHOICES <= len(lines) <= MOST_CHOICES:
            raise ValidationError(
                {
                    "choices": _(
                        "Enter from %(least)d to %(limit)d choices, one per line."
                    )
                    % {"least": MIN_CHOICES, "limit": MOST_CHOICES}
                }
            )
        if len(set(lines)) < len(lines):
            raise ValidationError({"choices": _("Each choice has to be different.")})
        if self.type == self.Type.SHORT and (self.limit or 0) > SHORT:
            sentence = _("A short text has at most %(limit)d characters.")
            raise ValidationError({"limit": sentence % {"limit": SHORT}})
        if not self.is_judged_with_others and self.shown_if:
            problem = self.condition_problem(self.shown_if)
            if problem:
                raise ValidationError(dict([problem]))

    def condition_problem(self, earlier: "Question | None") -> tuple[str, Any] | None:
        """(field, sentence) when `earlier`, on whose answer this question depends, does not come
        before it or cannot have that answer. None: it is no longer there."""
        if (
            earlier is None
            or earlier.kind_id != self.kind_id
            or earlier.order >= self.order
        ):
            return "shown_if", _("Choose an earlier question of the same form.")
        if earlier.has_choices and self.shown_value not in ("", *earlier.codes):
            return "shown_value", _("Enter one of the choices of that question.")
        return None

    @property
    def name(self) -> str:
        """The name of the field in the form."""
        return f"{FIELD}{self.pk}"

    @property
    def has_choices(self) -> bool:
        return self.type in (self.Type.CHOICE, self.Type.CHOICES)

    @cached_property
    def codes(self) -> list[str]:
        """The choices as answers keep them: in English."""
        return lines_of(getattr(self, "choices_en", None) or self.choices)

    def options(self) -> list[tuple[str, str]]:
        """Each choice with its words for the reader; English where a line is missing."""
        words = lines_of(self.choices)
        if len(words) != len(self.codes):
            words = self.codes
        return list(zip(self.codes, words, strict=True))

    def is_asked(self, answers: Answers) -> bool:
        """Whether the answer to the earlier question asks for this one."""
        if self.shown_if is None:
            return True
        earlier = answers.get(str(self.shown_if_id))
        if not is_answer(earlier):
            return False
        if not self.shown_value:
            return True
        given = earlier if isinstance(earlier, list) else [str(earlier)]
        return self.shown_value in given

    @property
    def condition_in_words(self) -> str:
        """The answer that makes the portal ask this question, as a reader sees it."""
        return self.shown_if.in_words(self.shown_value) if self.shown_if else ""

    def in_words(self, answer: Answer) -> str:
        """An answer as a reader sees it."""
        if not self.has_choices:
            return "" if answer is None else str(answer)
        words = dict(self.options())
        given = answer if isinstance(answer, list) else [str(answer or "")]
        return comma().join(words.get(code, code) for code in given)

    def form_field(self) -> forms.Field:
        """The field of a form; a draft may leave it empty."""
        make = {
            self.Type.SHORT: self._short,
            self.Type.LONG: self._long,
            self.Type.CHOICE: self._choice,
            self.Type.CHOICES: self._choices,
            self.Type.NUMBER: self._number,
            self.Type.URL: self._address,
        }[self.Type(self.type)]
        field = make()
        field.required = False
        field.label = self.label
        field.help_text = escape(self.help_text)  # templates print help as HTML
        return field

    def _short(self) -> forms.Field:
        return forms.CharField(max_length=self.limit or SHORT)

    def _long(self) -> forms.Field:
        return forms.CharField(
            max_length=LONG,
            widget=forms.Textarea(attrs={"rows": 5}),
            validators=[WordLimit(self.limit or LONG_WORDS)],
        )

    def _choice(self) -> forms.Field:
        return forms.ChoiceField(choices=[("", "–"), *self.options()])

    def _choices(self) -> forms.Field:
        return forms.MultipleChoiceField(
            choices=self.options(),
            widget=forms.CheckboxSelectMultiple,
            validators=[self._require_few],
        )

    def _number(self) -> forms.Field:
        return forms.IntegerField(min_value=0, max_value=self.limit or LARGEST)

    def _address(self) -> forms.Field:
        return forms.URLField(max_length=500, assume_scheme="https")

    def _require_few(self, chosen: list[str]) -> None:
        if self.limit and len(chosen) > self.limit:
            raise ValidationError(
                _("Choose at most %(limit)d.") % {"limit": self.limit}
            )


def is_answer(answer: Answer) -> bool:
    """Zero is an answer."""
    return answer not in (None, "", [])


def lines_of(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def out_of_order(questions: list[Question]) -> Iterable[Misplaced]:
    """The errors between the questions of one kind, as they will be after saving."""
    by_pk = {question.pk: question for question in questions if question.pk}
    for question in questions:
        if question.shown_if_id is None:
            continue
        earlier = by_pk.get(question.shown_if_id)
        problem = question.condition_problem(earlier)
        if problem:
            field, sentence = problem
            yield Misplaced((earlier or question, question), ("order", field), sentence)


def asked(questions: Iterable[Question], answers: Answers) -> list[Question]:
    """Those that the answers ask for, in order; an answer that is not asked for does not count."""
    counted: Answers = {}
    found = []
    for question in questions:
        if question.is_asked(counted):
            found.append(question)
            counted[str(question.pk)] = answers.get(str(question.pk))
    return found


class AskingForm(PlainForm):
    """The form of an input: after its fixed fields, the questions of its kind.

    `kinds` are those that the writer may choose; another kind has other questions. `also`:
    questions of another kind that the page of the writer shows still.
    """

    def __init__(
        self,
        *args: Any,
        kinds: models.QuerySet[InputKind],
        also: Iterable[Question] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["kind"]
        choice.queryset = kinds
        stored = self.instance.kind if self.instance.kind_id else None
        self.initial["kind"] = stored
        posted = {kind.code: kind for kind in kinds}.get(self.data.get("kind", ""))
        kind = posted if self.is_bound else stored
        if not (kind and kind.proposes_session):
            say_optional(self.fields["session_type"])
        if not (kind and kind.names_people):
            say_optional(self.fields["people"])
        self.questions = list(Question.objects.of_kind(kind)) if kind else []
        self.questions += [one for one in also if one not in self.questions]
        self.not_on_page: list[
            Question
        ] = []  # of the chosen kind, but the page lacks them
        if self.is_bound:
            self._bring_answers(kinds)
        for question in self.questions:
            self._ask(question)

    def _bring_answers(self, kinds: models.QuerySet[InputKind]) -> None:
        """A page that was opened for one kind is sent for another: what it has typed for the first
        is kept too, and what is stored for the second stays as it is."""
        opened_with = self.data.get(self.add_prefix(MARKS))
        if opened_with is None:
            return  # sent by a program that never opened the form
        on_page = read_marks(opened_with)
        numbers = [
            name.removeprefix(FIELD) for name in on_page if name.startswith(FIELD)
        ]
        typed = {pk for number in numbers if (pk := whole_number(number))}
        self.not_on_page = [one for one in self.questions if one.name not in on_page]
        others = typed - {one.pk for one in self.questions}
        sent: Any = self.data  # of a request
        posted = sent.copy()
        for question in self.not_on_page:
            if question.name not in posted:
                answer = self.instance.answers.get(str(question.pk))
                given = answer if isinstance(answer, list) else [answer]
                posted.setlist(
                    question.name, [str(one) for one in given if is_answer(one)]
                )
        self.data = posted
        if others:
            rows = Question.objects.filter(pk__in=others, kind__in=kinds).in_order()
            self.questions += rows

    def _ask(self, question: Question) -> None:
        field = question.form_field()
        field.initial = self.instance.answers.get(str(question.pk))
        if not question.is_required:
            say_optional(field)
        if not question.has_choices:
            field.validators = [*field.validators, refuse_unreadable]
        field.widget.attrs.pop("maxlength", None)
        self.fields[question.name] = field

    def asked_fields(self) -> list[tuple[forms.BoundField, Question | None]]:
        """The fields of the page, each with the question that it asks, if it is one of those."""
        questions = {question.name: question for question in self.questions}
        return [(bound, questions.get(bound.name)) for bound in self.visible_fields()]

    def _post_clean(self) -> None:
        """Answers to questions of another kind stay: the writer may choose it again."""
        super()._post_clean()  # type: ignore[misc]  # of ModelForm
        given = {
            str(one.pk): self.cleaned_data[one.name]
            for one in self.questions
            if one.name in self.cleaned_data
        }
        self.instance.answers = self.instance.answers | given
