"""The addresses of uploads."""

from django.urls import path

from openpractice.web.uploads import views

urlpatterns = [
    path("", views.page, name="uploads"),
    path("progress.json", views.progress, name="uploads_progress"),
    path("<int:upload>/", views.one, name="upload"),
]
