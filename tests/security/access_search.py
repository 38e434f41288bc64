"""Who gets which answer in the search pages; access_table.py says how to read a row."""

from typing import Any

from django.core import signing

from stocktaking.exploring.models import Collection
from stocktaking.follow.models import SALT, Follow
from tests.security.access_rules import ALL, ELSEWHERE, OWN, READ_ONLY, signed_in

# name → (GET, POST with an empty form), each a role → status
TABLE: dict[str, Any] = {
    "stocktaking:download": READ_ONLY,
    "stocktaking:export": READ_ONLY,
    "stocktaking:feed": READ_ONLY,
    "stocktaking:profiles": READ_ONLY,
    "stocktaking:profile": READ_ONLY,
    "stocktaking:collection": READ_ONLY,
    "stocktaking:map": READ_ONLY,
    "stocktaking:heat": READ_ONLY,
    "stocktaking:gaps": READ_ONLY,
    "stocktaking:gaps-csv": READ_ONLY,
    "stocktaking:project-jsonld": READ_ONLY,
    "stocktaking:project-card": READ_ONLY,
    "robots": READ_ONLY,
    "security": READ_ONLY,
    "sitemap": READ_ONLY,
    "sitemap-part": READ_ONLY,
    "stocktaking:follows": (OWN, signed_in(405)),
    "stocktaking:follow-add": (signed_in(405), ELSEWHERE),
    "stocktaking:follow-change": (signed_in(405), signed_in(404, owner=302)),
    "stocktaking:follow-stop": (
        ALL,
        ALL,
    ),  # the signature of the link is the permission
}


def _follow(project: Any) -> Follow:
    return Follow.objects.get_or_create(user=project.owner, query="sdg=9")[0]


def _collection() -> Collection:
    values = {"title": "Kenya", "query": "country=KE", "is_public": True}
    return Collection.objects.get_or_create(slug="kenya", defaults=values)[0]


# name → function (project) → the parameters of its address; a project's id where it is absent
PARAMETERS: dict[str, Any] = {
    "stocktaking:export": lambda _project: {"kind": "csv"},
    "sitemap-part": lambda _project: {"section": "projects"},
    "stocktaking:profile": lambda _project: {"facet": "country", "code": "KE"},
    "stocktaking:collection": lambda _project: {"slug": _collection().slug},
    "stocktaking:follow-change": lambda project: {"pk": _follow(project).pk},
    "stocktaking:follow-stop": lambda project: {
        "token": signing.dumps(_follow(project).pk, salt=SALT)
    },
}
