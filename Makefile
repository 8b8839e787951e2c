# Every command that people and CI run. A fresh clone needs Python 3.11+, Node 20.19+ and make;
# anything else is installed by the command that needs it.
SHELL := /bin/bash
PYTHON ?= python3
UV_VERSION := 0.13.9
UV := $(CURDIR)/.tools/bin/uv
BACKEND := $(CURDIR)/backend
FRONTEND := $(CURDIR)/frontend
# Packages as the lock file has them; the stamp is newer than the lock file once they are there.
PACKAGES := $(FRONTEND)/node_modules/.installed
APP := $(BACKEND)/src/pulse/api/static/index.html
APP_SOURCES := $(wildcard $(addprefix $(FRONTEND)/,*.html *.ts *.mjs package.json)) \
	$(shell find $(FRONTEND)/src $(FRONTEND)/public $(FRONTEND)/scripts -type f -not -name '*.test.*' 2>/dev/null)
RUN := cd $(BACKEND) && $(UV) run --frozen --all-extras --all-groups

PORT ?= 8000
SIM_PORT ?= 8090
DEALS ?= 5000
ACTIVITY ?= 6
export PORT SIM_PORT DEALS ACTIVITY
# Processes that share the backend's tests out, each with servers of its own; 0 runs them in one. They wait as much
# as they compute, so three keep two cores busy.
PYTEST_WORKERS ?= 3

.PHONY: help install app api demo test test-backend test-web test-frontend test-browser coverage check check-backend check-frontend format screenshots migration hooks bench soak clean
.DEFAULT_GOAL := help

help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

$(UV):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; set PYTHON=/path/to/python3.11" >&2; exit 1; }
	$(PYTHON) -m venv .tools
	.tools/bin/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

install: $(UV) ## Install what the project needs into backend/.venv
	cd $(BACKEND) && $(UV) sync --frozen --quiet --all-extras --all-groups

$(PACKAGES): $(FRONTEND)/package.json $(FRONTEND)/package-lock.json
	@node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' 2>/dev/null \
	  || { echo "Node 20.19 or newer is needed to build the web application, and $$(node --version 2>/dev/null || echo none) was found; see https://nodejs.org" >&2; exit 1; }
	cd $(FRONTEND) && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

$(APP): $(PACKAGES) $(APP_SOURCES)
	cd $(FRONTEND) && npm run --silent build

app: $(APP) ## Build the web application into the Python package

api: install $(PACKAGES) ## Write the API's description and the browser's types anew
	$(RUN) python -m pulse.api.reference > $(CURDIR)/docs/reference/openapi.json.next
	mv docs/reference/openapi.json.next docs/reference/openapi.json
	cd $(FRONTEND) && npm run --silent api

demo: install app ## Start simulator, product and web application; first full sync; Ctrl-C stops all
	@$(RUN) python -m demo

test: ## Run all tests: the backend's beside those of the web application, for both mostly wait
	@$(MAKE) --no-print-directory -j2 test-backend test-web

test-web: test-frontend ## Run the tests of components, then those in a browser
	@$(MAKE) --no-print-directory test-browser

test-backend: install ## Run the backend's tests; PYTEST_ARGS="-k overlap -x"
	$(RUN) pytest -q -n $(PYTEST_WORKERS) --dist worksteal $(PYTEST_ARGS)

test-frontend: $(PACKAGES) ## Run the tests of components
	cd $(FRONTEND) && npm run --silent test -- $(VITEST_ARGS)

test-browser: install app ## Run the app in a browser, on the whole product; E2E_ARGS="-g Deals"
	cd $(FRONTEND) && browser=$$(node e2e/support/browser.mjs) && CHROMIUM="$$browser" npm run --silent e2e -- $(E2E_ARGS)

screenshots: install app ## Take a picture of every page into frontend/screenshots
	cd $(FRONTEND) && browser=$$(node e2e/support/browser.mjs) && CHROMIUM="$$browser" npm run --silent screenshots

coverage: install ## Branch coverage of the pure rules by their own tests; fails under 100 %
	$(RUN) coverage run --source=src/pulse/sync/domain,src/zoho_crm/protocol -m pytest -q tests/unit/sync tests/unit/zoho_crm $(PYTEST_ARGS)
	$(RUN) coverage report --show-missing --fail-under=100

check: ## Format, lint, types, import rules, generated files, size of the app
	@$(MAKE) --no-print-directory -j2 check-backend check-frontend

check-backend: install ## The same for the backend alone
	$(RUN) ruff format --check . ../bench
	$(RUN) ruff check . ../bench
	$(RUN) mypy
	$(RUN) mypy tests/typing
	$(RUN) lint-imports

check-frontend: install app ## The same for the web application alone
	cd $(FRONTEND) && npm run --silent check && npm run --silent budget
	@$(RUN) python -m pulse.api.reference | cmp --silent - $(CURDIR)/docs/reference/openapi.json \
	  || { echo "docs/reference/openapi.json is not what the API says of itself. Run: make api" >&2; exit 1; }
	@cd $(FRONTEND) && npm exec -- openapi-typescript ../docs/reference/openapi.json 2>/dev/null \
	  | npm exec -- prettier --stdin-filepath schema.d.ts | cmp --silent - src/api/schema.d.ts \
	  || { echo "frontend/src/api/schema.d.ts is not what docs/reference/openapi.json says. Run: make api" >&2; exit 1; }

format: install $(PACKAGES) ## Rewrite files in the project's format
	$(RUN) ruff format .
	$(RUN) ruff check --fix .
	cd $(FRONTEND) && npm run --silent format

migration: install ## Draft the migration that changed models call for; NAME="add saved views"
	$(RUN) python -m devtools.new_migration "$(NAME)"
	$(RUN) ruff format --quiet src/pulse/db/migrations/versions

hooks: install ## Let git check format and lint before each commit
	$(RUN) pre-commit install

bench: install ## Measure against peers and floors; prints tables with ratios
	$(RUN) python ../bench/run.py $(BENCH_ARGS)

soak: install ## Long random run with kills and faults; MINUTES=20 SEED=…
	$(RUN) pytest -q -s -m soak tests/soak $(PYTEST_ARGS)

clean: ## Remove what the commands installed and built
	rm -rf .tools backend/.venv backend/.mypy_cache backend/.ruff_cache backend/.pytest_cache
	rm -rf frontend/node_modules frontend/dist backend/src/pulse/api/static
