"""The part that knows people: who they are and how they sign in."""

from django.apps import AppConfig


class Accounts(AppConfig):
    name = "openpractice.web.accounts"
    label = "accounts"
