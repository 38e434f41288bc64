from django.urls import include, path

from accounts import views

urlpatterns = [
    path("profile/", views.profile, name="account-profile"),
    path("notifications/", views.notifications, name="notifications"),
    path("unsubscribe/<str:token>/", views.unsubscribe, name="unsubscribe"),
    path("", include("allauth.urls")),
]
