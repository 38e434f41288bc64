"""Vocabularies as cells of imported sheets name them: by code, name or known other name."""

from django.utils.translation import gettext as _

from common.sheets import Vocabulary
from reference.models import Country


def countries() -> Vocabulary:
    rows = Country.objects.values_list("code", "name_en", "aliases")
    return Vocabulary(
        [(code, name, *aliases) for code, name, aliases in rows],
        _("Give the ISO code, such as KE, or the name used by the United Nations."),
    )
