# `make help` lists what there is.
PYTHON ?= $(shell for python in python3 python3.13 python3.12 python3.11; do $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)
PORT ?= 8000
ARGS ?=
STAGES ?=
VENV = .venv
RUN = $(VENV)/bin/python
INSTALLED = $(VENV)/.installed

.PHONY: help install demo demo-reset test timing e2e shots lint drill drill-restore drill-hosts runbooks bench bench-full hostile long messages mutate nightly audit requirements signs

help:
	@echo "make demo          starts everything on this machine; PORT=8000"
	@echo "make demo-reset    the same, with fresh data"
	@echo "make test          runs the tests; ARGS='-k sign' passes arguments on"
	@echo "make lint          checks formatting, rules, types, templates, migrations and imports"
	@echo "make e2e           drives a browser through the journeys; needs Chromium, nginx, Pango, Java, npm and tools for deploy/ (as root on Debian it installs them)"
	@echo "make timing        runs the timed tests alone: does signing reveal anything about an address, and how fast does the demo start?"
	@echo "make shots         takes pictures of every page, into shots/: two widths, light and dark, every language, with and without scripts"
	@echo "make mutate        checks that every safety test can fail; ARGS=S17 for one, ARGS=--changed since the last full run, ARGS=--write-docs writes the column"
	@echo "make hostile       sends twenty thousand hostile requests; HOSTILE_REQUESTS=3000 for fewer, HOSTILE_SEED=1 to repeat a run"
	@echo "make long          plays months on a virtual clock: what X costs and what is given up; 20,000 fakes among 5,000 real signatures"
	@echo "make drill         kills one part of a running site after another, under a small load; DRILL=short for less, ONLY='nginx,the beat' for some, TIMES=10 for more load"
	@echo "make drill-restore destroys the database of a site under load and restores it from its backup; prints RPO and RTO; SIGNATURES=20000"
	@echo "make drill-hosts   runs the site on eight simulated hosts and loses one after another; needs root on Debian; DRILL=short, ONLY=valkey,web"
	@echo "make runbooks      recovers simulated hosts by the commands of docs/many-hosts.md, under load; as drill-hosts; ONLY=etcd,seized"
	@echo "make nightly       runs lint, test, timing, e2e, mutate, hostile, long, drill, drill-restore, drill-hosts and shots, into docs/nightly.json; STAGES='mutate long' for some"
	@echo "make bench         measures signatures, confirmations, page views and tweets a second beside bare PostgreSQL; needs wrk; into benchmarks/RESULTS.md"
	@echo "                   ARGS='--staff --signatures 1000000' measures the lists and exports of staff instead, into benchmarks/STAFF.md"
	@echo "make bench-full    measures with ten million signatures, and in surges, for about an hour; into benchmarks/FULL.md; ARGS='--signatures 1000000'"
	@echo "make messages      collects and compiles texts to translate; needs gettext"
	@echo "make requirements  compiles requirements/*.in with hashes; needs a network; ARGS='--upgrade-package django' passes arguments on"
	@echo "make audit         looks for known vulnerabilities in our dependencies; needs a network"
	@echo "make signs         writes static/js/signs.js for browsers, from the libraries that know what X takes for an address and for an emoji"
	@echo "make install       only builds $(VENV)"

install: $(INSTALLED)

$(INSTALLED): requirements.txt requirements/dev.txt
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed and was not found; if it is elsewhere: make $(MAKECMDGOALS) PYTHON=/path/to/python3"; exit 2; }
	@test -x $(RUN) || $(PYTHON) -m venv $(VENV) || { echo "This Python can't make virtual environments (Debian: apt install python3-venv)."; exit 2; }
	@echo "Installing what Outcry needs into $(VENV) …"
	@$(RUN) -m pip install --disable-pip-version-check --require-hashes --prefer-binary -r requirements.txt -r requirements/dev.txt || { echo "The installation failed: see above. If a package had to be compiled, a C compiler and Python's headers are needed (Debian: apt install build-essential python3-dev)."; exit 2; }
	@touch $(INSTALLED)

