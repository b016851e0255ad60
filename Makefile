# One word each: run, test, load, lint, bench, checkpoints. Each makes .venv when it is missing and keeps it up to date.

PYTHON ?= python3
BIN := .venv/bin

.PHONY: run test load lint bench checkpoints

run: .venv/ready-to-run
	$(BIN)/streamlit run streamlit_app.py

test: .venv/ready-to-test
	$(BIN)/python tests/browser/find_browsers.py
	$(BIN)/python -m pytest -m "not browser and not load" --numprocesses 2 --dist loadfile
	$(BIN)/python -m pytest -m "browser and not alone and not load" --numprocesses 2 --dist load -rs
	$(BIN)/python -m pytest -m "alone and not load" -rs

load: .venv/ready-to-test
	$(BIN)/python -m pytest tests/load tests/faults tests/browser/test_bursts.py tests/browser/test_engines.py

lint: .venv/ready-to-test
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/lint-imports
	$(BIN)/python tools/lint_javascript.py

bench: .venv/ready-to-bench
	$(BIN)/python -m benchmarks

checkpoints: .venv/ready-to-run
	$(BIN)/python -m vaedemo checkpoints --make

# The stamps live inside .venv, so that deleting the folder is a clean start.
# Where there is no NVIDIA driver, torch comes from PyTorch's index of CPU builds, if that answers.
.venv/ready-to-run: requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "vaedemo needs Python 3.11 or newer: make PYTHON=python3.12")'
	test -x $(BIN)/pip || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --requirement requirements.txt $$($(BIN)/python tools/torch_index.py)
	touch $@

.venv/ready-to-test: .venv/ready-to-run pyproject.toml
	$(BIN)/python -m pip install --editable '.[test]'
	touch $@

.venv/ready-to-bench: .venv/ready-to-test
	$(BIN)/python -m pip install --editable '.[bench]'
	touch $@
