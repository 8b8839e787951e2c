# Every command that people and CI run. A fresh clone needs Python 3.11+ and make; anything
# else is installed by the command that needs it.
SHELL := /bin/bash
PYTHON ?= python3
UV_VERSION := 0.13.9
UV := $(CURDIR)/.tools/bin/uv
BACKEND := $(CURDIR)/backend
RUN := cd $(BACKEND) && $(UV) run --frozen --all-extras --all-groups

PORT ?= 8000
SIM_PORT ?= 8090
DEALS ?= 5000
ACTIVITY ?= 6
export PORT SIM_PORT DEALS ACTIVITY

.PHONY: help install demo test coverage check format migration hooks bench soak clean
.DEFAULT_GOAL := help

help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

$(UV):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; set PYTHON=/path/to/python3.11" >&2; exit 1; }
	$(PYTHON) -m venv .tools
	.tools/bin/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

install: $(UV) ## Install what the project needs into backend/.venv
	cd $(BACKEND) && $(UV) sync --frozen --quiet --all-extras --all-groups

demo: install ## Start simulator, database, broker, worker and API; first full sync; Ctrl-C stops all
	@$(RUN) python -m demo

test: install ## Run all tests
	$(RUN) pytest -q $(PYTEST_ARGS)

coverage: install ## Branch coverage of the pure rules by their own tests; fails under 100 %
	$(RUN) coverage run --source=src/pulse/sync/domain,src/zoho_crm/protocol -m pytest -q tests/unit/sync tests/unit/zoho_crm $(PYTEST_ARGS)
	$(RUN) coverage report --show-missing --fail-under=100

check: install ## Format, lint, types and import rules
	$(RUN) ruff format --check . ../bench
	$(RUN) ruff check . ../bench
	$(RUN) mypy
	$(RUN) mypy tests/typing
	$(RUN) lint-imports

format: install ## Rewrite files in the project's format
	$(RUN) ruff format .
	$(RUN) ruff check --fix .

migration: install ## Draft the migration that changed models call for; NAME="add saved views"
	$(RUN) python -m devtools.new_migration "$(NAME)"
	$(RUN) ruff format --quiet src/pulse/db/migrations/versions

hooks: install ## Let git check format and lint before each commit
	$(RUN) pre-commit install

bench: install ## Measure against peers and floors; prints tables with ratios
	$(RUN) python ../bench/run.py $(BENCH_ARGS)

soak: install ## Long random run with kills and faults; MINUTES=20 SEED=…
	$(RUN) pytest -q -s -m soak tests/soak $(PYTEST_ARGS)

clean: ## Remove what the commands installed
	rm -rf .tools backend/.venv backend/.mypy_cache backend/.ruff_cache backend/.pytest_cache
