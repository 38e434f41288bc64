from importlib import import_module

from django.apps import AppConfig
from django.db.models import DateTimeField
from django.utils.translation import gettext_lazy as _


class CommonConfig(AppConfig):
    name = "common"
    verbose_name = _("Logs")

    def ready(self) -> None:
        """Add the name of the clock to every date and time field of the admin; check the tables
        of moves."""
        # These need the registry of apps, which is complete only here.
        import_module("common.moves.models").check_tables()
        options = import_module("django.contrib.admin.options")
        field = import_module("common.dates.fields").ZonedSplitDateTimeField
        options.FORMFIELD_FOR_DBFIELD_DEFAULTS[DateTimeField] = {
            "form_class": field,
            "widget": field.widget,
        }
