"""Whether the server is about to stop: pages that are live end by themselves then, and hold nothing up."""

_stopping = False


def stop() -> None:
    """The server has been told to stop."""
    global _stopping
    _stopping = True


def stopping() -> bool:
    return _stopping
