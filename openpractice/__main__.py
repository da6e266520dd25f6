"""`python -m openpractice` is the `openpractice` command."""

from openpractice.cli import main

main()
