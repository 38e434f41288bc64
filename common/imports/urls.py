"""The pages of every kind of import that is registered."""

from django.urls import path

from common.imports import views

app_name = "imports"

urlpatterns = [
    path("<slug:kind>/", views.import_list, name="list"),
    path("<slug:kind>/<int:pk>/", views.import_job, name="job"),
    path("<slug:kind>/<int:pk>/act/", views.import_act, name="act"),
    path("<slug:kind>/<int:pk>/errors.<str:form>", views.import_errors, name="errors"),
]
