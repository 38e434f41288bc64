"""All addresses of the portal, found by walking the URL resolver."""

from django.urls import URLPattern, get_resolver


def walk(patterns, namespace="", route="", converters=()):
    for pattern in patterns:
        here = route + str(pattern.pattern)
        named = pattern.pattern.regex.groupindex
        known = dict.fromkeys([*dict(converters), *pattern.pattern.converters, *named])
        if isinstance(pattern, URLPattern):
            yield (f"{namespace}{pattern.name}" if pattern.name else here), here, known
        else:
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from walk(pattern.url_patterns, inner, here, known.items())


def all_urls():
    """Name (or route, where there is none) → names of its parameters."""
    return {name: set(known) for name, _route, known in walk(get_resolver().url_patterns)}


def is_admin(name):
    return name.startswith("admin:") or "/admin/" in name
