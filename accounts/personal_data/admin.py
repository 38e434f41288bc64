"""Copies of personal data, and erasures, in the admin."""

from django.contrib import admin

from accounts.personal_data.models import DataExport, Erasure
from accounts.user.admin import PrivacyAdmin


@admin.register(DataExport)
class DataExportAdmin(PrivacyAdmin):
    """People request copies of their own data; nobody else can read the files."""


@admin.register(Erasure)
class ErasureAdmin(PrivacyAdmin):
    list_filter = [
        ("done_at", admin.EmptyFieldListFilter),
        ("cancelled_at", admin.EmptyFieldListFilter),
    ]
