# Every target does its own set-up. `make demo` and `make test` are the two to begin with.
PYTHON ?= python3
VENV   := .venv
# processes that share the tests; 0 runs them in one, which `-s` needs
WORKERS ?= auto
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed

.PHONY: setup demo test check bench accuracy fuzz fmt docs clean

setup: $(STAMP)

# The lock holds the exact set that was tested; the package itself is installed as a link to this folder.
$(STAMP): setup.cfg requirements/lock.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed, this is " + sys.version)'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements/lock.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --editable .
	touch $@

demo: setup
	$(BIN)/lienthong demo $(DEMO)

test: setup
	$(BIN)/python -m pytest -n $(WORKERS) $(TEST)

check: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest tests/house

fmt: setup
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# Makes the tables of docs/reference anew from the code.
docs: setup
	$(BIN)/python -m tests.house.reference

bench: setup
	$(BIN)/python -m tests.bench

# Throws what a fuzzer guided by coverage makes up at all that reads strangers' bytes; fails when it finds something.
SECONDS ?= 600
fuzz: setup
	$(BIN)/python -m tests.fuzz $(SECONDS) $(FUZZ)

# Fails when matching, or the order of hits, is less right than it was; `make accuracy ACCURACY="--show misses SET"` shows single pairs.
accuracy: setup
	$(BIN)/python -m tests.accuracy $(ACCURACY)
	$(BIN)/python -m tests.accuracy.relevance

clean:
	rm -rf $(VENV) build dist *.egg-info
