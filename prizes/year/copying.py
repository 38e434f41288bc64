"""A new contest from an earlier one: what is chosen is copied, and all moments are shifted by the
same number of days, at the same hour by the clock of the contest."""

import datetime
from collections.abc import Iterable
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from common.records import copying
from common.records.copying import Part, copied, save_rows
from prizes.contest.loading import make_categories
from prizes.contest.models import Category, Contest, Phase
from prizes.contest.rules import RULES
from prizes.hold.rules import make_rules
from prizes.invitation.models import Invitation
from prizes.panel.models import Panel, PanelMember
from prizes.screening.models import EntryReason, EntryReasonText, ScreeningCheck


def first_day(contest: Contest) -> datetime.date | None:
    """The first known day of its phases, by its own clock."""
    ends = [phase.opens_at or phase.closes_at for phase in contest.phases.all()]
    moments = [end for end in ends if end]
    return min(moments).astimezone(contest.zone).date() if moments else None


class Copy(copying.Copy):
    """A contest that will be made; `new` has year, slug, title and start_date."""

    def __init__(
        self, source: Contest, new: dict[str, Any], chosen: Iterable[str]
    ) -> None:
        first, last = new.pop("start_date"), first_day(source)
        super().__init__(source, chosen, first - last if first and last else None)
        self.contest = self._contest(new)

    def _contest(self, new: dict[str, Any]) -> Contest:
        source = self.source
        contest = Contest(
            **new,
            time_zone=source.time_zone,
            is_demonstration=source.is_demonstration,
        )
        if "rules" in self.chosen:
            for name in RULES:
                setattr(contest, name, getattr(source, name))
        if "phases" in self.chosen:
            for name in ("champions_at", "winners_at"):
                setattr(contest, name, self.moment(getattr(source, name)))
        if "letters" in self.chosen:
            contest.told_by_letter = source.told_by_letter
        return contest

    # --- the parts, as rows that are not saved yet ---

    def rules(self) -> list[Any]:
        fields: Any = [Contest._meta.get_field(name) for name in RULES]
        return [field.verbose_name for field in fields]

    def phases(self) -> list[Phase]:
        return [
            copied(
                phase,
                contest=self.contest,
                opens_at=self.moment(phase.opens_at),
                closes_at=self.moment(phase.closes_at),
                hour_known=True,
                note="",
                source="",
            )
            for phase in self.source.phases.all()
        ]

    def categories(self) -> list[Category]:
        rows = self.source.categories.select_related("action_line")
        return [copied(row, contest=self.contest) for row in rows]

    def questions(self) -> list[models.Model]:
        return [
            copied(row, contest=self.contest) for row in self.source.questions.all()
        ]

    def criteria(self) -> list[models.Model]:
        return [copied(row, contest=self.contest) for row in self.source.criteria.all()]

    def hold_rules(self) -> list[models.Model]:
        """They go with the rules."""
        return [
            copied(row, contest=self.contest) for row in self.source.hold_rules.all()
        ]

    def screening(self) -> list[models.Model]:
        """The checks, and the canned reasons; `save` copies the texts of these too."""
        reasons = EntryReason.objects.filter(contest=self.source)
        return [
            *(copied(row, contest=self.contest) for row in self.source.checks.all()),
            *(
                copied(row, contest=self.contest)
                for row in reasons.prefetch_related("texts").order_by("pk")
            ),
        ]

    def _save_screening(self) -> None:
        rows = self.screening()
        save_rows([row for row in rows if isinstance(row, ScreeningCheck)])
        made = [row for row in rows if isinstance(row, EntryReason)]
        save_rows(made)
        texts = EntryReasonText.objects.filter(reason__contest=self.source)
        old = EntryReason.objects.filter(contest=self.source).order_by("pk")
        twins = dict(zip((row.pk for row in old), made, strict=True))
        save_rows([copied(text, reason=twins[text.reason_id]) for text in texts])

    def letter_templates(self) -> list[models.Model]:
        rows = self.source.letter_templates.order_by("outcome")
        return [copied(row, contest=self.contest) for row in rows]

    def letters(self) -> list[Any]:
        """The templates, and whether outcomes are told by letters only."""
        field: Any = Contest._meta.get_field("told_by_letter")
        switch = [field.verbose_name] if self.source.told_by_letter else []
        return [*switch, *self.letter_templates()]

    def panels(self) -> list[Panel]:
        """Of the earlier contest; `save` gives each to the category of the new one."""
        rows = Panel.objects.filter(category__contest=self.source)
        return list(rows.select_related("category__contest").order_by("category"))

    def experts(self) -> list[PanelMember]:
        """Seats whose people are asked again; not those with a closed account."""
        rows = PanelMember.objects.filter(panel__category__contest=self.source)
        return list(
            rows.filter(expert__is_active=True)
            .select_related("panel__category__contest", "expert")
            .order_by("panel__category__number", "-is_chair", "pk")
        )

    # --- writing ---

    @transaction.atomic
    def save(self) -> Contest:
        self.contest.save()
        if "categories" in self.chosen:
            save_rows(self.categories())
        else:
            make_categories(self.contest)
        for name in ("phases", "questions", "criteria"):
            if name in self.chosen:
                save_rows(getattr(self, name)())
        if "rules" in self.chosen:
            save_rows(self.hold_rules())
        make_rules(self.contest)
        if "screening" in self.chosen:
            self._save_screening()
        if "letters" in self.chosen:
            save_rows(self.letter_templates())
        if "panels" in self.chosen:
            self._save_panels()
        return self.contest

    def _save_panels(self) -> None:
        """A panel for each category that the new contest has; its experts are to be asked."""
        by_line = {row.action_line_id: row for row in self.contest.categories.all()}
        twins = {
            row.pk: copied(row, category=by_line[row.category.action_line_id])
            for row in self.panels()
            if row.category.action_line_id in by_line
        }
        Panel.objects.bulk_create(twins.values())
        if "experts" not in self.chosen:
            return
        Invitation.objects.bulk_create(
            [
                Invitation(
                    panel=twins[seat.panel_id],
                    expert=seat.expert,
                    is_chair=seat.is_chair,
                )
                for seat in self.experts()
                if seat.panel_id in twins
            ]
        )


PARTS = (
    Part("rules", _("Rules"), Copy.rules),
    Part("phases", _("Phases, shifted"), Copy.phases, has_days=True),
    Part("categories", _("Categories (otherwise all 18)"), Copy.categories),
    Part("questions", _("Questions of eligibility"), Copy.questions),
    Part("screening", _("Checks and reasons of the screening"), Copy.screening),
    Part("criteria", _("Criteria and their weights"), Copy.criteria),
    Part("letters", _("Templates of letters"), Copy.letters),
    Part("panels", _("Panels, with their numbers"), Copy.panels),
    Part("experts", _("Experts, who are asked again"), Copy.experts),
)

Copy.PARTS = PARTS
