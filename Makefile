# Everything a person or a machine runs here. `make run` and `make test` set up what they need.
# PYTHON=/path/to/python chooses the interpreter, VENV=folder the environment's place,
# ARGS="..." goes to the program that a target runs: make test ARGS=tests/test_ids.py

VENV ?= .venv
ARGS ?=
BIN = $(VENV)/bin
# A peer of the bench wants other versions than we have, so it gets an environment beside ours.
QUIX = $(VENV)-quix
UV_VERSION = 0.13.9
READY = python=$$(scripts/find-python) && "$$python" scripts/environment.py --folder $(VENV)
CODE = pipeline agents config

.DEFAULT_GOAL := help
.PHONY: help run test quality check fix kafka bench week crowd chaos lock clean

help: ## What can be made
	@grep -E '^[a-z]+:.*## ' Makefile | awk -F ':.*## ' '{printf "make %-7s %s\n", $$1, $$2}'

run: ## Start the worker; the seed articles first, so that there is a story to see
	@$(READY) run
	@exec $(BIN)/storywire run $(ARGS)

test: ## Run every test that this machine can run, two at a time (ARGS="-n 0": one); what it cannot is named
	@$(READY) dev
	@$(BIN)/python -m pytest -rfEs -n 2 --dist loadfile $(ARGS)

quality: ## Judge the detector on labelled sentences: a table with its floors; ARGS="--only acts --cases"
	@$(READY) dev
	@$(BIN)/python -m tests.quality $(ARGS)

check: ## Format, lint, types, import direction
	@$(READY) dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

fix: ## Format, and mend what the linter can mend
	@$(READY) dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

kafka: ## Start a Kafka cluster on this machine to run on, until Ctrl-C; ARGS="--brokers 3"
	@$(READY) dev
	@exec $(BIN)/python -m tests.kafka $(ARGS)

bench: ## Measure; prints tables
	@$(READY) bench
	@python=$$(scripts/find-python) && "$$python" scripts/environment.py --folder $(QUIX) quix
	@QUIX_PYTHON=$(QUIX)/bin/python $(BIN)/python -m tests.bench $(ARGS)

week: ## Poll a simulated world through a week and judge it; ARGS="--days 1 --feeds 40" is shorter
	@$(READY) dev
	@$(BIN)/python -m tests.polling.week $(ARGS)

crowd: ## Workers come and go while 300 feeds watch who asks them; ARGS="--seconds 60" is shorter
	@$(READY) dev
	@$(BIN)/python -m tests.polling.crowd $(ARGS)

chaos: ## Kill brokers and workers for minutes and judge what comes out; ARGS="--engine sqlite --minutes 3"
	@$(READY) dev
	@$(BIN)/python -m tests.chaos $(ARGS)

# Existing pins are kept where they still fit; ARGS=--upgrade moves all of them. The resolver has an
# environment of its own, so that pins which cannot be installed can still be made again.
COMPILE = build/lock/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-annotate --custom-compile-command "make lock" pyproject.toml --group build $(ARGS)

lock: ## Make the pinned requirements again from pyproject.toml
	@python=$$(scripts/find-python) && "$$python" -m venv build/lock
	@build/lock/bin/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	$(COMPILE) -o requirements.txt
	$(COMPILE) --constraint requirements.txt --group dev -o requirements-dev.txt
	$(COMPILE) --constraint requirements.txt --group dev --group bench -o requirements-bench.txt
	$(COMPILE) --group quix -o requirements-quix.txt

clean: ## Remove the environment, caches and everything that is built; state/ stays
	rm -rf $(VENV) $(QUIX) build dist *.egg-info
	rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find $(CODE) tests scripts -name __pycache__ -type d -prune -exec rm -rf {} +
