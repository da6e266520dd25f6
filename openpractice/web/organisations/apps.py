"""This part of the site, as Django knows it."""

from django.apps import AppConfig


class Organisations(AppConfig):
    name = "openpractice.web.organisations"
    label = "organisations"
