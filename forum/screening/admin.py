"""The screening rules on the page of their edition."""

from django.contrib import admin

from forum.screening.models import ScreeningRule


class ScreeningRuleInline(admin.TabularInline):
    model = ScreeningRule
    extra = 0
