"""The classes of the fields of the roadmap; a position is its agency's word, whoever wrote it."""

from privacy.classes import ALL, Erase, Record

ROADMAP_FACTS = (
    "agency body office figure document issue actionlinereview meeting milestone partner"
    " dependency resolution relation paragraph roadmap"
)


ROADMAP: dict[str, Record] = {
    **{f"roadmap.{name}": Record(public=ALL) for name in ROADMAP_FACTS.split()},
    "roadmap.agencymembership": Record(
        "id agency", personal="user approves since", person="user", erase=Erase.DELETE
    ),
    "roadmap.datechange": Record(
        "id milestone old_start old_end new_start new_end reason at",
        personal="by",
        person="by",
    ),
    "roadmap.positionversion": Record(
        "id milestone agency version completion text language expected evidence_count status"
        " created_at cleared_at published_at superseded_at withdrawn_at",
        personal="by",
        person="by",
    ),
    "roadmap.evidence": Record(
        "id position label link issue file", person="position__by"
    ),
    "roadmap.reconciliationnote": Record(
        "id milestone text at", personal="by", person="by"
    ),
}
