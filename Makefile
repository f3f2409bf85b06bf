# One command each. `make` alone lists them.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8000
UV := $(shell command -v uv 2>/dev/null)
COMPILE := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --custom-compile-command "make requirements"
# A file is the unit of work: what its tests share is made once. In the order of the
# folders, in which the long ones stand in the middle.
SHARED_OUT := -n auto --dist loadfile --no-loadscope-reorder
# Tests wait for the disk at every write, and none cuts the power: they write to memory
# where there is room for it, and programs may be run from it.
IN_MEMORY := $(shell test -w /dev/shm && ! grep -q ' /dev/shm .*noexec' /proc/mounts \
	&& test "$$(df -k --output=avail /dev/shm | tail -n 1)" -gt 4000000 && echo TMPDIR=/dev/shm)
CHROMIUM := $(shell command -v chromium chromium-browser google-chrome 2>/dev/null | head -n 1)

.DEFAULT_GOAL := help
.PHONY: help run dev test test-postgres test-fast container-test lint fmt quality quality-rates requirements openapi reference screenshots fuzz bench-api bench-boards bench-claims bench-closing bench-generation bench-jobs bench-reading bench-web fuzz-reading chaos seed clean

help: ## list the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 18

run: $(VENV)/nlp ## set up everything and serve http://127.0.0.1:8000 (PORT= overrides)
	@EXAMGEN_DEMO=$${EXAMGEN_DEMO:-1} exec $(BIN)/python -m examgen.start --port $(PORT)

dev: $(VENV)/dev ## the same with reload on every change, and the debug toolbar
	@EXAMGEN_DEMO=$${EXAMGEN_DEMO:-1} EXAMGEN_DEBUG=1 EXAMGEN_TOOLBAR=1 \
		exec $(BIN)/python -m examgen.start --port $(PORT) --reload

test: $(VENV)/dev $(if $(CHROMIUM),$(VENV)/e2e) ## set up everything and run the whole suite
	@$(IN_MEMORY) $(BIN)/python -m pytest $(SHARED_OUT) --durations 15
	@$(MAKE) --no-print-directory test-postgres

test-postgres: $(VENV)/dev $(if $(CHROMIUM),$(VENV)/e2e) ## what depends on the database, on a private PostgreSQL
	@$(IN_MEMORY) $(BIN)/python -m tests.servers \
		$(BIN)/python -m pytest $(SHARED_OUT) --durations 15 \
		--only-database -m "both_databases or not (browser or processes)"

test-fast: $(VENV)/dev ## the suite without browsers and worker processes
	@$(IN_MEMORY) $(BIN)/python -m pytest $(SHARED_OUT) -m "not browser and not processes"

container-test: $(VENV)/dev ## build the image and run the composed site in a container engine
	@$(BIN)/python -m tests.containers

lint: $(VENV)/dev $(VENV)/e2e ## every check of the code that needs no run
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy .
	@$(BIN)/lint-imports
	@$(BIN)/djlint templates --lint --quiet
	@$(BIN)/typos
	@$(BIN)/python manage.py makemigrations --check --dry-run
	@EXAMGEN_URL=https://exams.example.org EXAMGEN_HOSTS=exams.example.org \
		EXAMGEN_BEHIND_PROXY=1 EXAMGEN_FROM=exams@example.org \
		MAILGUN_API_KEY=of-the-check MAILGUN_DOMAIN=mg.example.org \
		$(BIN)/python manage.py check --deploy --fail-level WARNING
	@$(BIN)/python requirements/pins.py
	@$(BIN)/hadolint Dockerfile tests/containers/standins/Dockerfile
	@$(BIN)/docker-compose --env-file /dev/null config --quiet
	@$(BIN)/docker-compose --env-file /dev/null --file docker-compose.yml \
		--file tests/containers/standins.yml config --quiet

fmt: $(VENV)/dev ## format the code
	@$(BIN)/ruff check --fix-only --quiet .
	@$(BIN)/ruff format .

requirements: ## compile requirements/*.txt from pyproject.toml (needs uv)
	@$(COMPILE) pyproject.toml -o requirements/core.txt
	@$(COMPILE) pyproject.toml --group deploy -c requirements/core.txt -o requirements/deploy.txt
	@$(COMPILE) pyproject.toml --group nlp -c requirements/core.txt -o requirements/nlp.txt
	@$(COMPILE) pyproject.toml --group dev -c requirements/deploy.txt -c requirements/nlp.txt -c requirements/core.txt -o requirements/dev.txt
	@$(COMPILE) pyproject.toml --group e2e -c requirements/core.txt -o requirements/e2e.txt

