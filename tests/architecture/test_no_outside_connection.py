"""The watch over every test: nothing may leave this machine, and what may not is noticed."""

import contextlib
import socket
import threading
import urllib.request

import pytest


def test_an_outside_address_is_stopped_and_remembered(outside):
    with socket.socket() as asking, pytest.raises(AssertionError, match="no outside connection"):
        asking.connect(("192.0.2.1", 80))
    assert outside == ["192.0.2.1"]


def test_an_outside_name_is_not_even_looked_up(outside):
    with pytest.raises(AssertionError, match=r"data\.example"):
        urllib.request.urlopen("https://data.example/file.csv")
    assert outside == ["data.example"]


def test_an_outside_call_is_remembered_even_when_its_error_is_swallowed(outside):
    with socket.socket(socket.AF_INET6) as asking, contextlib.suppress(AssertionError):
        asking.connect_ex(("2001:db8::1", 80))
    assert outside == ["2001:db8::1"]


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_this_machine_may_be_asked(host):
    with socket.create_server(("127.0.0.1", 0)) as server:
        answering = threading.Thread(target=lambda: server.accept()[0].close())
        answering.start()
        socket.create_connection((host, server.getsockname()[1])).close()
        answering.join()
