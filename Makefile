# Everything a person does with a checkout. Each target first sets up what it needs, from any state; see tools/set_up.py.

PORT ?= 8000
PYTHON ?= python3
BIN := .venv/bin
SET_UP := $(PYTHON) tools/set_up.py
# Several processes take the files of tests in their order, those with a browser last.
SIDE_BY_SIDE := -n auto --dist loadfile --no-loadscope-reorder
export PATH := $(CURDIR)/.cache/node/bin:$(PATH)

.PHONY: demo test test-engines check bench build wheel protocol clean

demo: build ## serve the gallery at http://127.0.0.1:8000/ (PORT= for another)
	$(BIN)/python -m sidestage demo --port $(PORT)

test: ## set everything up, the browser included, and run every test
	$(SET_UP) build wheels browser
	cd web && npx vitest run
	$(BIN)/python -m pytest $(SIDE_BY_SIDE)

test-engines: ## the main job, limits and recovery in Firefox and WebKit, besides Chromium
	$(SET_UP) build wheels browser engines
	$(BIN)/python -m pytest tests/engines

check: ## ruff, mypy strict, tsc, biome, and whether generated files are current
	$(SET_UP) node
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python tools/generate_protocol.py --check
	cd web && npm run --silent check

bench: ## measure what Sidestage promises against the other way, in one run
	$(SET_UP) build wheels browser
	$(BIN)/python -m benchmarks

build: ## the web build and the runtime, in src/sidestage/static/
	$(SET_UP) build

wheel: build ## the wheel, with the web build and the runtime, in dist/
	rm -rf dist
	$(BIN)/python -m build --wheel --no-isolation

protocol: ## write the TypeScript types from the Python definitions
	$(SET_UP) python
	$(BIN)/python tools/generate_protocol.py

clean: ## remove what make made
	rm -rf .venv .cache dist build src/sidestage/static web/node_modules
