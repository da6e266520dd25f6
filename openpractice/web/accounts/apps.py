from django.apps import AppConfig


class Accounts(AppConfig):
    name = "openpractice.web.accounts"
    label = "accounts"
