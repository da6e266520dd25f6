"""The application an ASGI server runs."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "openpractice.web.config.settings")
django = get_asgi_application()

from openpractice.web.config import bodies, requests, static  # noqa: E402  (they read settings, which the line above sets up)

application = requests.Counted(static.StaticFirst(bodies.Limited(django), static.collect()))
