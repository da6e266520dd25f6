"""The product's settings, at home in a folder of this run, for tests that use its database within their own process."""

import os
import tempfile
from pathlib import Path

_home = Path(tempfile.mkdtemp(prefix="openpractice-tests-"))
_before = os.environ.get("OPENPRACTICE_HOME")
os.environ["OPENPRACTICE_HOME"] = str(_home)
if os.environ.get("OPENPRACTICE_TESTS_ON") == "postgresql":
    os.environ["OPENPRACTICE_DATABASE_URL"] = "postgresql:///openpractice"  # where and as whom: see databases.py
from openpractice.web.config.settings import *  # noqa: E402, F403

os.environ.pop("OPENPRACTICE_DATABASE_URL", None)
if _before is None:
    del os.environ["OPENPRACTICE_HOME"]
else:
    os.environ["OPENPRACTICE_HOME"] = _before

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # a good one takes a tenth of a second each
STORAGES = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}  # none are collected
