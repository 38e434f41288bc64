from importlib import import_module

from django.apps import AppConfig
from django.db.models import DateTimeField
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class CommonConfig(AppConfig):
    name = "common"
    verbose_name = _("Logs")

    def ready(self) -> None:
        """Every form of the admin, ours or a package's, names the clock of a date and time; tables
        of moves that name what is not there are refused; each app names its imports."""
        # These need the registry of apps, which is complete only here.
        import_module("common.moves.models").check_tables()
        autodiscover_modules("importers")
        options = import_module("django.contrib.admin.options")
        field = import_module("common.dates.fields").ZonedSplitDateTimeField
        options.FORMFIELD_FOR_DBFIELD_DEFAULTS[DateTimeField] = {
            "form_class": field,
            "widget": field.widget,
        }
