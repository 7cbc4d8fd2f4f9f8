# The commands of this project: `make` lists them. Everything they need installs itself into .venv and .cache, from
# the package index that pip is set up for; nothing else on the machine is touched. `sam build` comes here too, for
# the build-* targets at the end.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

# SAM may run this file from a copy of the sources; tools and caches are beside the original, where it can be written.
ROOT := $(patsubst %/,%,$(dir $(abspath $(lastword $(MAKEFILE_LIST)))))
CACHE := $(shell test -w '$(ROOT)' && echo '$(ROOT)' || echo '$(CURDIR)')/.cache

# The first Python on this machine that is new enough, by its own name: shims of version managers are not followed.
ifndef PYTHON
PYTHON := $(shell for name in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$name -c 'import sys; sys.version_info >= (3, 11) or sys.exit(1); print(sys.executable)' 2>/dev/null && break; done)
endif
ifeq ($(PYTHON),)
$(error Python 3.11 or newer is needed, and was not found)
endif

# One version of uv, which installs the rest as uv.lock pins it. `make UV=/path/to/uv …` takes another.
UV_VERSION := 0.13.9
UV ?= $(CACHE)/uv/$(UV_VERSION)/uv
export UV_PYTHON_DOWNLOADS := never
# Tests and tools start a hundred processes: what one of them compiled, the others need not compile again.
unexport PYTHONDONTWRITEBYTECODE
# Companies add their own certificate authority to the system's; uv brings its own list unless told.
export UV_SYSTEM_CERTS ?= $(if $(wildcard /etc/ssl/certs/ca-certificates.crt),true,false)
SYNC = $(UV) sync --quiet --frozen --no-progress --python $(PYTHON)

VENV := $(ROOT)/.venv/.installed
MINISTACK := $(CACHE)/ministack/.installed
SAM_INSTALLED := $(CACHE)/sam/.installed
BENCH := $(CACHE)/bench/.installed
RUN := $(ROOT)/.venv/bin/python -m
# Who stops a command with Ctrl-C has read that it stops; make need not call it an error.
OR_STOPPED := || [ $$? -eq 130 ]

# SAM asks for a region even where it calls nothing, and would tell its makers and look for a newer version.
SAM = AWS_DEFAULT_REGION=$${AWS_DEFAULT_REGION:-us-east-1} SAM_CLI_TELEMETRY=0 $(CACHE)/sam/bin/sam

SHIPPED = $(shell find $(ROOT)/bot $(ROOT)/workflow_steps $(ROOT)/seeds $(ROOT)/statemachines -type f -not -name '*.pyc')
BUILT := $(ROOT)/.aws-sam/build/template.yaml
LOCAL := $(CACHE)/local/.built
# Of the one package with compiled code; the same as the template's parameter.
ARCHITECTURE ?= arm64
# Two at once would build into one folder; the second waits, and then finds the work done.
LOCKED := $(if $(shell command -v flock),flock $(CACHE)/build.lock)

# The page of the sandbox is bundled here: by the machine's Node.js where it is new enough, else by one from PyPI.
PAGE_FOLDER := $(ROOT)/sandbox/web/page
PAGE_SOURCES = $(shell find $(PAGE_FOLDER)/src -type f) $(PAGE_FOLDER)/build.mjs
PAGE := $(CACHE)/page/index.html
PAGE_PACKAGES := $(PAGE_FOLDER)/node_modules/.installed
PAGE_TOOLS := $(PAGE_FOLDER)/node_modules/.tools
NODE_INSTALLED := $(CACHE)/node/.installed
NODE := $(shell command -v npm >/dev/null && node -e 'process.exit(Number(parseInt(process.versions.node) < 20))' 2>/dev/null \
	&& echo yes)
NPM := cd $(PAGE_FOLDER) && PATH="$(if $(NODE),,$(CACHE)/node/bin:)$$PATH" npm
NPM_CI := $(NPM) ci --ignore-scripts --no-audit --no-fund

.PHONY: help demo page slack pictures test accuracy bench format lint check build local bundle deploy clean install try-page

help:  ## list these commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-8s %s\n", $$1, $$2}' $(ROOT)/Makefile

demo: $(VENV) $(MINISTACK) local try-page  ## show it working on this machine: no AWS account, no Slack workspace
	@$(RUN) sandbox demo $(OR_STOPPED)

page: $(VENV) $(MINISTACK) local bundle  ## the same in the browser, with nothing said yet
	@$(RUN) sandbox page $(ARGS) $(OR_STOPPED)

slack: $(VENV) $(MINISTACK) local  ## serve a real Slack workspace from here; the README says how
	@$(RUN) sandbox slack $(ARGS) $(OR_STOPPED)

pictures: $(VENV) $(MINISTACK) local bundle  ## take the pictures of the page in docs/ anew
	@$(RUN) sandbox pictures

test: check $(MINISTACK) local bundle  ## everything: check, and all tests from a single function to the deployed whole
	@$(RUN) pytest -q -rs -n 3 --dist loadfile --no-loadscope-reorder $(ARGS)

accuracy: $(VENV)  ## say what of the corpus is understood without a model, kind by kind, and what is not
	@$(RUN) tests.accuracy $(ARGS)

bench: $(BENCH)  ## measure: understanding, the model's cost over a month, grouping log lines, listing, what a workflow costs
	@cd $(ROOT) && for name in matching learning grouping listing runs; do \
		$(CACHE)/bench/bin/python -m benchmarks.$$name; echo; done

format: $(VENV) $(PAGE_TOOLS)  ## put the code into shape
	@$(RUN) ruff format
	@$(RUN) ruff check --fix
	@$(NPM) run --silent format

