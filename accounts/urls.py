from django.urls import include, path

from accounts import key_views, second_factor_views, views

urlpatterns = [
    path("profile/", views.profile, name="account-profile"),
    path("notifications/", views.notifications, name="notifications"),
    path("keys/", key_views.keys, name="api-keys"),
    path("keys/new/", key_views.key_new, name="api-key-new"),
    path("keys/<int:pk>/revoke/", key_views.key_revoke, name="api-key-revoke"),
    path("unsubscribe/<str:token>/", views.unsubscribe, name="unsubscribe"),
    path(
        "2fa/totp/activate/",
        second_factor_views.ConfirmingTOTPView.as_view(),
        name="mfa_activate_totp",
    ),
    path(
        "2fa/webauthn/add/",
        second_factor_views.ConfirmingWebAuthnView.as_view(),
        name="mfa_add_webauthn",
    ),
    path("", include("allauth.urls")),
]
