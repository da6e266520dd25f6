"""The demonstration's one address."""

from django.urls import path

from openpractice.web.demo import views

urlpatterns = [path("demo/", views.page, name="demo")]
