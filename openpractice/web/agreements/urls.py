"""The addresses of agreements."""

from django.urls import path

from openpractice.web.agreements.views import agreements, emergency, why

urlpatterns = [
    path("", agreements.page, name="agreements"),
    path("new/", agreements.new, name="new_agreement"),
    path("why/", why.page, name="why"),
    path("emergency/", emergency.page, name="emergencies"),
    path("emergency/open/", emergency.open_page, name="open_emergency"),
    path("emergency/<int:emergency>/", emergency.one, name="emergency"),
    path("<int:agreement>/", agreements.one, name="agreement"),
]
