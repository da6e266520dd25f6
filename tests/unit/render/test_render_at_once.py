"""Many people open pages at once: charts drawn in several threads must not wait for each other for ever."""

import subprocess
import sys

# vl-convert holds a lock while it hands its answer over to Python. When memory is tidied at that moment and a callback
# of it runs for long, the interpreter turns to another thread; if that one draws too, both wait. Seen on a server.
DRAW = """
import time, weakref
from concurrent.futures import ThreadPoolExecutor
from openpractice.render import svg
from openpractice.render.charts.bars import Bar, bars

class Ring: pass

def slow(_):
    ends = time.perf_counter() + 0.02
    while time.perf_counter() < ends: pass

kept = []
def draw(n):
    for _ in range(100):
        ring = Ring()
        ring.itself = ring
        kept.append(weakref.ref(ring, slow))
    return svg.vega(bars([Bar(f"Bar {i}", i + n / 100) for i in range(40)], "minutes"))

with ThreadPoolExecutor(4) as workers:
    assert all(workers.map(draw, range(8)))
"""


def test_four_threads_draw_at_once():
    # In a process of its own: threads that are stuck inside the drawing library cannot be stopped.
    subprocess.run([sys.executable, "-W", "error", "-c", DRAW], check=True, timeout=120)
