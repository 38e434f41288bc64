"""Several records that are looked up one by one."""

from typing import Any

from django.contrib.admin.widgets import AutocompleteSelectMultiple


class LookedUpRecords(AutocompleteSelectMultiple):
    """Each record that is chosen has its own button, which takes it away. The button that takes all
    away would stand among them in a list without being an item of it."""

    def build_attrs(
        self, base_attrs: dict[str, Any], extra_attrs: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        attrs: dict[str, Any] = super().build_attrs(base_attrs, extra_attrs)
        return attrs | {"data-allow-clear": "false"}
