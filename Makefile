# Everything a fresh machine needs: git, make and Python 3.11 or newer.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PEERS ?= .venv-peers
READY := $(VENV)/.ready

.PHONY: demo test test-hard bench-audit bench-pages bench-labels lint docs images system clean

demo: $(READY)  ## the simulated company, on a local address
	$(BIN)/payoff demo $(ARGS)

test: $(READY) system lint  ## every check; under CI=1 nothing of the core is skipped
	$(BIN)/pytest -n 2 --dist loadgroup $(ARGS)

test-hard: $(READY) system  ## the larger trials
	PAYOFF_HARD=1 $(BIN)/pytest -n 2 --dist loadgroup $(ARGS)

bench-audit: $(READY) $(PEERS)/.ready  ## the audit beside its peers and beside a plain scan; takes 20 GB of disk
	$(BIN)/python -m benchmarks.audit.run --peers $(PEERS)/bin/python $(ARGS)

bench-pages: $(READY)  ## every page over a log of a million suggestions, in a real browser too; takes 3 GB of disk
	$(BIN)/python -m benchmarks.pages.run $(ARGS)

bench-labels: $(READY)  ## do cases chosen for experts help more than cases drawn by lot; five minutes
	$(BIN)/python -m benchmarks.labels.run $(ARGS)

lint: $(READY)
	$(BIN)/ruff format --check src tests docs benchmarks
	$(BIN)/ruff check src tests docs benchmarks
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

docs: $(READY)  ## pages generated from the code
	$(BIN)/python -m tests.documents --write

images: $(READY)  ## the README's pictures, from a real browser
	$(BIN)/python -m tests.pictures

# System packages are installed only under CI=1; elsewhere their tests say what was skipped and how to enable it.
system:
ifeq ($(CI),$(filter $(CI),1 true))
	@command -v chromium >/dev/null && ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || \
	  (apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium postgresql >/dev/null)
endif

$(READY): pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit("Payoff needs Python 3.11 or newer; this is " + sys.version.split()[0]) if sys.version_info < (3, 11) else None'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -q --disable-pip-version-check -c constraints.txt -e '.[dev]'
	touch $@

$(PEERS)/.ready: benchmarks/peers.txt
	test -x $(PEERS)/bin/python || $(PYTHON) -m venv $(PEERS)
	$(PEERS)/bin/python -m pip install -q --disable-pip-version-check -r benchmarks/peers.txt
	touch $@

clean:
	rm -rf $(VENV) $(PEERS) .payoff build *.egg-info src/*.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache
