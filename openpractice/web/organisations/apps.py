from django.apps import AppConfig


class Organisations(AppConfig):
    name = "openpractice.web.organisations"
    label = "organisations"
