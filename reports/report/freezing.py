"""The body of a report: what is written and counted, frozen as plain values that all outputs draw.

`[{"id", "kind", "level", "heading": passage, "is_missing", "blocks": […]}]`. A block has `id`,
`kind`, `language` and `state` of its text, and by kind: text `nodes`; standard `name`; key_number
`figure` (an inline) and `label`; table and cross_table `table` and `caption`; chart `chart`, `alt`
and `caption`; map, heat_map and curve the same and `table`; quote `nodes` and `attribution`;
picture `file`, `alt`, `caption`, `width` and `height`; boxes `entries` and `caption`;
contribution `nodes` and `author`. Labels and captions are passages. What is missing in the
language of the publication is in the original, and `is_missing` says so. A curve has `counts`
and `chapter` too, reviews have `reviews`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from common.typesetting.passages import Passage, named, passage
from reports.builders.projects import Content
from reports.builders.texts import labels
from reports.layout.layout import number
from reports.living.checking import problems_in, problems_with
from reports.living.counting import Counter
from reports.living.evaluation import Evaluation
from reports.living.problems import Problem
from reports.markup.nodes import Body, nodes_of_block, nodes_of_line, words_of
from reports.report.asked import shown_by
from reports.report.boxes import answered, chosen, is_of_line
from reports.report.kinds import ADDED, BlockKind
from reports.report.models import Block, Report, Section
from roadmap.review.models import ActionLineReview

LONG = ("text",)  # fields in Markdown; the others are one line


def body_of(
    sections: Iterable[Section],
    language: str,
    counter: Counter,
    entries: list[Content],
) -> Body:
    """The body with these sections of a report from `with_outline`, counted in the moment of the
    counter."""
    freezer = Freezer(Evaluation(counter), language, entries)
    body = [freezer.section(section) for section in sections]
    for section in body[:1]:
        section["level"] = 1  # a heading below nothing, which PDF/UA forbids
    return body


@dataclass(frozen=True)
class Freezer:
    evaluation: Evaluation
    language: str  # of the publication
    entries: list[Content]

    def section(self, section: Section) -> dict[str, Any]:
        heading = self.line(section, "heading") or passage(section.usual_heading)
        return {
            "id": section.pk,
            "kind": section.kind,
            "level": section.level,
            "heading": heading,
            "is_missing": bool(heading["language"]),
            "blocks": [
                self.block(block)
                for block in section.blocks.all()
                if not block.is_empty and not self.has_nothing(block)
            ],
        }

    def has_nothing(self, block: Block) -> bool:
        """Whether no facilitator has reported on the line yet."""
        is_review = block.kind == BlockKind.REVIEWS
        return is_review and block.settings["line"] not in self.reviews

    def block(self, block: Block) -> dict[str, Any]:
        read = [block.read(field.name, self.language) for field in block.fields]
        written = [segment for segment in read if segment]
        used = written[0].language if written else self.language
        return {
            "id": block.pk,
            "kind": block.kind,
            "language": used,
            "state": written[0].state if written else "",
            "is_missing": any(one.language != self.language for one in written),
            **self.texts(block),
            **self.settings(block),
        }

    def texts(self, block: Block) -> dict[str, Any]:
        texts: dict[str, Any] = {}
        for field in block.fields:
            if field.name in LONG:
                segment = block.read(field.name, self.language)
                text = segment.text if segment else ""
                texts["nodes"] = self.evaluation.nodes(text)
            else:
                texts[field.name] = self.line(block, field.name) or passage("")
        return texts

    def settings(self, block: Block) -> dict[str, Any]:
        """The settings as readers need them: the number counted, the boxes chosen."""
        if block.kind == BlockKind.KEY_NUMBER:
            return {"figure": self.evaluation.number(block.settings["token"])}
        if block.kind == BlockKind.BOXES:
            entries = chosen(self.entries, block.settings)
            return {"entries": answered(entries, block.box_questions.all())}
        if block.kind == BlockKind.CONTRIBUTION:
            return {"author": passage(block.settings.get("author", ""))}
        if block.kind in ADDED:
            return shown_by(block.kind, block.settings) | self.counts(block)
        if block.kind == BlockKind.REVIEWS:
            return {"reviews": self.reviews.get(block.settings["line"], [])}
        return dict(block.settings)

    def counts(self, block: Block) -> dict[str, str]:
        """Beside a curve: how many projects the line has, and its chapter with all of them."""
        if block.kind != BlockKind.CURVE:
            return {}
        line = block.settings["line"]
        main = [is_of_line(entry, line) for entry in self.entries]
        named = [
            one or any(line in (code, code.split("-")[0]) for code in others)
            for one, others in zip(
                main,
                (entry["other_action_lines"] for entry in self.entries),
                strict=True,
            )
        ]
        words = labels()
        counts = (("main", sum(main)), ("all", sum(named)))
        return {
            "counts": " · ".join(f"{words[name]}: {number(n)}" for name, n in counts),
            "chapter": line
            if any(e["main_action_line"] == line for e in self.entries)
            else "",
        }

    @cached_property
    def reviews(self) -> dict[str, list[dict[str, Any]]]:
        """What facilitators reported, by line: milestones, challenges, trends."""
        found: dict[str, list[dict[str, Any]]] = {}
        rows = ActionLineReview.objects.select_related("agency")
        order = ActionLineReview.Section.values
        for row in sorted(rows, key=lambda row: (order.index(row.section), row.pk)):
            own = row.language == self.language
            language = "" if own else row.language
            found.setdefault(row.action_line_id, []).append(
                {
                    "heading": row.get_section_display(),
                    "by": named(str(row.agency)),
                    "texts": [
                        passage(text.strip(), language)
                        for text in row.text.splitlines()
                        if text.strip()
                    ],
                }
            )
        return found

    def line(self, owner: Section | Block, field: str) -> Passage | None:
        """A text of one line; its language is "" when it is that of the publication. Where it
        has tokens, `inlines` are what they became, for checks and lists of the numbers."""
        segment = owner.read(field, self.language)
        if segment is None:
            return None
        language = "" if segment.language == self.language else segment.language
        if "{{" not in segment.text:
            return passage(segment.text, language)
        inlines = self.evaluation.line(segment.text)
        return passage(words_of(inlines), language) | {"inlines": inlines}


def problems_of_body(report: Report, language: str, body: Body) -> list[Problem]:
    """False claims and wrong tokens of a frozen body; each leads to its block."""
    return [
        problem._replace(place=place_of(report, language, section, block))
        for section in body
        for block, nodes in parts_of(section)
        for problem in problems_in(nodes)
    ]


def parts_of(section: dict[str, Any]) -> Iterator[tuple[dict[str, Any] | None, Any]]:
    """The heading of a frozen section, which is of no block, and its blocks, with their nodes."""
    yield None, nodes_of_line(section["heading"])
    for block in section["blocks"]:
        yield block, nodes_of_block(block)


def place_of(
    report: Report,
    language: str,
    section: dict[str, Any],
    block: dict[str, Any] | None,
) -> str:
    """The editor's page at the block; that of the report when the section is gone."""
    sections = {one.pk: one for one in report.sections.all()}
    where = sections.get(section["id"])
    if where is None:
        return report.edit_url(language)
    return where.edit_url(language, Block(pk=block["id"]) if block else None)


def refused_texts(report: Report, language: str) -> list[Problem]:
    """Why texts of a report from `with_outline` cannot be taken as they are written."""
    return [
        problem
        for section in report.printed_sections()
        for block in section.blocks.all()
        for text in texts_of(block, language)
        for problem in problems_with(text, section.edit_url(language, block))
    ]


def texts_of(block: Block, language: str) -> Iterator[str]:
    for name in LONG:
        segment = block.read(name, language)
        if segment:
            yield segment.text
