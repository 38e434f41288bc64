"""Files of projects for the tests of the importer."""

import csv
import io

from common.moves.models import StatusChange
from common.records.models import Change, RecordVersion
from reference.action_line.models import SDG, ActionLine
from reference.term.models import ActivityType, StakeholderType
from stocktaking.imports.rows import COLUMNS
from stocktaking.organization.models import Organization
from stocktaking.project.models import Project

GOOD = {
    "title": "Digital villages",
    "organization": "Ministry of ICT",
    "stakeholder_type": "Government",
    "country_iso2": "KE",
    "action_lines": "C4;C7-EGOV",
    "sdgs": "4;9",
    "start_year": "2014",
    "end_year": "",
    "website": "https://villages.example",
    "summary": "Centres in villages.",
    "prize_editions": "2016:nominated;2015:winner",
    "source": "WSIS Prizes 2015 list",
    "notes": "years unconfirmed",
}


def not_known(value, model=None):
    """The sentence about a value that no vocabulary has; `{names}` is filled in at test time."""
    return f"“{value}” is not known. " + (
        f"Possible: {{{model.__name__}}}."
        if model
        else "Enter the ISO code, such as KE, or the name used by the United Nations."
    )


def filled(sentence):
    """A sentence with the names of its vocabulary, in the vocabulary's order."""
    lists = {
        model.__name__: "; ".join(model.objects.values_list("name_en", flat=True))
        for model in (SDG, StakeholderType, ActivityType)
    }
    lines = ActionLine.objects.filter(number__isnull=False)
    return sentence.format(
        ActionLine="; ".join(lines.values_list("name_en", flat=True)), **lists
    )


def a_file(*rows, columns=None, encoding="utf-8"):
    """A CSV file with the given rows, each GOOD but for what it names."""
    rows = [GOOD | row for row in rows]
    names = columns or list(
        dict.fromkeys([*COLUMNS, *(name for row in rows for name in row)])
    )
    text = io.StringIO(newline="")
    table = csv.DictWriter(text, names, extrasaction="ignore")
    table.writeheader()
    table.writerows(rows)
    return io.BytesIO(text.getvalue().encode(encoding))


def everything():
    """All that an import may write, to see that nothing moved."""
    return (
        list(Project.objects.order_by("pk").values()),
        list(RecordVersion.objects.order_by("pk").values_list("pk", flat=True)),
        list(Change.objects.order_by("pk").values_list("pk", flat=True)),
        list(Organization.objects.order_by("pk").values_list("pk", flat=True)),
        list(StatusChange.objects.order_by("pk").values_list("pk", flat=True)),
    )
