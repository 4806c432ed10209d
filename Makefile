# Two commands do everything: `make run` and `make test`. The others are for whoever works on Reporter.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
PYTEST := $(BIN)/python -m pytest
UNIT := not browser and not server and not slow and not postgresql
# What `make check` runs: the rules, the tables, the verbs and the roads; `make test` runs everything.
FAST := tests/rules tests/models tests/outlets tests/journeys tests/test_architecture.py tests/test_lifecycle.py tests/test_config.py \
	tests/newsroom/test_verbs.py tests/newsroom/test_matching.py tests/newsroom/test_programme_import.py

.PHONY: run test check lint browser endurance bench lock clean

run: $(READY)
	@$(BIN)/reporter init
	@echo
	@echo "Sample sign-ins (role, e-mail, password), for this machine only:"
	@$(BIN)/reporter demo
	@echo
	@$(BIN)/reporter serve

test: $(READY)
	@sh tests/prepare.sh
	@$(MAKE) --no-print-directory lint
	$(PYTEST) -q -n 2 --dist worksteal --durations=25 -m "not browser"
	$(PYTEST) -q -n 2 --dist loadfile --durations=10 -m browser

check: $(READY) lint
	@$(PYTEST) -q -n 2 -m "$(UNIT)" $(FAST)

lint: $(READY)
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy

browser: $(READY)
	@sh tests/prepare.sh
	$(PYTEST) -q -m browser

# The full counts of the randomised tests; TEST_SCALE=1 is what `make test` runs.
endurance: $(READY)
	@sh tests/prepare.sh
	TEST_SCALE=$${TEST_SCALE:-20} $(PYTEST) -q -n 2 --durations=25 -m "not browser"
	TEST_SCALE=$${TEST_SCALE:-20} $(PYTEST) -q tests/browser/test_sync_simulated.py tests/browser/test_offline.py

bench: $(READY)
	@$(BIN)/python benchmarks/bench.py
	@$(BIN)/python benchmarks/saving.py --seconds $${SAVING_SECONDS:-15}

# The environment: pinned versions, checked against their hashes.
$(READY): requirements.lock setup.cfg setup.py pyproject.toml
	@sh tests/prepare.sh venv "$(PYTHON)" "$(VENV)"
	@echo "Installing what Reporter needs into $(VENV) …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -e .
	@touch $@

# Needs uv (https://docs.astral.sh/uv/); writes versions and hashes for every platform, no addresses.
lock:
	uv pip compile --quiet --universal --upgrade --generate-hashes --no-annotate --no-header --no-emit-index-url \
		--python-version 3.11 --extra test --extra postgresql setup.cfg -o requirements.lock

clean:
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
