"""The product's settings, at home in a folder of this run, for tests that use its database within their own process."""

import atexit
import os
import shutil
import tempfile
from unittest.mock import patch

from tests.databases import environment_of

_home = tempfile.mkdtemp(prefix="openpractice-tests-")
atexit.register(shutil.rmtree, _home, ignore_errors=True)
with patch.dict(os.environ, {"OPENPRACTICE_HOME": _home, **environment_of(_home)}):
    from openpractice.web.config.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # a good one takes a tenth of a second each
STORAGES = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}  # none are collected
