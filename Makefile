# Every habit by name; “make” alone lists them. Needs python3 (3.11 or newer) and nothing else.

PYTHON ?= python3
BIN := .venv/bin
MANAGE := $(BIN)/python manage.py
NEUTRAL := https://index.invalid

.DEFAULT_GOAL := help
.PHONY: help run test stop lint fmt seed bench lock
.DELETE_ON_ERROR:

help:  ## list these
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-6s %s\n", $$1, $$2}' Makefile

run: export DEMO := $(or $(DEMO),1)
run: $(BIN)/packages  ## start the portal on this machine (HOST= PORT= DEMO=0)
	@exec $(MANAGE) run

test: $(BIN)/packages-dev  ## run all tests (ARGS="-k project")
	@$(BIN)/python -m tests.chromium
	@$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder $(ARGS)

stop: $(BIN)/packages  ## stop the portal and its embedded services
	@$(MANAGE) stop

lint: export SITE_URL := https://portal.example
lint: export EMAIL_URL := smtp://mail.example
lint: $(BIN)/packages-dev  ## read-only checks of code, templates, imports, migrations, settings
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/djlint --quiet --check templates
	@$(BIN)/djlint --quiet --lint templates
	@$(BIN)/python -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run
	@$(MANAGE) check --deploy --fail-level WARNING

fmt: $(BIN)/packages-dev  ## mend what can be mended by itself
	@$(BIN)/ruff check --fix --exit-zero
	@$(BIN)/ruff format
	@$(BIN)/djlint --quiet --reformat templates

seed: export DEMO := $(or $(DEMO),1)
seed: $(BIN)/packages  ## believable rows for benchmarks (SCALE=13240)
	@$(MANAGE) seed --scale $(or $(SCALE),13240)

bench: $(BIN)/packages-dev  ## time the hottest pages and jobs, as ratios (ARGS=)
	@$(BIN)/python -m benchmarks $(ARGS)
	@$(BIN)/python -m benchmarks.forum
	@$(BIN)/python -m benchmarks.consultation
	@$(BIN)/python -m benchmarks.planning
	@$(BIN)/python -m benchmarks.outcome
	@$(BIN)/python -m benchmarks.checkin
	@$(BIN)/python -m benchmarks.suggestion
	@$(BIN)/python -m benchmarks.roadmap
	@$(BIN)/python -m benchmarks.assigning
	@$(BIN)/python -m benchmarks.gallery
	@$(BIN)/python -m benchmarks.prizes
	@$(BIN)/python -m benchmarks.importing
	@$(BIN)/python -m benchmarks.programme
	@$(BIN)/python -m benchmarks.reports

# --- packages ---------------------------------------------------------------------------------
# The lock names no registry, so that any mirror serves it: its hashes are exported and checked.

$(BIN)/uv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo 'python3 is too old: 3.11 is needed; name another with make PYTHON=python3.12 …'; exit 1; }
	@$(PYTHON) -m venv .venv \
	  || { rm -rf .venv; echo 'python3 cannot make a virtual environment: install python3-venv'; exit 1; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv \
	  || { rm -rf .venv; echo 'uv cannot be fetched: is the package index reachable?'; exit 1; }

# Whoever has the tests' packages has all of those that run.
$(BIN)/packages: uv.lock pyproject.toml | $(BIN)/uv
	@if [ -e $(BIN)/packages-dev ]; then $(MAKE) --no-print-directory $(BIN)/packages-dev; \
	 else $(call install,--no-dev); fi
	@touch $@

$(BIN)/packages-dev: uv.lock pyproject.toml | $(BIN)/uv
	@$(call install,--group dev)
	@touch $@ $(BIN)/packages

define install
echo "Installing the locked packages …" \
&& $(BIN)/uv export --quiet --frozen --no-annotate --no-header $(1) --output-file .venv/requirements.txt \
&& $(BIN)/uv pip sync --quiet --require-hashes --python $(BIN)/python .venv/requirements.txt
endef

lock: | $(BIN)/uv  ## resolve pyproject.toml into uv.lock (ARGS=--upgrade)
	@rm -rf .venv/lock && mkdir .venv/lock && cp pyproject.toml README.md .venv/lock
	@cp uv.lock .venv/lock
	@cd .venv/lock && ../bin/uv lock $(ARGS)
	@sed -E -e 's#registry = "[^"]*"#registry = "$(NEUTRAL)/simple"#' \
	  -e 's#url = "[^"]*/([^"/]+)"#url = "$(NEUTRAL)/\1"#' .venv/lock/uv.lock > uv.lock
	@rm -rf .venv/lock
