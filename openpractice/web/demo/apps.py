"""This part of the site, as Django knows it."""

from django.apps import AppConfig


class Demo(AppConfig):
    name = "openpractice.web.demo"
    label = "demo"
