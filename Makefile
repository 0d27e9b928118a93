# Every target sets up what it needs in .venv; nothing but python3 has to be there.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
PYTEST := $(BIN)/python -m pytest
PACKAGES := api/pages/packages
# One more than there are processors: some tests wait for processes that they started.
WORKERS ?= $(shell expr $$(nproc) + 1)

.PHONY: help demo serve packages test check lint types contracts bench load campaign faults browsers pictures sbom mutation hooks lock clean

help: ## Show this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

demo: $(VENV)/core ## Set up, match the demo alliance and print who goes where and why
	@$(BIN)/doallvet demo

serve: $(VENV)/core packages ## Set up and serve the API with the demo alliance on this machine
	@$(BIN)/doallvet serve --demo

packages: $(PACKAGES)/LICENSES.txt ## Fetch what pages bring along into api/pages/packages (serve and test do)

test: $(VENV)/dev packages ## Set up and run every test
	@$(PYTEST) -n $(WORKERS) --dist worksteal

check: lint types contracts test ## What a change must pass: lint, types, import contracts, tests

lint: $(VENV)/dev ## Look for style and likely mistakes
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .

types: $(VENV)/dev ## Check the types
	@$(BIN)/mypy

contracts: $(VENV)/dev ## Check which package may import which
	@$(BIN)/lint-imports

bench: $(VENV)/bench $(VENV)/dev ## Measure the engine beside its peers and the API beside a bare route (about 40 minutes; SIZES="500x200 2000x800" for less)
	@$(BIN)/python -m benchmarks.run $(SIZES)
	@$(BIN)/python -m benchmarks.service_requests

load: $(VENV)/dev $(VENV)/locust packages ## Let people work for an hour: memory, failures, mails (MINUTES=5 for less)
	@$(BIN)/python -m benchmarks.load --locust $(VENV)/locust/bin/locust --minutes $(or $(MINUTES),60)

campaign: $(VENV)/dev ## Race two processes 2,000 times on each database, then make up days and requests (about an hour)
	@DOALLVET_RACES=2000 $(PYTEST) -q -s tests/api/test_races.py
	@CAMPAIGN_TRIES=30 $(PYTEST) -q -n $(WORKERS) tests/api/test_days.py tests/api/test_document.py tests/api/test_roles.py tests/api/test_leaks.py tests/api/test_backup.py tests/api/pages tests/matcher/test_against_oracle.py

faults: $(VENV)/dev packages ## Break what the service stands on, at full size: every statement, every route, a server that dies under load (some minutes)
	@DOALLVET_FAULTS=400 $(PYTEST) -q -s tests/api/faults

browsers: $(VENV)/dev packages ## Try every page in each language and both colour schemes, by keyboard, zoomed, on a slow line (about half an hour)
	@BROWSERS=1 $(PYTEST) -q -n auto tests/browsers

pictures: $(VENV)/dev packages ## Draw the pictures of docs/pages
	@$(BIN)/python -m tests.browsers.pictures

sbom: $(VENV)/sbom $(PACKAGES)/LICENSES.txt ## Write which libraries are in it, as CycloneDX, for Python and for the pages (dist/*.cdx.json)
	@mkdir -p dist
	@PYTHONWARNINGS=ignore $(BIN)/cyclonedx-py requirements requirements/postgres.txt --pyproject pyproject.toml --mc-type application \
	  --output-reproducible --spec-version 1.6 --output-format JSON --output-file dist/python.cdx.json
	@$(WITH_NODE) npm sbom --package-lock-only --sbom-format cyclonedx --sbom-type application > dist/pages.cdx.json
	@$(BIN)/python -c 'import json, sys; [print(path, len(json.load(open(path))["components"]), "components") for path in sys.argv[1:]]' \
	  dist/python.cdx.json dist/pages.cdx.json

mutation: $(VENV)/dev ## Change rules, criteria and certificate in small ways and count the changes no test notices
	@$(BIN)/mutmut run

words: $(VENV)/dev ## Take new texts of code and templates into the catalogues of every language
	@$(BIN)/pybabel -q extract -F api/locales/babel.cfg -k N_ -k NN_:1,2 -k phrase -k phrase_count:1,2 -k _ -k ngettext:1,2 --no-location --sort-output --omit-header -o $(VENV)/doallvet.pot .
	@for code in es pt fi de pl; do \
	  file=api/locales/$$code/LC_MESSAGES/doallvet.po; \
	  if [ -f $$file ]; then verb=update more="--no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date"; else verb=init more=; fi; \
	  $(BIN)/pybabel -q $$verb $$more -D doallvet -i $(VENV)/doallvet.pot -d api/locales -l $$code || exit 1; done

