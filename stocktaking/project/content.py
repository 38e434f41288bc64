"""Reading and writing the fields of a project as plain values."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Model, Prefetch, prefetch_related_objects

from common.records.hashing import content_hash
from stocktaking.project.fields import LISTS, PRIVATE, PROJECT_COLUMNS, TEXT_FIELDS


def texts_hash(record: Model) -> str:
    """A hash of the texts of a project, or of one in another language."""
    return content_hash({name: getattr(record, name) for name in TEXT_FIELDS})


def public_texts(projects: Sequence[Any]) -> dict[int, dict[str, list[str]]]:
    """For projects with public texts in other languages, a mark of each: language, status, hash."""
    marks: dict[int, dict[str, list[str]]] = {}
    now = (
        "texts_as_they_are_now"  # read again, whatever the projects have loaded already
    )
    prefetch_related_objects(projects, Prefetch("texts", to_attr=now))
    for project in projects:
        texts = [text for text in vars(project).pop(now) if text.is_public]
        if texts:
            marks[project.pk] = {
                "texts": [
                    f"{text.language} {text.status} {texts_hash(text)[:12]}"
                    for text in sorted(
                        texts, key=lambda text: (text.language, text.kind)
                    )
                ]
            }
    return marks


def project_content(project: Any) -> dict[str, Any]:
    """The content of the project form as plain values: the public fields and the contact."""
    public = project.public_content()
    private = {name: getattr(project, name) for name in (*PRIVATE, "attachments")}
    return {name: (public | private)[name] for name in (*PROJECT_COLUMNS, *LISTS)}


def set_terms(project: Any, name: str, terms: Iterable[Any]) -> None:
    """Make `terms` the list `name` of this object in memory; nothing is stored."""
    list(terms)  # reads them once; the related manager answers from here on
    project.__dict__.setdefault("_prefetched_objects_cache", {})[name] = terms


def overlay(project: Any, content: dict[str, Any]) -> Any:
    """The project in memory with this content. Must not be saved."""
    for name in PROJECT_COLUMNS:
        if name in content:
            setattr(project, name, content[name])
    for name in LISTS:
        if name in content:
            field = project._meta.get_field(name)
            terms = field.remote_field.model._default_manager.filter(
                pk__in=content[name]
            )
            set_terms(project, name, terms)
    return project


def write(project: Any, content: dict[str, Any]) -> None:
    """Store this content, or part of it, in the project and its lists."""
    for name in PROJECT_COLUMNS:
        if name in content:
            setattr(project, name, content[name])
    project.save()
    for name in LISTS:
        if name in content:
            getattr(project, name).set(content[name])
