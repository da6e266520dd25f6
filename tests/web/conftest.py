"""A real server, a real browser, and three watches on every page.

`page` is pytest-playwright's, watched: a test fails when the page reports an error or asks anybody but us for anything.
`assert_accessible(page)` runs axe at desktop and phone width. `site` is the address of a server with an empty home;
`gallery` of one that also has the components' page. A part with data of its own starts its server with `start_site`.
"""

import os
import shutil
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.databases import environment_of

REPOSITORY = Path(__file__).parents[2]
WIDTHS = (1280, 375)
HERE = {"127.0.0.1", "localhost"}  # a passkey belongs to a name, so its test asks for ours
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]
# What passes is not gathered in detail: that takes a third of the time.
OPTIONS = {"runOnly": {"type": "tag", "values": WCAG}, "resultTypes": ["violations"]}
SERVE = "import sys; from openpractice.web.serve import serve; serve(sys.argv[1], port=0, ready=lambda url: print(url, flush=True))"


def pytest_collection_modifyitems(items):
    """The tests of a file share its server, and so a worker."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.xdist_group(item.path.stem))


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    quiet = ("disable-background-networking", "disable-component-update", "disable-sync", "no-first-run")
    args = [f"--{name}" for name in ("no-sandbox", "disable-gpu", *quiet)]
    return {**browser_type_launch_args, "executable_path": shutil.which("chromium-headless-shell"), "args": args}


@pytest.fixture(scope="session")
def base_url():
    """Hides pytest-base-url's own, which pytest 9 warns about."""


@pytest.fixture(scope="session")
def _pw_artifacts_folder(tmp_path_factory):
    """In place of the plugin's own folder, which a worker of xdist leaves behind with a warning."""
    return SimpleNamespace(name=str(tmp_path_factory.mktemp("artifacts")))


@contextmanager
def start_site(home: Path, settings: str = "openpractice.web.config.settings", **environment: str) -> Iterator[str]:
    """A server in its own process over the store in `home`; gives its address. Its warnings are errors too."""
    command = [sys.executable, "-W", "error", "-c", SERVE, str(home)]
    variables = {**os.environ, "DJANGO_SETTINGS_MODULE": settings, **environment_of(home), **environment}
    log = home / "server.log"
    with log.open("w") as errors:
        server = subprocess.Popen(
            command, cwd=REPOSITORY, env=variables, stdout=subprocess.PIPE, stderr=errors, text=True
        )
    try:
        if not (url := server.stdout.readline().strip()):
            pytest.fail(f"The server did not start:\n{log.read_text()}")
        yield url.rstrip("/")
    finally:
        server.terminate()
        server.communicate(timeout=10)


@pytest.fixture(scope="session")
def site(tmp_path_factory) -> Iterator[str]:
    home = tmp_path_factory.mktemp("home")
    with start_site(home) as url:
        yield url
    assert (home / "server.log").read_text() == ""


@pytest.fixture(scope="session")
def gallery(tmp_path_factory) -> Iterator[str]:
    with start_site(tmp_path_factory.mktemp("gallery"), "tests.web.gallery.settings") as url:
        yield url


@pytest.fixture(scope="session")
def explored_home(sample_home, tmp_path_factory) -> Path:
    """Where the server over the sample is at home. It writes beside the facts, so these are links to the sample's."""
    home = tmp_path_factory.mktemp("explored") / "home"
    return Path(shutil.copytree(sample_home, home, copy_function=os.link))


@pytest.fixture(scope="session")
def explored(explored_home) -> Iterator[str]:
    """The address of a server over the sample."""
    with start_site(explored_home) as url:
        yield url
    assert (explored_home / "server.log").read_text() == ""


@pytest.fixture(scope="session")
def get() -> Callable[..., SimpleNamespace]:
    """Asks a server without a browser: status, headers, body and final address, of an error's answer too.

    The answer is read whole and closed. One that a test left open would be closed by chance, with a warning, while
    another test runs.
    """

    def got(url: str, **headers: str) -> SimpleNamespace:
        try:
            answer = urllib.request.urlopen(urllib.request.Request(url, headers=headers))
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            return SimpleNamespace(status=answer.status, headers=answer.headers, body=answer.read(), url=answer.url)

    return got


@pytest.fixture
def ask(explored, get) -> Callable[..., SimpleNamespace]:
    """Asks the server over the sample."""
    return lambda path, **headers: get(explored + path, **headers)


class Watch:
    """What a page may not do, noted while it does it."""

    def __init__(self, page: Page):
        self.errors: list[str] = []
        self.elsewhere: list[str] = []
        self.expected: tuple[str, ...] = ()
        page.on("console", lambda message: self.errors.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("request", self.request)

    def expect(self, *words: str) -> None:
        """Says that errors with these words belong to the test."""
        self.expected += words

    def request(self, request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in {"data", "blob", "about"} and address.hostname not in HERE:
            self.elsewhere.append(request.url)

    def check(self) -> None:
        assert self.elsewhere == []
        assert [error for error in self.errors if not any(word in error for word in self.expected)] == []


@pytest.fixture
def watch(page: Page) -> Iterator[Watch]:
    watching = Watch(page)
    yield watching
    watching.check()


@pytest.fixture(autouse=True)
def _watched(request) -> None:
    if "page" in request.fixturenames:
        request.getfixturevalue("watch")


# After a change of width the header folds what no longer fits into its menu: nothing of it may hang outside meanwhile.
SETTLED = """() => [...document.querySelectorAll('.nhsuk-header__navigation-link')].every(link => {
  const own = link.getBoundingClientRect(), header = link.closest('header').getBoundingClientRect();
  return own.width === 0 || (own.right <= innerWidth && own.bottom <= header.bottom + 1);
})"""


@pytest.fixture
def assert_accessible() -> Callable[[Page], None]:
    def check(page: Page) -> None:
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            page.wait_for_function(SETTLED)
            found = Axe().run(page, options=OPTIONS)
            assert found.violations_count == 0, f"{page.url} at {width} pixels\n{found.generate_report()}"

    return check
