"""The class of each field of each model, and what happens to it at an erasure.

Classes: `public` (anybody may read it, or it says nothing about a person), `members` (signed-in
people may read it, if its person agreed), `personal` (its person and staff), `secret` (nobody: not
even in the person's own copy). Export and erasure of personal data are driven by this table; a test
fails on a field that is not listed.
"""

from collections.abc import Iterator

from django.apps import apps as registry
from django.db import models

from forum.session.fields import PLANNED as SESSION
from privacy.classes import ALL, Erase, Record
from privacy.entrance import ENTRANCE
from privacy.outcome import OUTCOME
from privacy.planning import PLANNING
from privacy.proposals import PROPOSALS
from privacy.roadmap_records import ROADMAP
from prizes.entry.fields import NAMES as PRIZE_ENTRY
from stocktaking.project.fields import PRIVATE, PUBLIC, TEXT_FIELDS

VOCABULARY = Record(public=ALL)


VOCABULARIES = (
    "actionline sdg matrixcell region commission country stakeholdertype activitytype"
    " coveragelevel targetgroup technology"
)


PRIZE_FACTS = (
    "contest category phase chainhead frameevent root question criterion figure screeningcheck"
    " entryreason entryreasontext lettertemplate"
)


FORUM_FACTS = (
    "edition sessiontype track room roomhours blockedtime walk organizer releasedsession phase"
    " offeredslot document capacity gate lettertemplate inputkind question screeningrule"
    " reviewphase"
    " reviewcriterion letter registrationtag delegation signuplist"
)


REPORT_FACTS = (
    "build step snapshot snapshotpage snapshotrecord artefact schedule archivededition section"
    " block feedback"
)


