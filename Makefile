# Geungeo's chores. `make` alone prints them. Set PYTHON to choose the interpreter that makes the environment.
PYTHON ?= python3
VENV ?= .venv
INDEX ?= index/demo
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
ROOMS := $(wildcard src api eval tests benchmarks training)

.DEFAULT_GOAL := help
.PHONY: help demo test check format bench clean

help: ## print these lines
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

demo: $(VENV)/.base ## install the light base set, index corpus/, ask in Korean and in English
	$(BIN)/qa index corpus --index $(INDEX)
	$(BIN)/qa ask --index $(INDEX) "공공외교란 무엇인가요?"
	$(BIN)/qa ask --index $(INDEX) "Which foreign cities became Seoul's sister cities in the 1970s and 1980s?"

test: $(VENV)/.dev ## install what the tests need and run them all
	$(BIN)/python -m pytest

check: $(VENV)/.dev ## lint, formatting, types, import contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy $(ROOMS)
	$(BIN)/lint-imports

format: $(VENV)/.dev ## put the code into its form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/.dev ## measure speed, memory and size over corpus/
	$(BIN)/python -m benchmarks

clean: ## remove the environment, caches, built files and the demo's index
	rm -rf $(VENV) $(INDEX) dist build .coverage .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Geungeo needs Python 3.11 or newer: make PYTHON=/path/to/python3.11 …"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.base: pyproject.toml | $(BIN)/python
	$(PIP) install --quiet --editable .
	@touch $@

$(VENV)/.dev: pyproject.toml $(VENV)/.base
	$(PIP) install --quiet --editable '.[dev]' --constraint constraints.txt
	@touch $@
