# Two commands are enough: `make demo` to look, `make test` to check.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
TEST_STAMP := $(VENV)/.installed-test

.PHONY: install demo test bench faults docs lint audit system

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

$(STAMP): $(BIN)/python pyproject.toml requirements/constraints.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c requirements/constraints.txt -e .
	touch $@

$(TEST_STAMP): $(STAMP)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c requirements/constraints.txt -e ".[test]"
	touch $@

install: $(STAMP)

demo: $(STAMP)
	$(BIN)/openpractice demo

# The tests drive Debian's own Chromium without its windows, which opens a page for a quarter of the work, and start a
# PostgreSQL of their own.
SYSTEM = $(shell command -v chromium-headless-shell >/dev/null || echo chromium-headless-shell) \
         $(shell ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1 || command -v postgres >/dev/null || echo postgresql)

system:
	@set -e; [ -z "$(strip $(SYSTEM))" ] || { \
	  echo "Installing for the tests: $(SYSTEM)"; \
	  if [ "$$(id -u)" = 0 ]; then apt-get update -qq && apt-get install -y -qq $(SYSTEM); \
	  elif command -v sudo >/dev/null; then sudo apt-get update -qq && sudo apt-get install -y -qq $(SYSTEM); \
	  else echo "Needed for the tests. Ask an administrator to run: apt-get install $(SYSTEM)" >&2; exit 1; fi; }

# Everything on SQLite; then all that uses people or their work again, on PostgreSQL behind row-level security. Three at a
# time on two cores, because tests often wait for programs, browsers and disks; and all equally polite: a worker lets pages
# go first, and beside tests that do not, it would hardly come to read a file.
test: $(TEST_STAMP) system
	nice -n 19 $(BIN)/python -m pytest -n 3 --dist loadgroup
	OPENPRACTICE_TESTS_ON=postgresql nice -n 19 $(BIN)/python -m pytest -n 3 --dist loadgroup -m database

bench: $(TEST_STAMP)
	$(BIN)/python -m bench --write

# Ten minutes of kill -9 on each database, and ten thousand strange files: writes docs/durability.md.
faults: $(TEST_STAMP)
	$(BIN)/python -m bench.faults --minutes 10 --database sqlite --write
	$(BIN)/python -m bench.faults --minutes 10 --database postgresql --write
	$(BIN)/python -m bench.faults --fuzz 10000 --write

docs: $(TEST_STAMP)
	$(BIN)/openpractice docs

lint: $(TEST_STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/mypy openpractice
	$(BIN)/bandit -q -c pyproject.toml -r openpractice

# Asks the internet whether a fault is known in any package that is pinned. Without the internet it cannot say, and fails.
audit: $(STAMP)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check pip-audit
	$(BIN)/pip-audit --strict --no-deps --disable-pip -r requirements/constraints.txt || { \
	  echo "A fault is known, or the list of known faults could not be asked: that needs the internet." >&2; exit 1; }
