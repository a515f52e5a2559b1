# Needs make and Python 3.11 or newer, nothing else; `make demo PYTHON=/path/to/python3` picks one.
# Everything is installed into .venv. After the install nothing here uses the network.

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet
SHELL := /bin/sh

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test test-quick test-cluster test-recipes browser check format docs bench-quality bench-peers bench-speed bench-law bench-cluster clean

help: ## show this list
	@echo "make TARGET, where TARGET is one of:"
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  \1|\2/p' Makefile | awk -F'|' '{ printf "%-14s %s\n", $$1, $$2 }'

demo: $(VENV)/.installed ## install, then screen the example orders and partners against the starter list
	@$(BIN)/python -m stopship demo
	@echo
	@echo "Commands are in $(BIN). A workbench full of example cases, in a browser: $(BIN)/stopship demo --serve"

# Files of tests are dealt out to as many processes as there are cores, four at most: each has databases of its own.
SHARED := -n logical --maxprocesses 4 --dist loadfile
test: $(VENV)/.installed-dev browser ## install what the tests need, then run them all (ARGS="-k order" narrows)
	@$(BIN)/python -m pytest $(SHARED) $(ARGS)

test-quick: $(VENV)/.installed-dev ## the tests without the slow ones and those on the real lists
	@$(BIN)/python -m pytest -m "not slow and not bigdata" $(ARGS)

# Dask, Ray and Spark live apart: Spark takes another pandas than the rest. An engine that can't be used is named, and
# its tests are skipped.
test-cluster: .cluster-venv/.installed ## the contract of the engines on Dask, Ray and Spark, where they can be installed
	@STOPSHIP_TEST_CLUSTER=1 .cluster-venv/bin/python -m pytest tests/cluster $(ARGS)

# The command is that of $(VENV); each scheduler has an environment of its own, because no two take the same packages.
# What tests/conftest.py needs is not in them, so it is passed over (--confcutdir).
RECIPES := airflow dagster dbt prefect
test-recipes: $(VENV)/.installed $(RECIPES:%=.recipes-venv/%/.installed) ## the recipes for schedulers, run by them (RECIPES=dbt: one)
	@failed=; for name in $(RECIPES); do \
	  PATH="$(CURDIR)/$(BIN):$$PATH" STOPSHIP_TEST_RECIPES=1 .recipes-venv/$$name/bin/python -m pytest \
	    --confcutdir tests/recipes tests/recipes -k "$$name" $(ARGS) || failed="$$failed $$name"; \
	done; test -z "$$failed" || { echo "failed:$$failed" >&2; exit 1; }

# Debian's own Chromium and fonts: nothing that Playwright would download. It never fails what needs it: without a
# browser the journeys of the workbench are skipped, and say so.
BROWSER_PACKAGES := chromium fonts-noto-core fonts-noto-cjk
browser: ## install Debian's Chromium for the tests of the workbench, where that is possible (root, apt)
	@if command -v chromium >/dev/null 2>&1 || command -v chromium-browser >/dev/null 2>&1; then exit 0; fi; \
	why="this is not Debian or Ubuntu with apt"; \
	if command -v apt-get >/dev/null 2>&1; then \
	  why="only root may install it"; \
	  if [ "$$(id -u)" = 0 ]; then \
	    echo "Installing $(BROWSER_PACKAGES) with apt (once; needs the network, at most three minutes) ..."; \
	    if DEBIAN_FRONTEND=noninteractive timeout 180 sh -c 'apt-get update -qq && \
	      apt-get install -y -qq --no-install-recommends -o DPkg::Lock::Timeout=30 $(BROWSER_PACKAGES)' </dev/null >/dev/null 2>&1 \
	      && command -v chromium >/dev/null 2>&1; then exit 0; fi; \
	    why="apt could not install it"; \
	  fi; \
	fi; \
	echo "No Chromium: $$why. The journeys of the workbench will be skipped; all other tests run."; \
	echo "To run them, too: sudo apt-get install $(BROWSER_PACKAGES)  (elsewhere: a program called chromium)"

check: $(VENV)/.installed-dev ## formatting, lint, types, import contracts, rulebook
	@echo "check: formatting"
	@$(BIN)/python -m ruff format --check .
	@echo "check: lint"
	@$(BIN)/python -m ruff check .
	@echo "check: types"
	@$(BIN)/python -m mypy
	@echo "check: import contracts"
	@$(BIN)/lint-imports
	@echo "check: rulebook"
	@$(BIN)/python -m stopship rules lint

format: $(VENV)/.installed-dev ## format the code and mend what ruff can mend
	@$(BIN)/python -m ruff format .
	@$(BIN)/python -m ruff check --fix .

docs: $(VENV)/.installed-dev ## write the generated parts of the docs again
	@$(BIN)/python tools/generate_docs.py

bench-quality: $(VENV)/.installed-dev ## accuracy on the full list (STOPSHIP_TEST_DATA names it; ARGS="--part tune")
	@$(BIN)/python -m benchmarks.quality.run --out .bench-results $(ARGS)

bench-peers: $(VENV)/.installed-dev .bench-venv/.installed ## the same cases with other matchers, and pairs per second
	@test -f .bench-results/cases.csv || { echo "No cases yet: run make bench-quality first" >&2; exit 1; }
	@PYTHONPATH=src .bench-venv/bin/python -m benchmarks.quality.peers .bench-results $(ARGS)
	@if .bench-venv/bin/python -c 'import nomenklatura, icu' 2>/dev/null; \
	then $(BIN)/python -m benchmarks.quality.pairs .bench-results --peer-python .bench-venv/bin/python; \
	else echo "skipped: pairs per second against logic-v2 (nomenklatura is not installed)"; fi

