"""The record as a part of the site, listening for sign-ins."""

from django.apps import AppConfig


class Audit(AppConfig):
    name = "openpractice.web.audit"
    label = "audit"
    verbose_name = "The record"

    def ready(self) -> None:
        from openpractice.web.audit import sign_ins  # noqa: F401  (it listens)
