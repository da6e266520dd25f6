"""This part of the site, as Django knows it."""

from django.apps import AppConfig


class Own(AppConfig):
    name = "openpractice.web.own"
    label = "own"
