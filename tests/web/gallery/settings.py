"""The site with one page more: every component, with invented figures. Only the tests serve it."""

from openpractice.web.config.settings import *  # noqa: F403

ROOT_URLCONF = "tests.web.gallery.urls"
INSTALLED_APPS = [*INSTALLED_APPS, "tests.web.gallery"]  # noqa: F405
