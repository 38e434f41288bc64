"""The tables of the portal, its own and those of its packages."""

from collections.abc import Iterator

from django.apps import apps
from django.db import models


def every_model() -> Iterator[type[models.Model]]:
    for app in apps.get_app_configs():
        yield from app.get_models()
