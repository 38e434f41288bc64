from django.contrib import admin

from stocktaking.models import Member


@admin.register(Member)
class MemberAdmin(admin.ModelAdmin):
    list_display = ("user", "organisation", "stakeholder_type", "country", "created_at")
    list_filter = ("stakeholder_type", "country__region")
    list_select_related = ("user", "organisation", "stakeholder_type", "country")
    list_per_page = 50
    show_full_result_count = False
    search_fields = ("user__email", "user__last_name", "organisation__name")
    autocomplete_fields = ("organisation",)
    raw_id_fields = ("user",)
    filter_horizontal = ("interests",)
    readonly_fields = ("consented_at", "created_at")