lint: $(VENV) $(PAGE_TOOLS)  ## style, types, layers
	@$(RUN) ruff format --check
	@$(RUN) ruff check
	@$(RUN) mypy
	@$(ROOT)/.venv/bin/lint-imports
	@$(NPM) run --silent check

check: lint $(SAM_INSTALLED)  ## all that needs no run: lint, and whether the seeds and the template are sound
	@$(RUN) seeds.load --check
	@$(ROOT)/.venv/bin/cfn-lint template.yaml
	@$(SAM) validate --lint

build: $(SAM_INSTALLED)  ## make the Lambda packages, when their sources changed
	@$(LOCKED) $(MAKE) -s $(BUILT)

local: build  ## the same, and for this machine what is compiled: what the sandbox runs
	@$(LOCKED) $(MAKE) -s $(LOCAL)

bundle:  ## make the page of the sandbox, when its sources changed
	@mkdir -p $(CACHE)
	@$(LOCKED) $(MAKE) -s $(PAGE)

deploy: build  ## deploy to AWS with the credentials of your shell; the first time it asks what it needs
	@find $(ROOT)/.aws-sam/build/BotFunction -name '*.pyc' -print -quit | grep -q . \
		|| echo 'no Python 3.13 on this machine: the packages have no bytecode, and cold starts will be slower'
	@$(SAM) deploy $(or $(ARGS),--guided)

clean:  ## remove everything that was installed or built here
	rm -rf $(ROOT)/.venv $(ROOT)/.cache $(ROOT)/.aws-sam $(PAGE_FOLDER)/node_modules

install: $(VENV) $(MINISTACK) $(SAM_INSTALLED) $(PAGE)  ## install what the other commands need, and do nothing else

# ---- what is installed where; each is made again only when what it is made from changed

$(CACHE)/uv/$(UV_VERSION)/uv:
	@echo 'installing uv $(UV_VERSION) into .cache'
	@$(PYTHON) $(ROOT)/tools/get_uv.py $(UV_VERSION) $@

$(VENV): $(ROOT)/uv.lock | $(UV)
	@echo 'installing the project into .venv'
	@$(SYNC)
	@touch $@

# SAM CLI and MiniStack pin versions of botocore that are not the bot's.
$(MINISTACK) $(SAM_INSTALLED) $(NODE_INSTALLED): $(CACHE)/%/.installed: $(ROOT)/uv.lock | $(UV)
	@echo 'installing $* into .cache/$*'
	@UV_PROJECT_ENVIRONMENT=$(CACHE)/$* $(SYNC) --only-group $*
	@touch $@

# ---- the page in the browser

# The demo goes on in the terminal where no page can be built.
try-page:
	@$(MAKE) -s bundle || echo 'the page could not be built; the conversation goes on in the terminal'

$(PAGE): $(PAGE_SOURCES) $(PAGE_PACKAGES)
	@echo 'building the page'
	@$(NPM) run --silent build -- $(CACHE)/page

# The bundler and what it bundles; with its tools, TypeScript and the linter too.
$(PAGE_PACKAGES): $(PAGE_FOLDER)/package-lock.json | $(if $(NODE),,$(NODE_INSTALLED))
	@echo 'installing the parts of the page'
	@$(NPM_CI) --omit=dev >$(CACHE)/npm.log 2>&1 || { tail -n 20 $(CACHE)/npm.log; exit 1; }
	@touch $@

$(PAGE_TOOLS): $(PAGE_FOLDER)/package-lock.json | $(if $(NODE),,$(NODE_INSTALLED))
	@echo 'installing the parts and the tools of the page'
	@$(NPM_CI) >$(CACHE)/npm.log 2>&1 || { tail -n 20 $(CACHE)/npm.log; exit 1; }
	@touch $(PAGE_PACKAGES) $@

# The bot with everything that its tests need, and what it is compared with.
$(BENCH): $(ROOT)/uv.lock | $(UV)
	@echo 'installing bench into .cache/bench'
	@UV_PROJECT_ENVIRONMENT=$(CACHE)/bench $(SYNC) --group bench
	@touch $@

# ---- Lambda packages

$(BUILT): $(ROOT)/template.yaml $(ROOT)/uv.lock $(ROOT)/tools/package.py $(SHIPPED) | $(SAM_INSTALLED)
	@echo 'building the Lambda packages'
	@cd $(ROOT) && rm -rf .aws-sam/new .aws-sam/old \
		&& $(SAM) build --build-dir .aws-sam/new >$(CACHE)/build.log 2>&1 \
		|| { cat $(CACHE)/build.log; exit 1; }
	@# a build that fails leaves the former one, and what reads it meanwhile finds it whole
	@cd $(ROOT)/.aws-sam && { test ! -e build || mv build old; } && mv new build && rm -rf old && touch $@

# `sam build` runs build-<LogicalId> for each function. A step of a workflow needs no line here.
build-BotFunction: GROUP := bot-function
build-WorkerFunction: GROUP := worker-function
build-SeedFunction: GROUP := seed-function
build-LogAnalysisDrawChartFunction: GROUP := chart-function
build-%: GROUP := step-function
build-%: | $(UV)
	@$(PYTHON) $(ROOT)/tools/package.py $(GROUP) $(ARTIFACTS_DIR) --uv $(UV) --cache $(CACHE)/packages \
		--architecture $(ARCHITECTURE)

# The sandbox runs the functions on this machine, whose compiled code is another than Lambda's.
$(LOCAL): $(BUILT) | $(UV)
	@$(PYTHON) $(ROOT)/tools/package.py chart-function $(@D)/LogAnalysisDrawChartFunction --uv $(UV) \
		--cache $(CACHE)/packages --architecture host
	@touch $@
