# Needs python3 (3.11 or later) with venv and pip, and make; everything else it brings into .venv by itself.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RUN := $(VENV)/.run-stamp
DEV := $(VENV)/.dev-stamp
CHECKED := mci_tui tests benchmarks

# Compiled bytecode halves the start; a variable that forbids it must not reach the set-up.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help demo test check bench clean

help:
	@echo "make demo    set up, make the sample workspace, open it"
	@echo "make test    set up for development, run all tests"
	@echo "make check   style, types, who imports whom, generated documents"
	@echo "make bench   measure the speed and write docs/benchmarks.md"
	@echo "make clean   take away what the set-up made"

demo: $(RUN)
	$(BIN)/mci-tui demo

# Three workers for two cores: a test at the screens waits now and then.
test: $(DEV)
	$(BIN)/python -m pytest -n $$(( ($$(getconf _NPROCESSORS_ONLN) * 3 + 1) / 2 )) --dist loadgroup

check: $(DEV)
	$(BIN)/ruff check $(CHECKED)
	$(BIN)/ruff format --check $(CHECKED)
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(if $(wildcard tests/docs.py tests/docs/__main__.py),$(BIN)/python -m tests.docs --check)
	$(if $(wildcard tests/locale.py),$(BIN)/python -m tests.locale --check)

bench: $(DEV)
	$(BIN)/python -m benchmarks

clean:
	rm -rf $(VENV) *.egg-info build

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

$(RUN): requirements/run.txt pyproject.toml | $(BIN)/python
	$(call install,requirements/run.txt)

$(DEV): requirements/dev.txt pyproject.toml | $(BIN)/python
	$(call install,requirements/dev.txt)
	touch $(RUN)

# The locked packages, the project itself, and the bytecode of both.
define install
$(BIN)/python -m pip install --quiet --require-hashes -r $(1)
$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --config-settings editable_mode=compat --editable .
$(BIN)/python -m compileall -q $(VENV)/lib mci_tui || true
touch $@
endef
