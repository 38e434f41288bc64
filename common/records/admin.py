"""The log of public changes and the versions of public records in the admin, read-only."""

import json

from django.contrib import admin
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.admin.read_only import ReadOnlyAdmin
from common.dates.zones import in_words
from common.records.models import Change, PublicRecord, RecordVersion

VERSIONS_SHOWN = 50


@admin.register(Change)
class ChangeAdmin(ReadOnlyAdmin):
    list_display = ("at", "kind", "record_kind", "record_id", "version", "into")
    list_filter = ("kind",)
    search_fields = ("=record_id",)
    ordering = ("-pk",)


@admin.register(RecordVersion)
class RecordVersionAdmin(ReadOnlyAdmin):
    list_display = ("record_kind", "record_id", "version", "kind", "by", "at")
    list_filter = ("record_kind", "kind")
    list_select_related = ("by",)
    search_fields = ("record_id",)


class ShowsVersions(admin.ModelAdmin):
    """For a PublicRecord: `kept_versions`, to be shown below the form."""

    @admin.display(description=_("published versions"))
    def kept_versions(self, record: PublicRecord) -> SafeString:
        if not record.pk:
            return SafeString("–")
        return format_html_join(
            "",
            "<details><summary>{}. {} – {}: {} ({})</summary><pre>{}</pre></details>",
            (
                (
                    version.version,
                    in_words(version.at),
                    version.get_kind_display(),
                    version.by or gettext("the portal"),
                    version.content_hash[:12],
                    json.dumps(
                        version.content, indent=2, ensure_ascii=False, sort_keys=True
                    ),
                )
                for version in record.versions[:VERSIONS_SHOWN]
            ),
        )
