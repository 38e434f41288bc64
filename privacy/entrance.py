"""The classes of badges and of what is printed for participants of the Forum."""

from privacy.classes import Erase, Record

ENTRANCE = {
    "forum.badge": Record(
        "id registration role issued_at printed_at revoked_at",
        personal="revoked_by reason",
        secret="token digest",
        person="registration__user",
        erase=Erase.DELETE,
    ),
    "forum.steward": Record(
        "id edition", personal="user", person="user", erase=Erase.DELETE
    ),
    "forum.checkin": Record(
        "id uid edition registration gate session at received_at refusal is_arrival undone_at",
        personal="by device undone_by undo_reason",
        person="registration__user",
    ),
    "forum.issuedletter": Record(
        "id registration kind issued_at withdrawn_at",
        personal="withdrawn_by reason",
        secret="code",
        person="registration__user",
        erase=Erase.DELETE,
    ),
    "forum.printjob": Record(
        "id edition kind options printed file state step percent error log attempts token"
        " lease_until created_at started_at finished_at",
        personal="by",
        person="by",
    ),
}