RECORDS: dict[str, Record] = {
    # accounts; the row of a forgotten person stays without a name: what they published points to it
    "accounts.user": Record(
        public="id is_superuser is_staff is_active date_joined left_at groups user_permissions",
        members="first_name last_name",
        personal="email language time_zone last_login",
        secret="password",
        person="pk",
        erase=Erase.BLANK,
    ),
    "accounts.textversion": Record(public=ALL),
    "accounts.consent": Record("id text", personal="user at", person="user"),
    "accounts.signin": Record(
        "id", personal="user at ip user_agent method", person="user", erase=Erase.DELETE
    ),
    "accounts.dataexport": Record(
        "id step log attempts token lease_until started_at",
        personal="user state percent error created_at finished_at",
        secret="file",
        person="user",
        erase=Erase.DELETE,
    ),
    "accounts.erasure": Record(
        "id", personal="user asked_at due_at cancelled_at done_at", person="user"
    ),
    "accounts.factorreset": Record(
        "id status asked_at due_at done_at",
        personal="user explanation identity identity_again",
        person="user",
        erase=Erase.BLANK,
    ),
    "accounts.mailchoice": Record(
        "id", personal="user kind delivery", person="user", erase=Erase.DELETE
    ),
    "accounts.apikey": Record(
        "id",
        personal="user name prefix scopes created_at expires_at last_used_at revoked_at"
        " revoked_by",
        secret="digest",
        person="user",
        erase=Erase.DELETE,
    ),
    "account.emailaddress": Record(
        "id", personal="user email verified primary", person="user", erase=Erase.DELETE
    ),
    "account.emailconfirmation": Record(
        "id",
        personal="email_address created sent",
        secret="key",
        person="email_address__user",
        erase=Erase.DELETE,
    ),
    "mfa.authenticator": Record(
        "id",
        personal="user type created_at last_used_at",
        secret="data",
        person="user",
        erase=Erase.DELETE,
    ),
    "usersessions.usersession": Record(
        "id",
        personal="user created_at ip last_seen_at user_agent data",
        secret="session_key",
        person="user",
        erase=Erase.DELETE,
    ),
    "sessions.session": Record(secret="session_key session_data expire_date"),
    "auth.permission": Record(public=ALL),
    "auth.group": Record(public=ALL),
    "contenttypes.contenttype": Record(public=ALL),
    "admin.logentry": Record(
        "id action_time content_type object_id action_flag change_message object_repr",
        personal="user",
        person="user",
    ),
    # prizes; what points to another record stands before it, so that drafts go in this order
    **{f"prizes.{name}": VOCABULARY for name in PRIZE_FACTS.split()},
    "prizes.entrytranslation": Record(
        "id entry language kind engine title description status approved original created_at"
        " updated_at",
        personal="by",
        person="by",
    ),
    "prizes.finding": Record("id screening screening_check answer note"),
    # the entry is screened still when a screener has left
    "prizes.screening": Record(
        "id entry state note updated_at",
        personal="screener updated_by",
        person="screener updated_by",
    ),
    "prizes.winneranswer": Record(
        "id entry project is_same at", personal="by", person="by"
    ),
    "prizes.screeningbatchitem": Record("id batch entry outcome sentence"),
    "prizes.screeningbatch": Record(
        "id contest move notes query previewed_at undo_at state step percent error log attempts"
        " token lease_until created_at started_at finished_at",
        personal="by",
        person="by",
    ),
    # accounts by their numbers, so that the published hash over their keys can be computed again
    "prizes.roll": Record("id event through", secret="numbers"),
    # what the count left out, by the pseudonyms of the ballot
    "prizes.recordfile": Record(
        "id contest file sha256 size lines withheld made_at", secret="barred"
    ),
    "prizes.verification": Record(
        "id contest root events roots place problem hour parts votes totals state step percent"
        " error log attempts token lease_until created_at started_at finished_at",
        personal="by",
        person="by",
    ),
    # whom the secretariat chose to keep the roots outside the portal
    "prizes.witness": Record("id contest", personal="address"),
    # the ballot is never changed: its pseudonyms stay counted and lead to nobody
    "prizes.ballotevent": Record(
        "id contest category entry kind reason shard number at previous hash receipt_number",
        secret="voter",
    ),
    "prizes.vote": Record("id category entry event voided", secret="voter"),
    "prizes.voiding": Record(
        "id event reason told proposed_at confirmed_at dismissed_at voided_by group",
        personal="proposed_by confirmed_by dismissed_by",
        person="proposed_by confirmed_by dismissed_by",
    ),
    "prizes.voter": Record("id contest events", secret="key"),
    # until the count, so that an address has one vote even if its account is erased meanwhile
    "prizes.mailbox": Record("id contest", secret="digest key"),
    "prizes.turn": Record("id contest", secret="key"),
    # a year, for the same reason; then retention forgets it
    "prizes.formermembership": Record(
        "id", personal="user organization until", person="user"
    ),
    # held votes: the signals go after the count; the log stays, as the ballot does
    "prizes.groupvoid": Record(
        "id pattern reason told proposed_at confirmed_at dismissed_at votes",
        personal="proposed_by confirmed_by dismissed_by",
        person="proposed_by confirmed_by dismissed_by",
    ),
    "prizes.heldday": VOCABULARY,
    "prizes.holdrule": VOCABULARY,
    "prizes.pattern": Record("id contest rule found_at", secret="shared"),
    "prizes.signalkey": Record("id contest swept_at", secret="key"),
    "prizes.signal": Record(
        "id contest hour device age votes seconds before_void",
        secret="voter network domain",
    ),
    "prizes.hold": Record(
        "id contest rule pattern state until told voided_after",
        secret="voter tokens",
    ),
    "prizes.holdevent": Record(
        "id contest kind pattern number at reason previous hash",
        personal="by",
        person="by",
        secret="voter",
    ),
    "prizes.removal": Record("id entry at reached told done_at"),
    "prizes.voidnotice": Record("id case group at reached told done_at"),
    "prizes.votelistwish": Record(
        "id contest", personal="user asked_at sent_at", person="user"
    ),
    "prizes.remark": Record("id change", personal="text", person="change__by"),
    "prizes.countproposal": Record(
        "id contest digest proposed_at confirmed_at dismissed_at",
        personal="proposed_by confirmed_by dismissed_by",
        person="proposed_by confirmed_by dismissed_by",
    ),
    "prizes.extension": Record(
        "id phase old_end new_end reason at source told_at",
        personal="by",
        person="by",
    ),
    "prizes.result": Record(
        "id category entry rank votes champion frozen_at", personal="by", person="by"
    ),
    "prizes.organizationtie": Record("id organization other kind at"),
    "prizes.amendment": Record(
        "id entry kind note reason proposed_at confirmed_at dismissed_at announced_at",
        personal="proposed_by confirmed_by dismissed_by",
        person="proposed_by confirmed_by dismissed_by",
    ),
    "prizes.certificatejob": Record(
        "id contest language form options printed file state step percent error log attempts"
        " token lease_until created_at started_at finished_at",
        personal="by",
        person="by",
    ),
    "prizes.letterbatch": Record(
        "id contest outcome state step percent error log attempts token lease_until"
        " created_at started_at finished_at",
        personal="by",
        person="by",
    ),
    # the text names its reader; the entry says what became of it
    "prizes.letter": Record(
        "id batch entry outcome language state updated_at is_settled",
        personal="subject text sentence bounce mail written_by approved_by",
        person="entry__owner",
        erase=Erase.DELETE,
    ),
    "prizes.panel": Record(
        "id category reviews_per_entry load_cap", personal="experts"
    ),
    "prizes.invitation": Record(
        "id panel is_chair",
        personal="expert asked_at answered_at accepted",
        person="expert",
        erase=Erase.DELETE,
    ),
    "prizes.assignment": Record("id entry at", personal="expert", person="expert"),
    # what was chosen stays, for it decided on the work of others
    "prizes.choice": Record(
        "id panel entry at standing", personal="expert reason", person="expert"
    ),
    "prizes.panelmember": Record(
        "id panel is_chair takes_entries",
        personal="expert reminded_at",
        person="expert",
    ),
    "prizes.conflict": Record(
        "id entry at",
        personal="expert reason by",
        person="expert by",
        erase=Erase.BLANK,
    ),
    "prizes.delegation": Record(
        "id entry asked_at accepted_at sent_at ended_at",
        personal="expert colleague email message",
        secret="token",
        person="expert colleague",
        erase=Erase.DELETE,
    ),
    "prizes.forwarding": Record(
        "id entry source target at confirmed decided_at",
        personal="reason by decided_by",
        person="by decided_by",
    ),
    # what is covered in it are names; the rest is the text of the entry
    "prizes.redactedtext": Record(
        "id entry updated_at", personal="title description", person="entry__owner"
    ),
    "prizes.score": Record(
        "id review criterion", personal="value", person="review__reviewer"
    ),
    "prizes.review": Record(
        # what was handed in stays, for it decided on the work of others
        "id entry state updated_at feedback_approved_at",
        personal="reviewer colleague passes comment feedback",
        person="reviewer",
        drop={"state": "draft"},
    ),
    "prizes.entry": Record(
        f"id {' '.join(PRIZE_ENTRY)} organization answers exclusive is_distinct word_count status"
        " title_key organization_key"
        " code created_at updated_at submitted_at winner_at words",
        personal="owner",
        person="owner",
        drop={
            "announced": "",
            "status__in": ["draft", "submitted", "returned", "refused", "withdrawn"],
        },
    ),
    # the Forum
    **{f"forum.{name}": VOCABULARY for name in FORUM_FACTS.split()},
    "forum.star": Record(
        "id", personal="user session level at", person="user", erase=Erase.DELETE
    ),
    "forum.calendarkey": Record(
        "id",
        personal="user created_at",
        secret="token",
        person="user",
        erase=Erase.DELETE,
    ),
    "forum.registration": Record(
        # attendance, country and type stay: the statistics of the edition count them
        "id edition attendance stakeholder_type country status as_speaker created_at"
        " waitlisted_at approved_at has_reserved_seat",
        personal="user email name organization_name needs code tags delegation listed",
        person="user",
        erase=Erase.BLANK,
    ),
    "forum.submission": Record(
        "id edition kind language stakeholder_type country session_type track status session"
        " merged_into created_at updated_at submitted_at action_lines sdgs is_public",
        personal="owner title text organization_name people answers",
        secret="tokens",
        person="owner",
        erase=Erase.BLANK,
        forget="is_public",  # the consent to publication
        drop={"status__in": ["draft", "returned"]},
    ),
    "forum.participation": Record(
        "id session person role order",
        person="person__user",
        drop={"person__is_public": False},
    ),
    "forum.person": Record(
        # who spoke in a released programme is part of its record; the account is cut off from it
        "id name name_key organization position country bio bio_language is_public merged_into"
        " source created_at",
        personal="user email invited_at claimed_at",
        secret="tokens",
        person="user",
        erase=Erase.BLANK,
        forget="bio user",
        drop={"is_public": False},
    ),
    "forum.personmerge": Record(
        "id survivor merged moved dropped took_email was_public at undone_at",
        personal="account by",
        person="account by",
    ),
    "forum.session": Record(
        f"id {' '.join(SESSION)} seats_wanted minutes_wanted join_link join_for version created_at "
        "updated_at words",
        personal="owner updated_by",
        person="owner updated_by",
    ),
    **PLANNING,
    **ENTRANCE,
    **PROPOSALS,
    "forum.printout": Record(
        "id agenda kind day language file size sha256 state step percent error log attempts"
        " token lease_until created_at started_at finished_at",
    ),
    "forum.agendarelease": Record(
        "id edition number name note at content changes told_at told unanswered early_reason",
        personal="by",
        person="by",
    ),
    **OUTCOME,
    **ROADMAP,
    # Stocktaking
    "stocktaking.follow": Record(
        "id",
        personal="user query organization project rhythm is_on next_at transaction change_id"
        " created_at",
        person="user",
        erase=Erase.DELETE,
    ),
    "stocktaking.collection": Record(public=ALL),
    "stocktaking.member": Record(
        # country and type stay: the statistics count them
        public="id country stakeholder_type created_at",
        members="organization interests languages bio",
        personal="user listed wants_news consented_at",
        person="user",
        erase=Erase.BLANK,
    ),
    "stocktaking.organization": Record(public=ALL),
    "stocktaking.restructuring": Record(
        "id kind kept other kept_name other_name is_new before after other_before at undone_at",
        personal="by undone_by",
        secret="rows",
        person="by undone_by",
    ),
    "stocktaking.organizationdomain": Record(public=ALL),
    "stocktaking.organizationrole": Record(
        "id organization",
        members="title since until",
        personal="member shown status asked_at verified_at",
        person="member__user",
        erase=Erase.DELETE,
    ),
    "stocktaking.project": Record(
        public=f"id number {' '.join(PUBLIC)} version created_at updated_at submitted_at"
        " published_at returned_at refused_at archived_at reviewed_at public_from successor",
        personal=f"owner {' '.join(PRIVATE)}",
        person="owner",
        erase=Erase.BLANK,
        drop={"version": 0},  # what was never public
    ),
    "stocktaking.attachment": Record(
        "id project kind file size sha256 scan virus asked_at public_since at",
        personal="by former_owner",
        person="project__owner",
        drop={"public_since": None},
    ),
    "stocktaking.projecthints": Record(public=ALL),
    "stocktaking.projectwords": Record(public=ALL),
    "stocktaking.word": Record(public=ALL),
    # around a project, and the desk
    "stocktaking.revision": Record(
        # what was approved is in the versions of the project
        "id project base_version status created_at updated_at submitted_at approved_at returned_at"
        " withdrawn_at",
        personal="by base content replaced former_owner",
        person="by",
        erase=Erase.BLANK,
        drop={"status": "draft"},
    ),
    "stocktaking.merge": Record(
        # data of the undo; the contact in it is needed for minutes only
        "id loser survivor at undone_at",
        personal="by before after",
        secret="rows",
        person="by",
        erase=Erase.BLANK,
    ),
    "stocktaking.projecttext": Record(
        # what was public is part of the public record
        f"id project language kind {' '.join(TEXT_FIELDS)} based_on original engine status"
        " created_at updated_at submitted_at approved_at refused_at withdrawn_at",
        personal="by former_owner",
        person="by",
        erase=Erase.BLANK,
        drop={"approved_at": None, "kind": "human"},
    ),
    "stocktaking.ownershiprequest": Record(
        "id project status created_at granted_at refused_at answer answered_at",
        personal="by reason answer_text former_owner",
        secret="former",
        person="by former_owner",
        erase=Erase.BLANK,
    ),
    "stocktaking.coeditor": Record(
        "id project created_at expires_at accepted_at revoked_at",
        personal="user by email",
        secret="token",
        person="user by",
        erase=Erase.DELETE,
    ),
    "stocktaking.message": Record(
        "id project from_staff at",
        personal="by text former_owner",
        person="by",
        erase=Erase.BLANK,
    ),
    "stocktaking.screening": Record(
        "id project worst seen submitted_at at",
        secret="findings content before",
        person="project__owner",
        erase=Erase.DELETE,
    ),
    "stocktaking.upkeep": Record(public=ALL),
    "stocktaking.reminder": Record(
        "id project kind about sent_at",
        personal="to note",
        person="to",
        erase=Erase.DELETE,
    ),
    "stocktaking.websitecheck": Record(public=ALL),
    "stocktaking.organizationtrust": Record(public=ALL),
    "stocktaking.reason": Record(public=ALL),
    "stocktaking.reasontext": Record(public=ALL),
    "stocktaking.deskassignment": Record(
        "id project", personal="by until", person="by", erase=Erase.DELETE
    ),
    "stocktaking.savedview": Record(
        "id", personal="by name query", person="by", erase=Erase.DELETE
    ),
    "stocktaking.batch": Record(
        "id move notes query previewed_at undo_at state step percent error log attempts token"
        " lease_until created_at started_at finished_at",
        personal="by",
        person="by",
    ),
    "stocktaking.batchitem": Record("id batch project revision outcome sentence"),
    # logs
    "common.importjob": Record(
        "id kind mapping heading encoding date_order mode state step percent created updated"
        " unchanged failed error log attempts token lease_until created_at started_at finished_at"
        " as_staff",
        personal="by name",
        secret="file errors readings decisions",
        person="by",
        erase=Erase.BLANK,
    ),
    "common.importedrecord": Record(
        "id job record_kind record_id is_new stamp put_back_at",
        secret="before",
        person="job__by",
        erase=Erase.BLANK,
    ),
    "common.statuschange": Record(
        # the reasons belong to the record's history, which is kept (legal hold)
        "id record_kind record_id move source target note at",
        personal="by",
        person="by",
    ),
    "common.change": Record(public=ALL),
    "common.recordversion": Record(
        "id record_kind record_id version kind content content_hash at",
        personal="by",
        person="by",
    ),
    "common.clusteroffset": Record(public=ALL),
    "common.servedstate": Record(public=ALL),
    "common.outgoingmail": Record(
        "id created_at sent_at tries digest once cause not_before withdrawn_at urgent"
        " leased_until leaves_no_trace inside came_back_at answer_code",
        personal="to subject",
        secret="body error unsubscribe reference answer",
    ),
    "common.keptanswer": Record(
        "id",
        personal="user key status data at",
        secret="question",
        person="user",
        erase=Erase.DELETE,
    ),
    # reports: frozen public figures
    **{f"reports.{name}": VOCABULARY for name in REPORT_FACTS.split()},
    # what editors wrote is part of the report, whoever it was
    "reports.report": Record(
        "id series region contest from_year to_year query language planned_on next_on created_at"
        " changed_at",
        personal="editors",
    ),
    "reports.editorship": Record(
        "id report", personal="user since", person="user", erase=Erase.DELETE
    ),
    "reports.segment": Record(
        "id section block field language text state original_hash at",
        personal="by",
        person="by",
    ),
    "reports.earliertext": Record(
        "id segment text state at replaced_at", personal="by", person="by"
    ),
    "reports.comment": Record(
        "id block text at resolved_at told_at",
        personal="by resolved_by",
        person="by resolved_by",
    ),
    "reports.reviewer": Record(
        "id publication version",
        personal="user asked_at answered_at note",
        person="user",
        erase=Erase.DELETE,
    ),
    # name, organization and time are published with the report; they stay as the report does
    "reports.earlyreader": Record(
        "id publication version name organization language begins_at ends_at created_at"
        " removed_at",
        personal="email invited_by",
        secret="token",
        person="invited_by",
    ),
    "reports.earlyreading": Record("id reader", personal="what at"),
    "reports.contribution": Record(
        "id block agency question words deadline ends_on language text note asked_at"
        " opened_at saved_at sent_at returned_at accepted_at withdrawn_at reminded_at"
        " late_reminded_at",
        personal="name email by accepted_by",
        secret="tokens",
        person="by accepted_by",
    ),
    "reports.boxquestion": Record(
        "id block project asked_at ends_on answer answered_at text accepted_at",
        personal="owner by accepted_by",
        secret="tokens",
        person="owner",
    ),
    "reports.subscription": Record(
        "id",
        personal="series region user email language created_at confirmed_at",
        person="user",
        erase=Erase.DELETE,
    ),
    "reports.notice": Record("id snapshot reached written finished_at"),
    "reports.publication": Record(
        "id series region from_year to_year query language title status version"
        " published_version created_at published_at publish_at as_of contest edition"
        " due_on schedule report isbn"
        " doi",
        personal="requested_by",
        person="requested_by",
    ),
    **{f"reference.{name}": VOCABULARY for name in VOCABULARIES.split()},
}


def of_people() -> Iterator[tuple[type[models.Model], Record]]:
    """Models whose rows belong to a person; the account itself comes last."""
    models_by_label = {
        model._meta.label_lower: model for model in registry.get_models()
    }
    rows = [
        (models_by_label[label], record)
        for label, record in RECORDS.items()
        if record.person
    ]
    yield from sorted(rows, key=lambda row: row[1].person == "pk")
