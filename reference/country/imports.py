"""Vocabularies as cells of imported sheets name them: by code, name or other known name."""

from django.conf import settings
from django.utils.translation import gettext as _

from common.imports.cells import Vocabulary
from reference.country.models import Country


def countries() -> Vocabulary:
    names = [f"name_{code.replace('-', '_')}" for code, _name in settings.LANGUAGES]
    rows = Country.objects.values_list("code", "iso3", "aliases", *names)
    return Vocabulary(
        [
            (code, iso3, *aliases, *filter(None, others))
            for code, iso3, aliases, *others in rows
        ],
        _("Enter the ISO code, such as KE, or the name used by the United Nations."),
    )