openapi: $(VENV)/dev ## write docs/openapi.yaml anew from the code of the API
	@$(BIN)/python manage.py spectacular --file docs/openapi.yaml --validate --fail-on-warn

reference: $(VENV)/dev ## write docs/configuration.md and docs/checks.md anew from the code
	@$(BIN)/python manage.py document_settings

screenshots: $(VENV)/dev $(VENV)/e2e ## draw docs/images anew in a real browser
	@$(BIN)/python -m tests.browser.screenshots

bench-closing: $(VENV)/dev ## how long 5,000 attempts wait that end in one moment
	@$(BIN)/python -m tests.servers $(BIN)/python -m tests.benchmarks.closing

bench-claims: $(VENV)/dev ## what SKIP LOCKED is worth when many workers claim at once
	@$(BIN)/python -m tests.servers $(BIN)/python -m tests.benchmarks.claims

bench-reading: $(VENV)/dev ## how well, how fast and how safely lectures are read
	@$(BIN)/python -m tests.benchmarks.reading

bench-generation: $(VENV)/dev ## how many questions lectures give, how fast, and none that they inject
	@$(BIN)/python -m tests.benchmarks.generation

quality: $(VENV)/dev ## measure questions of the PDFs in LECTURES= and write a sheet to rate them
	@$(BIN)/python -m tests.laboratory $(LECTURES) $(if $(QUESTIONS),--questions $(QUESTIONS)) $(if $(OUT),--out $(OUT))

quality-rates: $(VENV)/dev ## what the VERDICTS= of reading sheets say, with 95 % intervals
	@$(BIN)/python -m tests.laboratory.rates $(VERDICTS)

fuzz-reading: $(VENV)/dev ## read a hundred files that attack and two hundred that are spoilt
	@$(BIN)/python -m tests.benchmarks.reading --hostile

bench-web: $(VENV)/dev ## what pages cost on web servers that could serve us
	@$(BIN)/python -m tests.benchmarks.web

bench-boards: $(VENV)/dev ## what a look at a board costs: made, kept, and known already
	@$(BIN)/python -m tests.servers $(BIN)/python -m tests.benchmarks.boards

bench-jobs: $(VENV)/dev ## how soon jobs start, how a burst is absorbed, how workers scale
	@$(BIN)/python -m tests.benchmarks.jobs

bench-api: $(VENV)/dev ## what the API costs over a bare view, and its lists with 5,000 rows
	@$(BIN)/python -m tests.servers $(BIN)/python -m tests.benchmarks.api

fuzz: $(VENV)/dev ## ask the API until 20,000 requests are answered (FUZZ_REQUESTS= FUZZ_SEED=)
	@$(BIN)/python -m tests.servers $(BIN)/python -m tests.api.fuzzing

chaos: $(VENV)/dev ## kill workers and servers under thousands of jobs (CHAOS_JOBS= CHAOS_KILLS=)
	@$(BIN)/python -m tests.chaos

seed: $(VENV)/nlp ## fill the demo database
	@EXAMGEN_DEMO=1 $(BIN)/python manage.py migrate --verbosity 0
	@EXAMGEN_DEMO=1 $(BIN)/python manage.py seed_demo

clean: ## remove the environment and all local data
	rm -rf $(VENV) var

# An environment is as new as the requirements it was made from.
$(VENV)/bin/python:
	@echo "Making the environment in $(VENV) ..."
	@$(PYTHON) -m venv $(VENV)

$(VENV)/core: requirements/core.txt | $(VENV)/bin/python
$(VENV)/nlp: requirements/nlp.txt | $(VENV)/core
$(VENV)/dev: requirements/dev.txt | $(VENV)/core
$(VENV)/e2e: requirements/e2e.txt | $(VENV)/dev

$(VENV)/core $(VENV)/nlp $(VENV)/dev $(VENV)/e2e:
	@echo "Installing $< ..."
ifdef UV
	@$(UV) pip install --quiet --compile-bytecode --python $(BIN)/python --require-hashes -r $<
else
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
endif
	@# The reader's child may write no files, so what it imports is compiled here.
	@$(BIN)/python -m compileall -q $(VENV)/lib exams/reading || true
	@touch $@
