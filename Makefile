# make demo and make test do all the set-up themselves; make help lists the rest.
PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
EASY := .venv-easyocr/.easyocr-ready
EASY_BIN := .venv-easyocr/bin
RUN := $(VENV)/.run-ready
DEV := $(VENV)/.test-ready
LOCK_FLAGS := --universal --generate-hashes --no-header --no-annotate --quiet

.PHONY: help setup demo serve test oidc-provider easyocr test-easyocr lint types layers unit e2e browser gallery benchmark benchmark-ocr api-deep timing lock clean

help:  ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | sort

setup: $(RUN)  ## .venv with everything Gatepost needs at run time

demo: $(RUN)  ## an invented school, its sample drafts through the real pipeline over HTTP
	$(BIN)/gatepost demo

serve: $(RUN)  ## the site on this machine with the demo school in it
	$(BIN)/gatepost serve --demo --port $(PORT)

test: $(DEV) lint types layers  ## lint, types, layers, then every test
	$(BIN)/python -m pytest --cov=app.policy --cov=app.settling --cov-branch --cov-report=term-missing:skip-covered --cov-fail-under=100

oidc-provider:  ## the OpenID provider (npm) that the tests of signing in elsewhere run against; needs node 18 or newer
	cd tests/oidc && npm ci --ignore-scripts --no-audit --no-fund

test-easyocr: $(EASY)  ## EasyOCR's real code on generated weights, in a .venv-easyocr of its own
	$(EASY_BIN)/python -m pytest -p no:cacheprovider tests/easyocr

lint: $(DEV)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(DEV)
	$(BIN)/mypy

layers: $(DEV)
	$(BIN)/lint-imports

unit: $(DEV)  ## the tests that take milliseconds
	$(BIN)/python -m pytest tests/unit

e2e: $(DEV)
	$(BIN)/python -m pytest tests/e2e

browser: $(DEV)  ## the pages in a real Chromium (needs one on the machine)
	$(BIN)/python -m pytest tests/browser

gallery: $(DEV)  ## screenshots of every page and state, into out/gallery
	$(BIN)/python -m tests.browser.gallery out/gallery

benchmark-ocr: $(DEV)  ## names read in drawn pictures, against rapidocr left to itself (the fonts it needs: .ci/run)
	$(BIN)/python -m tests.benchmarks.ocr --baseline $(if $(GATEPOST_OCR),--engine $(GATEPOST_OCR)) $(if $(GATEPOST_EASYOCR_WEIGHTS),--weights $(GATEPOST_EASYOCR_WEIGHTS))

benchmark: $(DEV)  ## labelled captions; times of one 12-megapixel picture with 25 faces, against the naive way, and how they grow
	$(BIN)/python -m tests.benchmarks.captions
	$(BIN)/python -m tests.benchmarks.stages
	$(BIN)/python -m tests.benchmarks.growth
	$(BIN)/python -m tests.benchmarks.ocr --every 3
	$(BIN)/python -m tests.benchmarks.sealing

api-deep: $(DEV)  ## the API against its own description with each kind of key, for longer than a test may take
	$(BIN)/python -m tests.benchmarks.schemathesis_deep 150

timing: $(DEV)  ## whether time tells a refused face from an unknown one, on the real pipeline
	$(BIN)/python -m tests.benchmarks.timing

lock: $(DEV)  ## compile requirements.lock and requirements-test.lock anew from pyproject.toml
	$(BIN)/uv pip compile pyproject.toml $(LOCK_FLAGS) -o requirements.lock
	$(BIN)/uv pip compile pyproject.toml --group test -c requirements.lock $(LOCK_FLAGS) -o requirements-test.lock

# Every package is pinned with its hash. setuptools comes first: the one package without a wheel is built with it,
# and nothing unpinned is fetched to build anything.
define install
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -c "import sys; sys.exit(sys.version_info < (3, 11) and 'Gatepost needs Python 3.11 or newer: make PYTHON=python3.11 ...')"
	awk '/^[^ ]/ {keep = /^setuptools==/} keep' $(1) > $(VENV)/setuptools.lock
	$(PIP) install --quiet --require-hashes --no-deps -r $(VENV)/setuptools.lock
	$(PIP) install --quiet --require-hashes --no-deps --no-build-isolation -r $(1)
	$(PIP) install --quiet --no-deps --no-build-isolation --editable .
endef

$(RUN): requirements.lock pyproject.toml
	$(call install,requirements.lock)
	touch $@

$(DEV): requirements-test.lock pyproject.toml
	$(call install,requirements-test.lock)
	touch $(RUN) $@

# EasyOCR beside the locked packages; pip takes torch and torchvision, at the pinned versions, from where it finds them.
define install_easyocr
	$(1)/bin/python -m pip --disable-pip-version-check install --quiet --require-hashes --no-deps -r requirements-easyocr.lock
	$(1)/bin/python -m pip --disable-pip-version-check freeze --exclude-editable > $(1)/installed.txt
	$(1)/bin/python -m pip --disable-pip-version-check install --quiet torch==2.13.0 torchvision==0.28.0 -c $(1)/installed.txt
endef

easyocr: $(RUN)  ## EasyOCR into .venv (1.1 GB more); then: gatepost models fetch easyocr
	$(call install_easyocr,$(VENV))

$(EASY): requirements-test.lock requirements-easyocr.lock pyproject.toml
	$(MAKE) VENV=.venv-easyocr .venv-easyocr/.test-ready
	$(call install_easyocr,.venv-easyocr)
	touch $@

clean:  ## remove .venv and what tests leave behind
	rm -rf $(VENV) .venv-easyocr .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .coverage .hypothesis *.egg-info
