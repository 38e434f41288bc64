from django.urls import include, path

from accounts import key_views, second_factor_views, session_views, sign_up_views, views

urlpatterns = [
    path("signup/", sign_up_views.sign_up, name="account_signup"),
    path(
        "signup/passkey/",
        sign_up_views.sign_up_by_passkey,
        name="account_signup_by_passkey",
    ),
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
    path("sessions/", session_views.sessions, name="usersessions_list"),
    path("sessions/<int:pk>/end/", session_views.end_session, name="session-end"),
    path(
        "confirm-email/",
        second_factor_views.mailed_code,
        name="account_email_verification_sent",
    ),
    path(
        "2fa/authenticate/",
        second_factor_views.SecondStep.as_view(),
        name="mfa_authenticate",
    ),
    path("2fa/lost/", second_factor_views.lost, name="factor-lost"),
    path("2fa/stop/<str:token>/", second_factor_views.stop, name="factor-reset-stop"),
    path("", include("allauth.urls")),
]
