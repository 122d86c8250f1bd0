# Every target sets up .venv itself, when it is missing or older than the lock: a fresh clone needs no other step.
# `make PYTHON=/path/to/python3.12 test` picks an interpreter.

PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
# Two workers: the machine that judges has two cores. Tests in a terminal mostly wait: twice as many go on at once.
WORKERS ?= 2
RUN := $(BIN)/python -m pytest --dist worksteal

PURE := $(wildcard tests/test_*.py) tests/model tests/config tests/ds3/parse tests/monitor/why

.PHONY: help install demo test quick check format bench screenshots readme lock clean

help:  ## this list
	@awk -F':.*## ' '/^[a-z]+:.*## /{printf "make %-12s %s\n", $$1, $$2}' Makefile

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "bptui needs Python 3.11 or later: none found. Name one: make PYTHON=/path/to/python3.12 …"; exit 2; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.demo: requirements/demo.txt pyproject.toml | $(BIN)/python
	$(PIP) install --require-hashes --requirement requirements/demo.txt
	$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: requirements/dev.txt pyproject.toml | $(BIN)/python
	$(PIP) install --require-hashes --requirement requirements/dev.txt
	$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@ $(VENV)/.demo

install: $(VENV)/.dev  ## set up .venv for work on bptui

demo: $(VENV)/.demo  ## a live monitor over a pretend appliance
	@$(BIN)/bptui demo

test: check  ## everything: format, lint, types, imports, tests
	$(RUN) -n $(WORKERS) -m "not pty"
	$(RUN) -n $$((2 * $(WORKERS))) -m pty

quick: $(VENV)/.dev  ## the pure tests only, within a minute: no sockets, no screen
	$(RUN) -n $(WORKERS) -m "not pty and not slow" -q $(PURE)

check: $(VENV)/.dev  ## format, lint, types and import rules
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

format: $(VENV)/.dev  ## write the format, mend what lint can mend
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(VENV)/.dev  ## measure against named baselines; ONLY=1,2 runs some
	$(BIN)/python -m tests.benchmarks $(if $(ONLY),--only $(ONLY))

screenshots: $(VENV)/.dev  ## draw every picture of the README from the pretend appliance
	$(BIN)/python -m tests.screenshots screenshots

readme: $(VENV)/.dev  ## write into README.md what the code says, and the last bench
	$(BIN)/python -m tests.readme

lock: $(VENV)/.dev  ## resolve the dependencies anew, with hashes and without naming any host
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url \
		--no-emit-find-links --extra demo --extra keyring --group dev pyproject.toml --output-file requirements/dev.txt
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url \
		--no-emit-find-links --constraint requirements/dev.txt --extra demo --group build pyproject.toml --output-file requirements/demo.txt

clean:  ## remove what was made here
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
