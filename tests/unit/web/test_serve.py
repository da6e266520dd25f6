"""Starting the server: a port that is taken is explained before anything is loaded."""

import socket

import pytest

from openpractice.web import serve


def test_a_taken_port_is_explained():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(serve.ServeError, match=f"Port {port} on 127.0.0.1 is already in use"):
            serve.listen("127.0.0.1", port)


def test_an_impossible_port_is_explained():
    with pytest.raises(serve.ServeError, match=r"Cannot serve on .* port 99999"):
        serve.listen("127.0.0.1", 99999)


def test_any_free_port_is_told():
    with serve.listen("127.0.0.1", 0) as listening:
        assert serve.address(listening) == f"http://127.0.0.1:{listening.getsockname()[1]}/"


def test_no_page_waits_for_an_acknowledgement():
    """Asyncio turns off Nagle's delay, 40 ms a page, only where the protocol is named."""
    with serve.listen("127.0.0.1", 0) as listening:
        assert listening.proto == socket.IPPROTO_TCP