hooks: ## Run lint, types and contracts before every local commit
	@printf '#!/bin/sh\nexec make lint types contracts\n' > "$$(git rev-parse --git-path hooks)/pre-commit" && chmod +x "$$(git rev-parse --git-path hooks)/pre-commit"

lock: ## Renew the hashed requirements after a change in pyproject.toml (needs uv)
	@for set in core postgres oidc dev bench; do \
	  uv pip compile --quiet --universal --generate-hashes --no-header --python-version 3.11 \
	    $$( [ $$set = core ] || echo "--extra $$set --constraint requirements/core.txt" ) \
	    pyproject.toml requirements/build.in --output-file requirements/$$set.txt || exit 1; done
	@uv pip compile --quiet --universal --generate-hashes --no-header --python-version 3.11 \
	  requirements/node.in --output-file requirements/node.txt
	@uv pip compile --quiet --universal --generate-hashes --no-header --python-version 3.11 \
	  --constraint requirements/dev.txt requirements/sbom.in --output-file requirements/sbom.txt
	@uv pip compile --quiet --universal --generate-hashes --no-header --python-version 3.11 \
	  requirements/load.in --output-file requirements/load.txt

clean: ## Remove the environment and everything that was made
	@rm -rf $(VENV) $(PACKAGES) node_modules .npm-cache mutants .pytest_cache .mypy_cache .ruff_cache .hypothesis

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "doALLVET needs Python 3.11 or newer; say where it is: make PYTHON=/path/to/python3"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "Python's venv module is missing; install the package python3-venv (Debian, Ubuntu) and try again"; exit 1; }
	@echo "Setting up .venv ..." && $(PYTHON) -m venv $(VENV)

$(VENV)/%: requirements/%.txt pyproject.toml | $(VENV)/bin/python
	@echo "Installing the $* requirements ..."
	@$(PIP) install --no-deps --require-hashes -r requirements/$*.txt
	@$(PIP) install --no-deps --no-build-isolation --no-index --editable .
	@touch $@

$(VENV)/sbom: requirements/sbom.txt | $(VENV)/bin/python
	@$(PIP) install --no-deps --require-hashes -r requirements/sbom.txt
	@touch $@

# An environment of its own: locust brings a plugin that would change how the tests run.
$(VENV)/locust: requirements/load.txt | $(VENV)/bin/python
	@$(PYTHON) -m venv $@ && $@/bin/python -m pip --disable-pip-version-check --quiet install --no-deps --require-hashes -r $<
	@touch $@

# Node 20.19, 22.12 or newer with npm: this machine's, else the one published for Python, in .venv.
# The licences are written last: where they stand, everything else does.
WITH_NODE := PATH="$(CURDIR)/$(BIN):$$PATH"
THEME := node node_modules/@digdir/designsystemet/dist/bin/designsystemet.js tokens

$(PACKAGES)/LICENSES.txt: package.json package-lock.json .npmrc designsystemet.config.json requirements/node.txt | $(VENV)/bin/python
	@echo "Fetching what the pages bring along ..."
	@{ npm --version && node -e 'process.exit(process.features.require_module ? 0 : 1)'; } >/dev/null 2>&1 \
	  || $(PIP) install --no-deps --require-hashes -r requirements/node.txt
	@$(WITH_NODE) npm ci >/dev/null
	@$(WITH_NODE) $(THEME) create >/dev/null
	@$(WITH_NODE) $(THEME) build --tokens node_modules/.theme/tokens --out-dir node_modules/.theme >/dev/null
	@rm -rf $(PACKAGES) && mkdir -p $(PACKAGES)
	@cp node_modules/.theme/doallvet.css $(PACKAGES)/theme.css
	@cp node_modules/@digdir/designsystemet-css/dist/src/index.css $(PACKAGES)/designsystemet.css
	@cp node_modules/htmx.org/dist/htmx.min.js node_modules/world-atlas/countries-50m.json $(PACKAGES)
	@cd node_modules && for package in @digdir/designsystemet-css htmx.org world-atlas; do \
	  printf '%s, %s\n\n' "$$package" "$$(sed -n 's/^  "version": "\(.*\)",*$$/\1/p' $$package/package.json)"; \
	  cat $$package/LICENSE && echo; done > $(CURDIR)/$@