# Does not depend on $(INSTALLED): it must work while the requirements can't be installed.
requirements:
	@$(RUN) -m uv --version >/dev/null 2>&1 || { echo "uv is missing from $(VENV): make install, or pip install uv there."; exit 2; }
	@$(RUN) tools/requirements.py $(ARGS)

signs: $(INSTALLED)
	@$(RUN) -m tools.signs

demo: $(INSTALLED)
	@$(RUN) -m demo --port $(PORT)

demo-reset: $(INSTALLED)
	@$(RUN) -m demo --port $(PORT) --reset

# Two at a time. Timed tests must run alone: make timing.
TIMED = tests/safety/test_timing.py demo/tests/test_demo.py::test_the_demo_from_start_to_reset
test: $(INSTALLED)
	@$(RUN) -m pytest -n 2 --dist worksteal $(addprefix --deselect ,$(TIMED)) $(ARGS)

timing: $(INSTALLED)
	@$(RUN) -m pytest $(TIMED) $(ARGS)

# Two at a time, each with its own site. The test that times a slow phone runs alone.
SLOW_PHONE = tests/e2e/test_pages.py::test_a_slow_phone_shows_text_in_two_seconds_and_can_sign_in_five
e2e: $(INSTALLED)
	@sh tests/e2e/install.sh
	@$(if $(ARGS),,$(RUN) -m pytest $(SLOW_PHONE))
	@$(RUN) -m pytest tests/e2e -n 2 --dist worksteal --deselect $(SLOW_PHONE) $(ARGS)

shots: $(INSTALLED)
	@sh tests/e2e/install.sh
	@$(RUN) -m pytest tests/e2e/shots.py $(ARGS)

lint: $(INSTALLED)
	$(RUN) -m ruff format --check .
	$(RUN) -m ruff check .
	$(RUN) -m mypy
	$(RUN) -m bandit -q -ll -r config core operations accounts petitions actions campaigns progress public desk -x '*/tests/*'
	$(VENV)/bin/djade --check --target-version 5.2 $$(find templates -type f)
	$(VENV)/bin/djlint --quiet --lint templates
	$(VENV)/bin/lint-imports
	$(RUN) -m pytest -q tests/house/test_architecture.py tests/house/test_migrations.py tests/house/test_templates.py -k "migrations or templates"

drill-restore: $(INSTALLED)
	@$(RUN) -m tests.drill.restoring

# As root on Debian: each host is a network namespace. Elsewhere it says so in one line and exits with 2.
drill-hosts: $(INSTALLED)
	@sh tests/hosts/install.sh
	@$(RUN) -m tests.hosts

runbooks: $(INSTALLED)
	@sh tests/hosts/install.sh
	@$(RUN) -m tests.hosts.runbooks

hostile: $(INSTALLED)
	@$(RUN) -m pytest tests/hostile $(ARGS)

long: $(INSTALLED)
	@$(RUN) -m pytest tests/long $(ARGS)

drill: $(INSTALLED)
	@$(RUN) -m pytest tests/drill -p no:randomly --show-capture=no --log-cli-level=WARNING $(ARGS)

bench: $(INSTALLED)
	@sh benchmarks/install.sh
	@$(RUN) -m benchmarks $(ARGS)

bench-full: $(INSTALLED)
	@sh benchmarks/install.sh
	@$(RUN) -m benchmarks --full $(ARGS)

messages: $(INSTALLED)
	@DJANGO_SETTINGS_MODULE=tests.settings $(RUN) manage.py makemessages --all --no-wrap --no-obsolete --add-location file \
	  --ignore $(VENV) --ignore var --ignore tests --ignore "xsim*" --ignore demo --ignore engines
	@DJANGO_SETTINGS_MODULE=tests.settings $(RUN) manage.py compilemessages --ignore $(VENV)

mutate: $(INSTALLED)
	@$(RUN) -m tests.mutate $(ARGS)

nightly: $(INSTALLED)
	@$(RUN) -m tests.nightly $(STAGES)

audit: $(INSTALLED)
	@$(RUN) -m pip_audit --strict --disable-pip --require-hashes --progress-spinner off --requirement requirements.txt --requirement requirements/dev.txt
