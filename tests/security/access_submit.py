"""Who gets which answer about versions, revisions, ownership requests, texts and files."""

from stocktaking.coeditor.models import CoEditor
from stocktaking.upkeep.models import link
from tests.security.access_rules import ALL, READ_ONLY, rule, signed_in
from tests.stocktaking.records import (
    attached,
    ownership_request_for,
    revision_of,
    text_of,
)

# Of a published project and what hangs on it; a revision is submitted, a draft is its owner's.
TABLE = {
    "stocktaking:revise": (signed_in(405), signed_in(404, owner=302)),
    "stocktaking:versions": READ_ONLY,
    "stocktaking:revision": (
        signed_in(404, owner=200, secretariat=200, administrator=200),
        signed_in(405),
    ),
    "stocktaking:revision-move": (signed_in(405), signed_in(404)),
    "stocktaking:project-step": (signed_in(404, owner=302), signed_in(404, owner=409)),
    "stocktaking:project-preview": (signed_in(404, owner=200), signed_in(405)),
    "stocktaking:revision-edit": (signed_in(404, owner=302), signed_in(405)),
    "stocktaking:revision-step": (signed_in(404, owner=302), signed_in(404, owner=409)),
    "stocktaking:revision-preview": (signed_in(404, owner=200), signed_in(405)),
    "stocktaking:coeditors": (signed_in(404, owner=200), signed_in(404, owner=400)),
    "stocktaking:coeditor-revoke": (signed_in(405), signed_in(404, owner=302)),
    "stocktaking:coeditor-accept": (
        signed_in(404),
        signed_in(404),
    ),  # no such invitation
    "stocktaking:texts": (signed_in(404, owner=200), signed_in(405)),
    "stocktaking:text-edit": (signed_in(404, owner=200), signed_in(404, owner=409)),
    "stocktaking:text": (
        signed_in(404, owner=200, secretariat=200, administrator=200),
        signed_in(405),
    ),
    "stocktaking:text-move": (signed_in(405), signed_in(404)),
    "stocktaking:ownership-request-new": (
        signed_in(200, owner=302),
        signed_in(400, owner=302),
    ),
    "stocktaking:ownership-request": (
        signed_in(404, secretariat=200, administrator=200),
        signed_in(405),
    ),
    "stocktaking:ownership-request-move": (signed_in(405), signed_in(404)),
    "stocktaking:project-file": READ_ONLY,
    "stocktaking:kept-image": (
        signed_in(404),
        signed_in(405),
    ),  # its name is the permission
    "stocktaking:confirm": (ALL, ALL),
    # the signature of the link is the permission; an answer has to be chosen
    "stocktaking:ownership-answer": (ALL, rule(400)),
    "stocktaking:confirm-own": (signed_in(405), signed_in(404, owner=302)),
}


def submitted(project):
    return {"pk": revision_of(project, "submitted").pk}


def told(project):
    return {"pk": (project.texts.first() or text_of(project, "submitted")).pk}


def ownership_requested(project):
    return {"pk": ownership_request_for(project).pk}


def invited(project):
    made, _token = CoEditor.objects.invite(
        project, "colleague@example.org", project.owner
    )
    return {"pk": made.pk}


def with_file(project):
    return {"pk": project.pk, "number": attached(project).pk}


PARAMETERS = {
    "stocktaking:project-file": with_file,
    "stocktaking:kept-image": lambda _project: {"token": "x"},
    "stocktaking:coeditor-revoke": invited,
    "stocktaking:coeditor-accept": lambda _project: {"token": "x"},
    "stocktaking:text-edit": lambda project: {"pk": project.pk, "language": "fr"},
    "stocktaking:text": told,
    "stocktaking:text-move": told,
    "stocktaking:ownership-request": ownership_requested,
    "stocktaking:ownership-request-move": ownership_requested,
    "stocktaking:ownership-answer": lambda project: {
        "token": ownership_request_for(project).answer_url().split("/")[-2]
    },
    "stocktaking:confirm": lambda project: {"token": link(project).split("/")[-2]},
    "stocktaking:revision": submitted,
    "stocktaking:revision-move": submitted,
    "stocktaking:revision-edit": submitted,
    "stocktaking:revision-preview": submitted,
    "stocktaking:project-step": lambda project: {"pk": project.pk, "slug": "what"},
    "stocktaking:revision-step": lambda project: submitted(project) | {"slug": "what"},
}
