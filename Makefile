# Attise. `make` alone prints this help; every target does its own set-up.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
DEV_STAMP := $(VENV)/.installed-dev

.DEFAULT_GOAL := help
.PHONY: help run setup dev test test-long shots check format lock translations assets vendor docs clean

help: ## Print this help
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: setup ## Set up, and serve a living example at http://127.0.0.1:8000
	@$(BIN)/attise world

setup: $(STAMP)
dev: $(DEV_STAMP)

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; v = sys.version_info; sys.exit(0 if (3, 11) <= v[:2] <= (3, 13) else "Attise needs Python 3.11, 3.12 or 3.13; this is %d.%d. Set PYTHON=/path/to/python3." % v[:2])'
	@$(PYTHON) -m venv $(VENV) || { echo "Python's venv module is missing. On Debian or Ubuntu: apt install python3-venv"; exit 1; }

$(STAMP): $(VENV)/bin/python requirements.lock pyproject.toml
	@echo "Installing what Attise runs on (once)..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python tools/link_package.py
	@touch $(STAMP)

$(DEV_STAMP): $(STAMP) requirements-dev.lock
	@echo "Installing what checks and tests need (once)..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $(DEV_STAMP)

test: dev ## Run the tests, on SQLite and on PostgreSQL, with a real browser (installs both from Debian when root)
	@$(BIN)/python tools/run_tests.py $(if $(PART),--part $(PART))

test-long: dev ## Run the storms and matrices that make test samples (PART=name for one, 90 minutes at most)
	@$(BIN)/python tools/run_tests.py --long $(if $(PART),--part $(PART))

shots: dev ## Take a picture of every page in every look, on one sheet (PAGE=word for some; half an hour for all)
	@$(BIN)/python -m tools.shots "$(PAGE)"

check: dev ## Lint, types, walls, migrations, translations, documents
	@$(BIN)/python tools/run_checks.py

format: dev ## Put the code in its usual shape
	@$(BIN)/ruff check --fix --quiet src tests tools examples; $(BIN)/ruff format --quiet src tests tools examples

lock: dev ## Resolve dependencies anew into the lock files, with hashes and no registry address
	@$(BIN)/uv pip compile --quiet --upgrade --generate-hashes --no-emit-index-url --no-emit-find-links --universal --python-version 3.11 --no-header pyproject.toml -o requirements.lock
	@$(BIN)/uv pip compile --quiet --upgrade --generate-hashes --no-emit-index-url --no-emit-find-links --universal --python-version 3.11 --no-header --extra dev -c requirements.lock pyproject.toml -o requirements-dev.lock
	@$(BIN)/uv pip compile --quiet --upgrade --generate-hashes --no-emit-index-url --no-emit-find-links --universal --python-version 3.11 --no-header --extra spark -c requirements.lock pyproject.toml -o requirements-spark.lock

translations: dev ## Gather texts into the catalogues and compile them
	@$(BIN)/python tools/translations.py extract && $(BIN)/python tools/translations.py compile

assets: dev ## Assemble the pages' static files under hashed names
	@$(BIN)/python tools/assemble.py

vendor: dev ## Fetch the pinned front-end files again and check their hashes
	@$(BIN)/python tools/vendor.py

docs: dev ## Make the generated documents again
	@$(BIN)/python tools/make_docs.py

clean: ## Remove the environment and caches; your data in var/ stays
	@rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
