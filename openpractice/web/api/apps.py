"""This part of the site, as Django knows it."""

from django.apps import AppConfig


class Api(AppConfig):
    name = "openpractice.web.api"
    label = "api"
