VENV ?= .venv
PYTHON ?= python3
BIN := $(VENV)/bin
READY := $(VENV)/.ready
OUT ?= hasil/contoh
# A file's tests stay in one worker: the worlds they share are built once.
WORKERS := -n auto --dist loadfile --no-loadscope-reorder

.DEFAULT_GOAL := check
.PHONY: check run test test-all lint format-check fix types docs docs-check sample bench model golden clean help

help: ## list these targets
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(READY): pyproject.toml constraints.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@

run: $(READY) ## the main job on sample_data/, from files to correction workbooks
	@$(BIN)/dtkstool registry build --biodata 'sample_data/registry/biodata*' \
	    --kematian 'sample_data/registry/kematian*' --pindah 'sample_data/registry/pindah*' \
	    --datang 'sample_data/registry/datang*' --out $(OUT)/registry
	@$(BIN)/dtkstool run sample_data/dtks --registry $(OUT)/registry --out $(OUT)

test: $(READY) ## the test suite
	@POLARS_MAX_THREADS=1 OPENBLAS_NUM_THREADS=1 $(BIN)/python -m pytest $(WORKERS) -m 'not slow'

test-all: $(READY) ## the test suite with its slow tests
	@HYPOTHESIS_PROFILE=all $(BIN)/python -m pytest $(WORKERS)

check: format-check lint types test docs-check ## all of what CI asks

format-check: $(READY)
	@$(BIN)/ruff format --check --quiet .

lint: $(READY) ## ruff and typos
	@$(BIN)/ruff check --quiet .
	@$(BIN)/typos

types: $(READY) ## mypy --strict
	@$(BIN)/mypy

fix: $(READY) ## format and repair what ruff can
	@$(BIN)/ruff check --fix --quiet .
	@$(BIN)/ruff format --quiet .

docs: $(READY) ## write the generated docs
	@$(BIN)/python docs/generate.py

docs-check: $(READY) ## fail when the generated docs are stale
	@$(BIN)/python docs/generate.py --check

model: $(READY) ## make the shipped linkage model again, from its seeds
	@$(BIN)/python benchmarks/shipped_model.py

golden: $(READY) ## renew the expected results that people review in the diff
	@GOLDEN=renew $(BIN)/python -m pytest -q tests/test_workbook.py tests/test_sample_data.py

sample: $(READY) ## make sample_data/ again
	@$(BIN)/python sample_data/make.py

bench: $(READY) ## the month of one kabupaten, timed and judged against truth
	@$(BIN)/python benchmarks/month.py

clean: ## remove what these targets made
	rm -rf $(VENV) hasil build *.egg-info
