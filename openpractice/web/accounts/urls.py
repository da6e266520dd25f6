"""The addresses of signing in. Ours stand first, so that they come before allauth's of the same name."""

from django.urls import include, path

from openpractice.web.accounts import views

urlpatterns = [
    path("account/", views.page, name="account"),
    path("account/name/", views.name, name="account_name"),
    path("account/login/", views.SignIn.as_view(), name="account_login"),
    path("account/email/", views.nowhere, name="account_email"),
    path("account/confirm-email/", views.nowhere),
    path("account/confirm-email/<path:key>", views.nowhere),
    path("account/", include("allauth.urls")),
]
