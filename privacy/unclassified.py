"""Fields that have no class of personal data: a test fails on them."""

from django.apps import apps as registry
from django.db import models

from privacy.classes import ALL
from privacy.records import RECORDS


def field_names(model: type[models.Model]) -> list[str]:
    """The model's own fields, many-to-many ones included."""
    return [f.name for f in (*model._meta.concrete_fields, *model._meta.many_to_many)]


def unclassified() -> list[str]:
    """Fields that are not listed, listed fields that do not exist, and fields listed twice."""
    faults = []
    for model in registry.get_models():
        label = model._meta.label_lower
        if label not in RECORDS:
            faults.append(
                f"{label}: the model is missing ({' '.join(field_names(model))})"
            )
            continue
        record = RECORDS[label]
        if record.public == ALL:
            if record.person:
                faults.append(
                    f"{label}: a model with a person names its fields one by one"
                )
            continue
        own, named = set(field_names(model)), record.names()
        faults += [f"{label}.{name}: no class" for name in sorted(own - set(named))]
        faults += [
            f"{label}.{name}: no such field" for name in sorted(set(named) - own)
        ]
        faults += [
            f"{label}.{n}: twice"
            for n in sorted({n for n in named if named.count(n) > 1})
        ]
    labels = {model._meta.label_lower for model in registry.get_models()}
    return faults + [
        f"{label}: no such model" for label in sorted(RECORDS.keys() - labels)
    ]
