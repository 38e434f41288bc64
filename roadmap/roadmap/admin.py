"""Roadmaps in the admin."""

from django.contrib import admin

from roadmap.record.admin import FixedCode
from roadmap.roadmap.models import Roadmap


@admin.register(Roadmap)
class RoadmapAdmin(FixedCode):
    list_display = ("code", "name", "owner", "order")
    list_select_related = ("owner",)
    search_fields = ("code", "name")
    autocomplete_fields = ("owner",)
