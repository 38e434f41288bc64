"""All addresses of the portal, found by walking the URL resolver."""

from functools import cache

from django.urls import URLPattern, get_resolver

from tests.security.access_table import PARAMETERS


def walk(patterns, namespace="", route="", converters=()):
    for pattern in patterns:
        here = route + str(pattern.pattern)
        named = pattern.pattern.regex.groupindex
        known = dict.fromkeys([*dict(converters), *pattern.pattern.converters, *named])
        if isinstance(pattern, URLPattern):
            yield (f"{namespace}{pattern.name}" if pattern.name else here), here, known
        else:
            inner = (
                f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            )
            yield from walk(pattern.url_patterns, inner, here, known.items())


@cache
def all_urls():
    """Name (or route, where there is none) → names of its parameters."""
    return {
        name: set(known) for name, _route, known in walk(get_resolver().url_patterns)
    }


def is_admin(name):
    return name.startswith("admin:") or "/admin/" in name


def values(name, project):
    """Something to put into the parameters of an address: what its app says, else the project."""
    if name in PARAMETERS:
        return PARAMETERS[name](project)
    known = {
        "pk": project.pk,
        "uidb36": "1",
        "key": "x-y",
        "kind": "sdg",
        "object_id": "0",
        "app_label": "accounts",
    }
    return {key: known.get(key, project.pk) for key in all_urls()[name]}
