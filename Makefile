# Everything a person does with a checkout. Each target sets up what it needs; a second call does nothing twice.

PORT ?= 8000
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STATIC := src/sidestage/static
WHEELS := .cache/wheels
export PATH := $(CURDIR)/.cache/node/bin:$(PATH)

.PHONY: demo test check bench build wheel protocol clean setup browser

demo: build ## serve the gallery at http://127.0.0.1:8000/ (PORT= for another)
	$(BIN)/sidestage demo --port $(PORT)

test: build browser $(WHEELS)/.complete ## set everything up and run every test
	cd web && npx vitest run
	$(BIN)/pytest

check: setup web/node_modules/.complete ## ruff, mypy strict, tsc, biome, and whether generated files are current
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python tools/generate_protocol.py --check
	cd web && npm run --silent check

bench: build browser $(WHEELS)/.complete ## measure what Sidestage promises, against the other way, in one run
	$(BIN)/python -m benchmarks

wheel: build ## the wheel, with the web build and the runtime, in dist/
	rm -rf dist
	$(BIN)/python -m build --wheel --no-isolation

protocol: setup ## write the TypeScript types from the Python definitions
	$(BIN)/python tools/generate_protocol.py

setup: $(VENV)/.complete
build: $(VENV)/.complete $(STATIC)/web/.complete $(STATIC)/runtime/.complete

$(VENV)/.complete: pyproject.toml tools/requirements.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r tools/requirements.txt -e .
	touch $@

web/node_modules/.complete: web/package.json web/package-lock.json | $(VENV)/.complete
	$(BIN)/python tools/find_node.py
	cd web && npm ci --no-audit --no-fund
	touch $@

$(STATIC)/web/.complete: web/node_modules/.complete web/vite.config.ts $(shell find web/src -name '*.ts' -o -name '*.css')
	cd web && npx vite build --logLevel warn
	touch $@

$(STATIC)/runtime/.complete: web/node_modules/.complete tools/copy_runtime.py
	$(BIN)/python tools/copy_runtime.py
	touch $@

$(WHEELS)/.complete: tools/fetch_wheels.py | $(VENV)/.complete
	$(BIN)/python tools/fetch_wheels.py
	touch $@

browser: $(VENV)/.complete
	$(BIN)/python tools/find_browser.py

clean: ## remove what make made
	rm -rf $(VENV) .cache dist build $(STATIC) web/node_modules
