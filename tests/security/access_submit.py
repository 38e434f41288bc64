"""Who gets which answer around an entry: its versions, revisions, claims, texts and files."""

from tests.security.access_rules import READ_ONLY, signed_in
from tests.stocktaking.records import revision_of

# Of a published project and what hangs on it; a revision is submitted, a draft is its owner's.
TABLE = {
    "stocktaking:revise": (signed_in(405), signed_in(404, owner=302)),
    "stocktaking:versions": READ_ONLY,
    "stocktaking:revision": (
        signed_in(404, owner=200, secretariat=200, administrator=200),
        signed_in(405),
    ),
    "stocktaking:revision-move": (signed_in(405), signed_in(404)),
}
PARAMETERS = {
    "stocktaking:revision": lambda project: {"pk": revision_of(project, "submitted").pk},
    "stocktaking:revision-move": lambda project: {"pk": revision_of(project, "submitted").pk},
}
