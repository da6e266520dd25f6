"""Starts the web server."""

import errno
import os
import socket
import threading
from collections.abc import Callable
from pathlib import Path

import uvicorn

from openpractice.web import live
from openpractice.web.config.occupied import running
from openpractice.web.processes import keep

SETTINGS = "openpractice.web.config.settings"


class ServeError(OSError):
    """The server cannot start. The message says why and what to do."""


def serve(
    home: Path,
    host: str = "127.0.0.1",
    port: int = 8000,
    ready: Callable[[str], None] | None = None,
    processes: int = 1,
) -> None:
    """Serves the store in `home` until interrupted. Calls `ready` with the address once pages can be asked for.

    Port 0 takes any free port. With one process it is this one; with more, this one keeps them. Raises ServeError when
    the port is taken or may not be used.
    """
    os.environ["OPENPRACTICE_HOME"] = str(home)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    say = ready or (lambda url: None)
    with listen(host, port) as listening, running(Path(home)):
        prepare(home)
        if processes == 1:
            run(listening, say)
        else:
            keep(listening, processes, lambda: say(address(listening)))


def run(listening: socket.socket, ready: Callable[[str], None], beside: int | None = None) -> None:
    """Be the server on a socket, until interrupted, or until `beside` is closed at its other end."""
    # Imported only now: settings read the home from the environment.
    from openpractice.web.config.asgi import application
    from openpractice.web.explore import warm

    config = uvicorn.Config(
        application,
        lifespan="off",
        log_config=None,  # as the settings say
        log_level="warning",
        access_log=False,
        server_header=False,
        # A page that is live holds its connection open and would otherwise keep the server from ending.
        timeout_graceful_shutdown=2,
    )
    server = Server(config, ready, address(listening), warm.begin)
    if beside is not None:
        threading.Thread(target=server.end_with, args=(beside,), daemon=True).start()
    server.run(sockets=[listening])


def prepare(home: Path) -> None:
    """The database as this version wants it, and in a demonstration its people. Raises ServeError."""
    from openpractice.web.config import database

    try:
        database.bring_up_to_date(home)
    except database.OperationalError as error:
        what = " ".join(str(error).split())
        raise ServeError(
            f"The database cannot be used: {what}. Check OPENPRACTICE_DATABASE_URL, or whether this account may write to {home}."
        ) from error
    from django.db import connections

    from openpractice.web.demo.begin import begin  # people are known only once their tables are there

    begin()
    connections.close_all()


class Server(uvicorn.Server):
    """Uvicorn, which tells when it has begun to listen, and then reads ahead while the visitor is still typing."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[str], None], url: str, begun: Callable[[], object]):
        super().__init__(config)
        self.ready, self.url, self.begun = ready, url, begun

    async def startup(self, sockets=None) -> None:
        await super().startup(sockets=sockets)
        if not self.started:
            return
        self.ready(self.url)
        self.begun()

    def end_with(self, beside: int) -> None:
        """End when the other end of a pipe is closed, because who held it is gone."""
        while os.read(beside, 1):
            pass
        self.should_exit = True

    async def shutdown(self, sockets=None) -> None:
        live.stop()
        await super().shutdown(sockets=sockets)


def listen(host: str, port: int) -> socket.socket:
    """A bound socket. Binding it ourselves lets a taken port be explained before anything is loaded."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # The protocol is named because asyncio turns off Nagle's delay only for sockets that name it: without it, every
    # page on a kept connection waits 40 ms.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen(128)
    except (OSError, OverflowError) as error:
        listening.close()
        raise ServeError(why_not(error, host, port)) from error
    return listening


def why_not(error: Exception, host: str, port: int) -> str:
    code = getattr(error, "errno", None)
    if code == errno.EADDRINUSE:
        return f"Port {port} on {host} is already in use. Stop the other program, or choose another port."
    if code == errno.EACCES:
        return f"This account may not use port {port}. Choose one above 1023."
    return f"Cannot serve on {host} port {port}: {error}."


def address(listening: socket.socket) -> str:
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"
