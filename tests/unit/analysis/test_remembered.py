"""What is remembered lives as long as its version."""

import gc
import threading
import weakref

from openpractice.analysis.remembered import remembered


class Facts:
    """All that `remembered` needs of a store."""

    def __init__(self):
        self.version = 1


def test_an_answer_is_asked_for_once_a_version():
    store, asked = Facts(), []

    def ask():
        asked.append(store.version)
        return len(asked)

    assert [remembered(store, ("n",), ask) for _ in range(3)] == [1, 1, 1]
    store.version = 2
    assert [remembered(store, ("n",), ask) for _ in range(3)] == [2, 2, 2]
    assert asked == [1, 2]


def test_stores_do_not_share_answers():
    one, two = Facts(), Facts()
    assert remembered(one, ("n",), lambda: "one") == "one"
    assert remembered(two, ("n",), lambda: "two") == "two"


def test_an_answer_that_straddles_two_versions_is_given_but_not_kept():
    store = Facts()

    def ask():
        store.version += 1
        return store.version

    assert remembered(store, ("n",), ask) == 2
    assert remembered(store, ("n",), lambda: "fresh") == "fresh"


def test_what_was_used_longest_ago_goes_first():
    store, asked = Facts(), []

    def get(n):
        return remembered(store, ("kind", n), lambda: asked.append(n), room=2)

    for n in (1, 2, 1, 3, 1, 2):
        get(n)
    assert asked == [1, 2, 3, 2]


def test_kinds_have_rooms_of_their_own():
    store = Facts()
    for n in range(10):
        remembered(store, ("many", n), lambda: None, room=2)
    remembered(store, ("one",), lambda: "kept")
    for n in range(10):
        remembered(store, ("many", n), lambda: None, room=2)
    assert remembered(store, ("one",), lambda: "asked again") == "kept"


def test_nothing_outlives_its_store():
    store = Facts()
    gone = weakref.ref(remembered(store, ("n",), threading.local))
    gc.collect()
    assert gone() is not None
    del store
    gc.collect()
    assert gone() is None


def test_many_threads_at_once_agree():
    store, seen = Facts(), []
    ready = threading.Barrier(8)

    def work():
        ready.wait()
        for n in range(200):
            seen.append(remembered(store, ("n", n % 7), lambda n=n: n % 7) == n % 7)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(seen) == 1600
    assert all(seen)
