from django.urls import include, path

from accounts import key_views, views

urlpatterns = [
    path("profile/", views.profile, name="account-profile"),
    path("notifications/", views.notifications, name="notifications"),
    path("keys/", key_views.keys, name="api-keys"),
    path("keys/new/", key_views.key_new, name="api-key-new"),
    path("keys/<int:pk>/revoke/", key_views.key_revoke, name="api-key-revoke"),
    path("unsubscribe/<str:token>/", views.unsubscribe, name="unsubscribe"),
    path("", include("allauth.urls")),
]
