"""This part of the site, as Django knows it."""

from django.apps import AppConfig


class Sharing(AppConfig):
    name = "openpractice.web.sharing"
    label = "sharing"
