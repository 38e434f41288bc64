"""What people call the columns of a sheet of projects; other sheets use the same words."""

from django.utils.translation import gettext_lazy as _

from stocktaking.project.fields import FIELDS

# In six languages, case, accents and signs aside.
NAMES = {field.column: field.column_names for field in FIELDS if field.column}
# The words of the page where they are not those of the form.
LABELS = {
    "action_lines": _("Action lines"),  # the main one and the others
    "sdgs": _("Sustainable Development Goals"),
}
