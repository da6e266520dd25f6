"""The committed documentation is what the code writes today."""

from pathlib import Path

ROOT = Path(__file__).parents[3]


def test_the_committed_documentation_is_not_stale(small, tmp_path):
    ran = small.finish(small.start(tmp_path / "home", "docs", "--to", ROOT / "docs" / "reference", "--check"))
    assert ran.code == 0, f"{ran.err}Run 'make docs' and commit docs/reference."
