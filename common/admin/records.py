"""Records that are looked up, one or several."""

from typing import Any

from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple
from django.core.exceptions import ValidationError


class KeysOnly(AutocompleteSelect):
    """Shows a form again that was sent with something that is no key: Django's own would look that
    up in the database, which refuses it."""

    def optgroups(self, name: str, value: Any, attr: Any = None) -> Any:
        return super().optgroups(
            name, [key for key in value if self._is_key(key)], attr
        )

    def _is_key(self, text: str) -> bool:
        link: Any = self.field.remote_field
        try:
            link.get_related_field().to_python(text)
        except ValidationError:
            return False
        return True


class LookedUpRecord(KeysOnly):
    """One record."""


class LookedUpRecords(KeysOnly, AutocompleteSelectMultiple):
    """Each record that is chosen has its own button, which takes it away. The button that takes all
    away would stand among them in a list without being an item of it."""

    def build_attrs(
        self, base_attrs: dict[str, Any], extra_attrs: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        attrs: dict[str, Any] = super().build_attrs(base_attrs, extra_attrs)
        return attrs | {"data-allow-clear": "false"}
