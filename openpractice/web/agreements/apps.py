"""This part of the site, as Django knows it."""

from django.apps import AppConfig


class Agreements(AppConfig):
    name = "openpractice.web.agreements"
    label = "agreements"