bench-speed: $(VENV)/.installed-dev .bench-venv/.installed ## speed, size and recall beside peers (ARGS="--sizes 50k --only batch")
	@$(BIN)/python -m benchmarks.speed.run $(ARGS)

bench-law: $(VENV)/.installed-dev ## decisions per second once parties are matched (ARGS="--profile")
	@$(BIN)/python -m benchmarks.law.decisions $(ARGS)

bench-cluster: .cluster-venv/.installed ## each engine beside the local runner (ARGS="--rows 1M --home HOME")
	@.cluster-venv/bin/python -m benchmarks.cluster.run $(ARGS)

clean: ## remove the environment, caches and build results
	@rm -rf $(VENV) build dist out .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	@find src tests tools -name __pycache__ -type d -prune -exec rm -rf {} +

# The stamps make a second run instant; a change of pyproject.toml installs again.
$(VENV)/.installed: pyproject.toml $(VENV)/.created
	@echo "Installing Stopship into $(VENV) (once; needs the network) ..."
	@$(PIP) --editable . || { echo "The install failed; the lines above say why. Is the network reachable?" >&2; exit 1; }
	@touch $@

$(VENV)/.installed-dev: pyproject.toml $(VENV)/.created
	@echo "Installing Stopship and its test tools into $(VENV) (once; needs the network) ..."
	@$(PIP) --editable '.[dev]' || { echo "The install failed; the lines above say why. Is the network reachable?" >&2; exit 1; }
	@touch $@ $(VENV)/.installed

# The first Python that is new enough and can make environments. Debian and Ubuntu ship `ensurepip`, without
# which an environment has no pip, in a package of its own.
$(VENV)/.created:
	@enough='import sys; sys.exit(sys.version_info < (3, 11))'; found=; bare=; \
	for python in $(or $(PYTHON),python3 python3.14 python3.13 python3.12 python3.11); do \
	  "$$python" -c "$$enough" >/dev/null 2>&1 || continue; \
	  if "$$python" -c 'import ensurepip, venv' >/dev/null 2>&1; then found=$$python; break; fi; \
	  bare="$${bare:-$$python}"; \
	done; \
	if [ -z "$$found" ] && [ -n "$$bare" ]; then \
	  echo "$$bare can't make environments: install python3-venv, e.g. sudo apt install python3-venv" >&2; exit 1; \
	fi; \
	if [ -z "$$found" ]; then \
	  echo "No Python 3.11 or newer found: install one, or name it with make PYTHON=/path/to/python3" >&2; exit 1; \
	fi; \
	echo "Creating $(VENV) with $$("$$found" --version) ..."; \
	"$$found" -m venv $(VENV)
	@touch $@

# The peers' own environment. Each is installed by itself: one that can't be built is named and left out.
.bench-venv/.installed: benchmarks/quality/peers.txt $(VENV)/.created
	@echo "Installing the peers into .bench-venv (once; needs the network) ..."
	@test -x .bench-venv/bin/python || $(BIN)/python -m venv .bench-venv
	@sed '/^#/d' benchmarks/quality/peers.txt | while read -r peer; do \
	  .bench-venv/bin/python -m pip --disable-pip-version-check install --quiet "$$peer" \
	  || echo "left out: $$peer can't be installed. PyICU compiles: apt install g++ python3-dev pkg-config libicu-dev"; \
	done
	@touch $@

.cluster-venv/.installed: pyproject.toml $(VENV)/.created
	@echo "Installing Stopship and the cluster engines into .cluster-venv (once; needs the network; about 1 GB) ..."
	@test -x .cluster-venv/bin/python || $(BIN)/python -m venv .cluster-venv
	@.cluster-venv/bin/python -m pip --disable-pip-version-check install --quiet --editable . 'pytest>=8.2' 'pytest-socket>=0.7'
	@for engine in dask ray spark; do \
	  .cluster-venv/bin/python -m pip --disable-pip-version-check install --quiet --editable ".[$$engine]" \
	  || echo "left out: $$engine can't be installed here"; \
	done
	@.cluster-venv/bin/python -m pip --disable-pip-version-check install --quiet s3fs 'moto[server,s3]>=5' \
	  || echo "left out: the object store of the tests can't be installed here"
	@command -v java >/dev/null 2>&1 || test -n "$$JAVA_HOME" || \
	  echo "Spark will not be tested: there is no Java (Debian: apt install openjdk-17-jre-headless)"
	@touch $@

# dbt-core from 1.12 on fetches its parser from elsewhere than the package index while it is installed.
WANTED_airflow := 'apache-airflow>=3,<4'
WANTED_dagster := 'dagster>=1.11,<2'
WANTED_dbt := 'dbt-core>=1.10,<1.12' 'dbt-duckdb>=1.9'
WANTED_prefect := 'prefect>=3.4,<4'
.recipes-venv/%/.installed: pyproject.toml $(VENV)/.created
	@echo "Installing $* into .recipes-venv/$* (once; needs the network) ..."
	@mkdir -p .recipes-venv
	@test -x .recipes-venv/$*/bin/python || $(BIN)/python -m venv .recipes-venv/$*
	@.recipes-venv/$*/bin/python -m pip --disable-pip-version-check install --quiet 'pytest>=8.2' 'pytest-socket>=0.7' 'pyarrow>=18'
	@.recipes-venv/$*/bin/python -m pip --disable-pip-version-check install --quiet $(WANTED_$*) \
	  || echo "left out: $* can't be installed here"
	@touch $@
