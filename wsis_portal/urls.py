from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    *i18n_patterns(
        path("account/", include("accounts.urls")),
        path("admin/", admin.site.urls),
    ),
]

handler400 = "wsis_portal.errors.bad_request"
handler403 = "wsis_portal.errors.forbidden"
handler404 = "wsis_portal.errors.not_found"
handler429 = "wsis_portal.errors.too_many_requests"
handler500 = "wsis_portal.errors.server_error"
