from django.urls import include, path

from accounts import views

urlpatterns = [
    path("profile/", views.profile, name="account-profile"),
    path("", include("allauth.urls")),
]
