"""Servers that tests start as programs of their own, and a visitor who asks them without a browser."""

from __future__ import annotations

import http.cookiejar
import os
import re
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace


@contextmanager
def served(home: Path, *arguments: object, **variables: str) -> Iterator[SimpleNamespace]:
    """`openpractice serve` on a free port: its address, its process, and where it says what goes wrong."""
    log = home / "said.log"
    command = [sys.executable, "-W", "error", "-m", "openpractice", "--home", str(home), "serve", "--port", "0"]
    command += [str(argument) for argument in arguments]
    with log.open("w") as errors:
        server = subprocess.Popen(
            command, env={**os.environ, **variables}, stdout=subprocess.PIPE, stderr=errors, text=True
        )
    try:
        said = server.stdout.readline()
        assert "is running at" in said, log.read_text()
        yield SimpleNamespace(url=re.search(r"http://[^ ]+", said)[0], process=server, log=log)
    finally:
        server.terminate()
        server.communicate(timeout=30)


class Visitor:
    """Keeps cookies, and sends the form's token with what is posted."""

    def __init__(self):
        self.jar = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar))

    def ask(self, url: str, form: dict[str, str] | None = None, **headers: str) -> SimpleNamespace:
        data = None
        if form is not None:
            token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', self.ask(url, **headers).text)[1]
            data = urllib.parse.urlencode({**form, "csrfmiddlewaretoken": token}).encode()
        request = urllib.request.Request(url, data, {name.replace("_", "-"): value for name, value in headers.items()})
        try:
            answer = self.opener.open(request, timeout=60)
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            return SimpleNamespace(status=answer.status, headers=answer.headers, text=answer.read().decode())
