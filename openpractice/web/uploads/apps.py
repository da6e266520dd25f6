"""This part of the site, as Django knows it."""

from django.apps import AppConfig


class Uploads(AppConfig):
    name = "openpractice.web.uploads"
    label = "uploads"

    def ready(self) -> None:
        from openpractice.web.uploads import leaving  # noqa: F401  (it listens)
