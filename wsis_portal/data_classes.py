"""What each field of each model is, and what becomes of it when its person asks to be forgotten.

Classes: `public` (anybody may read it, or it says nothing of a person), `members` (signed-in people
may read it, if its person agreed), `personal` (its person and staff), `secret` (nobody: not even in
the person's own copy). Export and erasure of personal data are made from this table; a test fails
on a field that stands nowhere.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.apps import apps
from django.db import models

ALL = "*"  # every field of a vocabulary or of frozen public data; only where no person is meant
CLASSES = ("public", "members", "personal", "secret")


class Erase(StrEnum):
    KEEP = "keep"  # nothing in it names the person, or the law holds it
    BLANK = "blank"  # the row stays, its members', personal and secret fields are emptied
    DELETE = "delete"


@dataclass(frozen=True)
class Record:
    """One model. `person` is the look-up from a row to its person, "" where there is none;
    `drop` names rows that go although the others are blanked."""

    public: str = ""
    members: str = ""
    personal: str = ""
    secret: str = ""
    person: str = ""
    erase: Erase = Erase.KEEP
    drop: dict[str, Any] = field(default_factory=dict)

    def names(self, *classes: str) -> list[str]:
        return [name for one in classes or CLASSES for name in getattr(self, one).split()]


VOCABULARY = Record(public=ALL)
VOCABULARIES = (
    "actionline sdg matrixcell region commission country stakeholdertype activitytype"
    " coveragelevel targetgroup technology"
)

RECORDS: dict[str, Record] = {
    # accounts; the row of a forgotten person stays without a name: what they published points to it
    "accounts.user": Record(
        public="id is_superuser is_staff is_active date_joined groups user_permissions",
        members="first_name last_name",
        personal="email language time_zone last_login",
        secret="password",  # noqa: S106  (the name of a field)
        person="pk", erase=Erase.BLANK,
    ),
    "accounts.textversion": Record(public=ALL),
    "accounts.consent": Record("id text", personal="user at", person="user"),
    "accounts.signin": Record(
        "id", personal="user at ip user_agent", person="user", erase=Erase.DELETE
    ),
    "accounts.dataexport": Record(
        "id", personal="user state percent created_at finished_at", secret="file",  # noqa: S106
        person="user", erase=Erase.DELETE,
    ),
    "accounts.erasure": Record(
        "id", personal="user asked_at due_at cancelled_at done_at", person="user"
    ),
    "accounts.mailchoice": Record(
        "id", personal="user kind delivery", person="user", erase=Erase.DELETE
    ),
    "account.emailaddress": Record(
        "id", personal="user email verified primary", person="user", erase=Erase.DELETE
    ),
    "account.emailconfirmation": Record(
        "id", personal="email_address created sent", secret="key",  # noqa: S106
        person="email_address__user", erase=Erase.DELETE,
    ),
    "mfa.authenticator": Record(
        "id", personal="user type created_at last_used_at", secret="data",  # noqa: S106
        person="user", erase=Erase.DELETE,
    ),
    "usersessions.usersession": Record(
        "id", personal="user created_at ip last_seen_at user_agent data",
        secret="session_key", person="user", erase=Erase.DELETE,  # noqa: S106
    ),
    "sessions.session": Record(secret="session_key session_data expire_date"),  # noqa: S106
    "auth.permission": Record(public=ALL),
    "auth.group": Record(public=ALL),
    "contenttypes.contenttype": Record(public=ALL),
    "admin.logentry": Record(
        "id action_time content_type object_id action_flag change_message object_repr",
        personal="user", person="user",
    ),
    # the register
    "stocktaking.member": Record(
        # country and type stay: the statistics count them
        public="id country stakeholder_type created_at",
        members="organisation interests languages bio",
        personal="user listed wants_news consented_at",
        person="user", erase=Erase.BLANK,
    ),
    "stocktaking.organisation": Record(public=ALL),
    "stocktaking.organisationdomain": Record(public=ALL),
    "stocktaking.organisationrole": Record(
        "id organisation", members="title since until",
        personal="member shown status asked_at verified_at",
        person="member__user", erase=Erase.DELETE,
    ),
    "stocktaking.project": Record(
        public="id title language summary activity_type website image image_alt organisation"
        " organisation_name stakeholder_type partners country coverage timescale start_year"
        " end_year main_action_line results replicability sustainability status year version"
        " external_id prize_editions source source_note created_at updated_at submitted_at"
        " published_at returned_at refused_at archived_at other_action_lines sdgs target_groups"
        " technologies",
        personal="owner contact_name contact_email",
        person="owner", erase=Erase.BLANK, drop={"version": 0},  # what was never public
    ),
    "stocktaking.projectversion": Record(
        "id project version content content_hash at", personal="by", person="by"
    ),
    "stocktaking.projecttext": Record(public=ALL),
    "stocktaking.word": Record(public=ALL),
    "stocktaking.importjob": Record(
        "id mapping mode state percent created updated unchanged failed message at finished_at",
        personal="by name", secret="file errors", person="by", erase=Erase.BLANK,  # noqa: S106
    ),
    "stocktaking.importedrecord": Record(
        "id job project is_new touched_at put_back_at", secret="before",  # noqa: S106
        person="job__by", erase=Erase.BLANK,
    ),
    "stocktaking.draftreminder": Record(public=ALL),
    # logs
    "common.statuschange": Record(
        # the reasons belong to the record's history, which is kept (legal hold)
        "id record_kind record_id move source target note at", personal="by", person="by",
    ),
    "common.change": Record(public=ALL),
    "common.outgoingmail": Record(
        "id created_at sent_at tries digest once", personal="to subject",
        secret="body error unsubscribe",  # noqa: S106
    ),
    "common.keptanswer": Record(
        "id", personal="user key status data at", secret="question",  # noqa: S106
        person="user", erase=Erase.DELETE,
    ),
    # reports: frozen public figures
    "reports.build": Record(public=ALL),
    "reports.snapshot": Record(public=ALL),
    "reports.entry": Record(public=ALL),
    "reports.artefact": Record(public=ALL),
    "reports.publication": Record(
        "id series region from_year to_year language title status version published_version"
        " created_at published_at", personal="requested_by", person="requested_by",
    ),
    **{f"reference.{name}": VOCABULARY for name in VOCABULARIES.split()},
}  # fmt: skip

# What may still hold a forgotten person's words, and why.
LEGAL_HOLD = {
    "common_statuschange.note": "reasons of decisions are part of the history of a public record",
    "accounts_consent": "proof of consent, without a name",
}


def field_names(model: type[models.Model]) -> list[str]:
    """The model's own fields, many-to-many ones included."""
    return [f.name for f in (*model._meta.concrete_fields, *model._meta.many_to_many)]


def unclassified() -> list[str]:
    """Fields that stand nowhere, fields that do not exist, fields that stand twice."""
    found = []
    for model in apps.get_models():
        label = model._meta.label_lower
        if label not in RECORDS:
            found.append(f"{label}: the model is missing ({' '.join(field_names(model))})")
            continue
        record = RECORDS[label]
        if record.public == ALL:
            if record.person:
                found.append(f"{label}: a model with a person names its fields one by one")
            continue
        own, named = set(field_names(model)), record.names()
        found += [f"{label}.{name}: no class" for name in sorted(own - set(named))]
        found += [f"{label}.{name}: no such field" for name in sorted(set(named) - own)]
        found += [f"{label}.{n}: twice" for n in sorted({n for n in named if named.count(n) > 1})]
    known = {model._meta.label_lower for model in apps.get_models()}
    return found + [f"{label}: no such model" for label in sorted(RECORDS.keys() - known)]


def of_people() -> Iterator[tuple[type[models.Model], Record]]:
    """Models whose rows belong to a person; the account itself comes last."""
    rows = [(apps.get_model(label), record) for label, record in RECORDS.items() if record.person]
    yield from sorted(rows, key=lambda row: row[1].person == "pk")
