"""The command line: one module a verb, each imported only when it is asked for."""


def main() -> None:
    """The `openpractice` command. Leaves with 0 (done), 1 (nothing to show) or 2 (refused, with the reason)."""
    import sys

    from openpractice.cli.program import run

    sys.exit(run(sys.argv[1:]))
