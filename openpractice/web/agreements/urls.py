"""The addresses of agreements."""

from django.urls import path

from openpractice.web.agreements.views import agreements, why

urlpatterns = [
    path("", agreements.page, name="agreements"),
    path("new/", agreements.new, name="new_agreement"),
    path("why/", why.page, name="why"),
    path("<int:agreement>/", agreements.one, name="agreement"),
]
