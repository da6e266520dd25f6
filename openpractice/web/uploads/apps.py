"""This part of the site, as Django knows it."""

from django.apps import AppConfig


class Uploads(AppConfig):
    name = "openpractice.web.uploads"
    label = "uploads"
