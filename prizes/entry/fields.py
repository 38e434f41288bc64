"""What the portal does with each field of a prize entry: the one description of it.

The model says what a field holds; the table here says all else. `Field` explains the words.
"""

from django.utils.translation import gettext_lazy as _

from common.records.fields import Field, Kind, searched

# In the order in which an entry is read.
FIELDS = (
    Field("contest", Kind.LINK, column="year"),
    Field("category", Kind.LINK, column="category"),
    Field("project", Kind.LINK),
    Field("title", weight="A", in_report=True, column="title"),
    Field("language", Kind.CHOICE, in_report=True),
    Field("organization_name", weight="B", column="organization"),
    Field(
        "country",
        Kind.CODE,
        vocabulary="country",
        heading=_("Country"),
        column="country_iso2",
    ),
    Field(
        "stakeholder_type",
        Kind.CODE,
        vocabulary="stakeholder_type",
        heading=_("Stakeholder type"),
        column="stakeholder_type",
    ),
    Field("description", step="text", weight="C", in_report=True, column="summary"),
    Field("source", in_report=True, column="source"),
    Field("source_note", in_report=True, column="notes"),
    Field("announced", Kind.FACT),
)

# --- the fields by what is done with them, each in the order of the table ---

NAMES = tuple(field.name for field in FIELDS)
# Plain values that everybody may read: hashed for the log of changes.
PUBLIC_FIELDS = tuple(field.attname for field in FIELDS)
# What an entry says itself, as page and API show it.
SAID = tuple(field for field in FIELDS if field.kind not in (Kind.LINK, Kind.FACT))
# What its page says of it, each under its heading.
HEADED = tuple(field for field in SAID if field.heading is not None)
EXPORTED = tuple(field for field in SAID if field.is_exported)
ASKED = tuple(field for field in FIELDS if field.step)
SEARCHED = searched(FIELDS)
REPORTED = tuple(field.name for field in FIELDS if field.in_report)
