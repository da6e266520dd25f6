"""The addresses of organisations."""

from django.urls import path

from openpractice.web.organisations.views import installation, invitations, people, ways_in, you

urlpatterns = [
    path("you/", you.page, name="you"),
    path("you/act-for/", you.act_for, name="act_for"),
    path("you/leave/<int:membership>/", you.leave, name="leave"),
    path("you/second-factor/", you.second_factor_needed, name="second_factor_needed"),
    path("roles/", you.roles, name="roles"),
    path("organisation/people/", people.page, name="people"),
    path("organisation/people/invite/", people.invite, name="invite"),
    path("organisation/people/<int:membership>/", people.member, name="member"),
    path("organisation/people/<int:membership>/hand-over/", people.hand_over, name="hand_over"),
    path("organisation/invitations/<int:invitation>/withdraw/", people.withdraw, name="withdraw"),
    path("organisation/second-factor/", people.second_factor, name="second_factor_rules"),
    path("invitations/<str:token>/", invitations.page, name="invitation"),
    path("organisations/people/", ways_in.page, name="way_in"),
    path("organisations/", installation.page, name="organisations"),
    path("organisations/<int:organisation>/", installation.organisation, name="organisation"),
]
