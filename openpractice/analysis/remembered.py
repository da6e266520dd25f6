"""Answers kept for as long as the facts stay the same: the store's version is the key of everything remembered."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import TypeVar
from weakref import WeakKeyDictionary

from openpractice.store import Store

T = TypeVar("T")


@dataclass
class _Memory:
    version: int = -1
    kinds: dict[Hashable, OrderedDict] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)


_MEMORIES: WeakKeyDictionary[Store, _Memory] = WeakKeyDictionary()
_LOCK = threading.Lock()


def remembered(store: Store, key: tuple[Hashable, ...], ask: Callable[[], T], *, room: int = 200) -> T:
    """The answer of `ask`, asked once for each version of the store. Two threads may both ask; neither waits.

    `key` begins with the kind of answer; of each kind the last `room` used are kept. An answer worked out while a
    new version arrived is given but not kept, since it may mix the two.
    """
    version = store.version
    memory = _memory(store)
    with memory.lock:
        if memory.version != version:
            memory.kinds.clear()
            memory.version = version
        answers = memory.kinds.setdefault(key[0], OrderedDict())
        if key in answers:
            answers.move_to_end(key)
            return answers[key]
    answer = ask()
    if store.version == version:
        with memory.lock:
            if memory.version == version:
                answers[key] = answer
                while len(answers) > room:
                    answers.popitem(last=False)
    return answer


def _memory(store: Store) -> _Memory:
    with _LOCK:
        return _MEMORIES.setdefault(store, _Memory())
