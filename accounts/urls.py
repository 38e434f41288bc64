from django.urls import include, path

from accounts.api_key import views as key_views
from accounts.notification import views as notification_views
from accounts.profile import views as profile_views
from accounts.second_factor import views as second_factor_views
from accounts.session import views as session_views
from accounts.sign_in import views as sign_in_views
from accounts.sign_in import views as sign_up_views

urlpatterns = [
    path("logout/", sign_up_views.sign_out, name="account_logout"),
    path("signup/", sign_up_views.sign_up, name="account_signup"),
    path(
        "signup/passkey/",
        sign_up_views.sign_up_by_passkey,
        name="account_signup_by_passkey",
    ),
    path("profile/", profile_views.profile, name="account-profile"),
    path("notifications/", notification_views.notifications, name="notifications"),
    path("keys/", key_views.keys, name="api-keys"),
    path("keys/new/", key_views.key_new, name="api-key-new"),
    path("keys/<int:pk>/revoke/", key_views.key_revoke, name="api-key-revoke"),
    path(
        "unsubscribe/<str:token>/", notification_views.unsubscribe, name="unsubscribe"
    ),
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
        sign_in_views.mailed_code,
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
