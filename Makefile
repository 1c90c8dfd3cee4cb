# The commands of this checkout. Everything lives in `.venv`; nothing is installed elsewhere.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

# The first Python that is new enough; `make PYTHON=/path/to/python demo` takes another.
PYTHON ?= $(firstword $(foreach name,python3 python3.14 python3.13 python3.12 python3.11,\
	$(shell command -v $(name) >/dev/null 2>&1 && \
	$(name) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $(name))))
DATA ?=
PORT ?= 8000
UV := .venv/bin/uv
# Trust what the machine trusts, as pip does.
export UV_SYSTEM_CERTS ?= 1
# Without bytecode every process would compile pandas, scipy and scikit-learn at its start.
unexport PYTHONDONTWRITEBYTECODE
READY := .venv/.ready

.PHONY: help
help: ## say what can be made
	@grep -hE '^[a-z][a-z-]*:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | column -t -s "$$(printf '\t')"

.PHONY: demo
demo: $(READY) ## run the main job to its end, on DATA=path.csv or on synthetic sales
	@UNDERSTUDY_PORT=$(PORT) .venv/bin/python demo/main_job.py $(if $(DATA),--data "$(DATA)")

.PHONY: up
up: $(READY) ## start the whole stack on this machine and leave it running (Ctrl-C stops it)
	@UNDERSTUDY_PORT=$(PORT) .venv/bin/understudy up

.PHONY: test
test: $(READY) ## run the checks and the tests, through tox
	@.venv/bin/tox run

.PHONY: long
long: $(READY) ## hold every engine against every example model, and every example to its row
	@.venv/bin/tox run -e long

.PHONY: browser
browser: $(READY) ## test the dashboard in a real Chromium; pictures of every page go to .pictures
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || { \
		echo "Chromium is missing. On Debian this installs it:"; \
		echo "  apt-get update && apt-get install -y chromium   # as root, or with sudo"; \
		exit 1; }
	@.venv/bin/tox run -e browser

.PHONY: differential
differential: $(READY) ## compare this checkout's answers with those of an earlier build
	@.venv/bin/tox run -e differential

.PHONY: examples
examples: $(READY) ## package every example model and write the table in docs/packaging.md
	@.venv/bin/python examples/run_all.py

.PHONY: calibrate
calibrate: $(READY) ## simulate false alarms and power, and write docs/calibration.md
	@.venv/bin/python -m calibration $(if $(RUNS),--runs $(RUNS)) $(if $(MINUTES),--minutes $(MINUTES))

.PHONY: scale
scale: $(READY) ## time ten million pairs (or PAIRS=) from Parquet and in Postgres: docs/scale.md
	@.venv/bin/python -m benchmarks.scale $(if $(PAIRS),--pairs $(PAIRS)) $(if $(PARTS),--parts $(PARTS)) $(if $(MINUTES),--minutes $(MINUTES))

.PHONY: bench
bench: $(READY) ## measure this service beside others: docs/performance.md (SERVERS= LOADS= MODELS= PARTS= for some)
	@.venv/bin/python -m benchmarks.serving \
		$(foreach name,SERVERS LOADS MODELS PARTS ROUNDS SECONDS MINUTES,$(if $($(name)),--$(shell echo $(name) | tr A-Z a-z) $($(name)))) \
		$(if $(TAIL_ROUNDS),--tail-rounds $(TAIL_ROUNDS)) $(if $(TAIL_SECONDS),--tail-seconds $(TAIL_SECONDS)) \
		$(if $(BACKLOG_SECONDS),--backlog-seconds $(BACKLOG_SECONDS)) $(if $(BACKLOG_ROWS),--backlog-rows $(BACKLOG_ROWS))

.PHONY: chaos
chaos: $(READY) ## kill processes of running stacks under load and see that nothing is lost (NAMES= for some)
	@.venv/bin/tox run -e chaos -- $(NAMES)

.PHONY: reliability
reliability: $(READY) ## run every chaos experiment, break promises by hand too, and write docs/reliability.md
	@.venv/bin/python -m tests.chaos --write
	@.venv/bin/python -m tests.chaos --sabotage --write

.PHONY: promises
promises: $(READY) ## run the tests that prove a promise, and write what became of them into docs/reliability.md
	@.venv/bin/pytest --promises -n 2 --dist loadgroup

.PHONY: soak
soak: $(READY) ## try a hundred (SEEDS=) random schedules of faults, 20 minutes (MINUTES=) at most
	@.venv/bin/python -m tests.chaos --seeds $(or $(SEEDS),100) --first $(or $(FIRST),1) \
		--minutes $(or $(MINUTES),20) --at-a-time $(or $(AT_A_TIME),4) --write

.PHONY: memory
memory: $(READY) ## see whether memory stays flat for an hour (MINUTES=) at full load (or RATE= requests/s)
	@.venv/bin/python -m tests.chaos.soak.memory --write \
		$(if $(MINUTES),--minutes $(MINUTES)) $(if $(RATE),--rate $(RATE))

.PHONY: bench-pin
bench-pin: $(READY) ## pin the newest versions of the servers beside which we are measured, with hashes
	@for name in benchmarks/serving/requirements/*.in; do \
		$(UV) pip compile --quiet --upgrade --universal --generate-hashes --no-header --no-emit-index-url \
			--python-version 3.11 $$name --output-file $${name%.in}.txt; \
	done

.PHONY: setup
setup: $(READY) ## make .venv and nothing else

.PHONY: env
env: ## write .env with random secrets for docker-compose, unless there is one
	@python3 docker/make_env.py

.PHONY: format
format: $(READY) ## let ruff format and mend the code
	@.venv/bin/ruff format . && .venv/bin/ruff check --fix .

.PHONY: audit
audit: $(READY) ## look up known weaknesses of the pinned requirements (asks an advisory service)
	@.venv/bin/tox run -e audit

.PHONY: pin
pin: $(READY) ## pin the newest versions of all requirements, with hashes
	@for name in uv runtime dev audit; do \
		$(UV) pip compile --quiet --upgrade --universal --generate-hashes --no-header \
			--python-version 3.11 $$(test $$name = dev && echo -c requirements/runtime.txt) \
			requirements/$$name.in --output-file requirements/$$name.txt; \
	done

.PHONY: clean
clean: ## remove what the commands above made
	@rm -rf .venv .tox .demo .mypy_cache .ruff_cache .pytest_cache .hypothesis .pictures .coverage*

$(READY): requirements/uv.txt requirements/dev.txt api/pyproject.toml model_package/pyproject.toml
	@test -n "$(PYTHON)" || { \
		echo "Understudy needs Python 3.11 or newer. On Debian and Ubuntu this installs it:"; \
		echo "  apt-get update && apt-get install -y python3 python3-venv   # as root, or with sudo"; \
		exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "$(PYTHON) lacks its venv module. On Debian and Ubuntu this installs it:"; \
		echo "  apt-get update && apt-get install -y $$(basename $$(readlink -f $$(command -v $(PYTHON))))-venv   # as root, or with sudo"; \
		exit 1; }
	@command -v git >/dev/null || { \
		echo "git is missing. On Debian and Ubuntu this installs it:"; \
		echo "  apt-get update && apt-get install -y git   # as root, or with sudo"; \
		exit 1; }
	@echo "Setting up .venv (a minute, once) …"
	@test -x .venv/bin/python || $(PYTHON) -m venv .venv
	@.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.txt
	@$(UV) pip sync --quiet --python .venv/bin/python --require-hashes requirements/dev.txt
	@$(UV) pip install --quiet --python .venv/bin/python --no-deps --no-build-isolation -e api -e model_package
	@touch $(READY)
