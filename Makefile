# Needs git, make and Python 3.11 or newer. Everything is written to .build/, nothing needs root.
# A stage of `make test` is a target of this file: write the target, name it in STAGES.

PYTHON ?= python3
CORE ?= 2.19
# How many stages of the test run at once. On two cores three, for they wait for a quarter of their time.
JOBS ?= 3

BUILD := $(CURDIR)/.build
UV := $(BUILD)/uv/bin/uv
TREE := $(BUILD)/tree/ansible_collections/endstate/jobs
ARTIFACT := $(BUILD)/artifact

# What cores do differently is shown on each; the rest of tests/e2e runs once, on the core beside the tools.
E2E_CORES := $(addprefix tests/e2e/test_,main_job.py wait.py in_process.py controller_gone.py untrusted_text.py \
	gate_variables.py stdout.py secrets.py options.py rest_job.py started_by.py)

# TARGET:VERSION is the target with CORE=VERSION. The slowest come first, and those of one version, which wait for each
# other, apart.
STAGES := sanity:2.16 sanity:2.21 e2e sanity:2.19 e2e-core:2.16 e2e-core:2.21 unit eda servers libraries:3.13 docs-test \
	artifact-check integration:2.16 integration:2.21 integration:2.19 molecule lint infrastructure libraries:3.11 \
	libraries:3.9 units:2.16 units:2.21 ssh:2.16 ssh:2.21 interop docs-lint test-browser simulator-test tools-test

# What is released. Of sanity's time two thirds are pylint's, and of its lines two thirds are tests and tools, which the
# newest one reads, too.
RELEASED := plugins/ extensions/ roles/ playbooks/ meta/ changelogs/ docs/ README.md galaxy.yml

# The unit tests of what touches ansible-core. ansible-test starts a process for each, and the others do not depend on it.
UNITS := $(addprefix tests/unit/plugins/,action/ modules/ filter/ lookup/ test/ plugin_utils/test_inert.py plugin_utils/test_stdout.py) \
	$(addprefix tests/unit/plugins/module_utils/,test_info_module.py test_secrets.py _systems/test_base.py _systems/test_validation.py) \
	tests/unit/extensions/

export ANSIBLE_HOME := $(BUILD)/ansible
export ANSIBLE_COLLECTIONS_PATH := $(BUILD)/tree
export PATH := $(BUILD)/venv/bin:$(PATH)
export UV_CACHE_DIR := $(BUILD)/cache/uv
export UV_PYTHON_DOWNLOADS := never
export UV_SYSTEM_CERTS := 1
export RUFF_CACHE_DIR := $(BUILD)/cache/ruff

.PHONY: help
help: ## List the targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "%-18s%s\n", $$1, $$2 }' Makefile

.PHONY: demo
demo: $(BUILD)/demo/.stamp $(TREE) ## See it work: a playbook against the simulator
	@PATH="$(BUILD)/demo/bin:$$PATH" python -m demo

.PHONY: simulator
simulator: $(BUILD)/demo/.stamp $(TREE) ## Keep a simulator running to play on; prints the variables that lead to it
	@PYTHONPATH=$(BUILD)/tree PATH="$(BUILD)/demo/bin:$$PATH" python -m demo.playground

.PHONY: test
test: venv ## Run all stages, one line each
	@python tools/stages.py $(JOBS) $(STAGES)

.PHONY: lint
lint: venv ## Format, lint and types
	ruff format --check .
	ruff check .
	mypy
	nox
	shellcheck .ci/run
	antsibull-changelog lint
	ansible-lint --offline --profile production
	PYTHONPATH=$(BUILD)/tree python tools/render_docs.py --check

.PHONY: render
render: venv ## Write what is rendered: RETURN blocks, the event source's schema, tables
	PYTHONPATH=$(BUILD)/tree python tools/render_docs.py

.PHONY: docs-lint
docs-lint: venv ## The plugins' documentation
	@mkdir -p $(BUILD)/home
	HOME=$(BUILD)/home antsibull-docs lint-collection-docs --plugin-docs --validate-collection-refs=self .

.PHONY: unit libraries fuzz simulator-test tools-test e2e e2e-core interop docs-test molecule test-browser infrastructure ssh eda servers
unit: venv ## Unit tests, and what of the code they run
	coverage run -m pytest tests/unit
	coverage report
libraries: $(UV) $(TREE) ## Unit tests with the oldest and the newest libraries (CORE=3.9, 3.11 or 3.13, a Python)
	$(PYTHON) tools/libraries.py $(CORE)
fuzz: venv ## Try random input for ten minutes (SECONDS=...)
	python tools/fuzz.py $(or $(SECONDS),600)
simulator-test: venv ## Tests of the simulator
	pytest tests/simulator
tools-test: venv ## Tests of what runs these stages
	pytest tests/tools
e2e: venv ## Playbooks against the simulator
	pytest --numprocesses 2 --dist loadfile tests/e2e
e2e-core: venv ## Those of them that each core must pass (CORE=...)
	python tools/core.py $(CORE) pytest $(E2E_CORES)
interop: venv ## The vendors' own clients against the simulator
	pytest tests/interop
docs-test: venv ## The guides' examples
	pytest tests/docs
molecule: venv ## Molecule scenarios
	molecule test --all
test-browser: docs ## Pages in a real browser, where there is a chromium
	@command -v chromium >/dev/null || echo 'skipped: there is no chromium on the PATH'
	pytest -rs tests/browser
infrastructure: venv ## Waits through a real sshd, squid and nginx, if they are installed
	pytest -rs tests/infrastructure
ssh: venv ## Delegation over a real sshd (CORE=...)
	python tools/core.py $(CORE) pytest -rs tests/infrastructure/test_ssh.py
eda: venv ## Rulebooks with the real ansible-rulebook (needs Java 17)
	-@$(MAKE) --no-print-directory $(BUILD)/eda/.stamp
	EDA_BIN=$(BUILD)/eda/bin pytest tests/eda
servers: venv ## Profiles of the library on real servers: fakepve, buildbot, pygeoapi, ara, and aptly if it is installed
	-@$(MAKE) --no-print-directory $(BUILD)/servers/.stamp
	pytest --numprocesses 2 --dist loadfile tests/servers

DOCS := $(BUILD)/docs
.PHONY: docs
docs: venv ## Build the documentation site into .build/docs/html
	rm -rf $(DOCS)
	mkdir -p $(DOCS)
	mkdir -m 755 $(DOCS)/rst
	antsibull-docs collection --use-current --squash-hierarchy --fail-on-error --dest-dir $(DOCS)/rst endstate.jobs
	@# antsibull-docs leaves behind what is no text.
	cp -R docs/examples $(DOCS)/
	cp -R docs/docsite/rst/images $(DOCS)/rst/docsite/
	@# Our own start page. Its list of environment variables knows none of a module: the guides have them.
	cp docs/docsite/index.rst $(DOCS)/rst/
	rm $(DOCS)/rst/environment_variables.rst
	sphinx-build --quiet --fail-on-warning --keep-going -c docs/docsite -d $(DOCS)/doctrees $(DOCS)/rst $(DOCS)/html

.PHONY: picture
picture: venv ## Draw the picture of a report that the guides show
	PYTHONPATH=$(BUILD)/tree python tools/report_picture.py

.PHONY: bench
bench: venv ## Measure against peers (ARGS="--quick", or parts: ARGS="poll many")
	PYTHONPATH=$(BUILD)/tree python -m benchmarks $(ARGS)

.PHONY: sanity units integration
sanity: venv ## ansible-test sanity: of all files with CORE=2.21, of what is released with another
units: venv ## ansible-test units: those of what touches ansible-core, on another core (CORE=...)
integration: venv ## ansible-test integration (CORE=...)
sanity:
	@python tools/ansible_test.py $(CORE) $@ $(if $(filter 2.21,$(CORE)),,$(RELEASED))
integration:
	@python tools/ansible_test.py $(CORE) $@
units:
	@python tools/ansible_test.py $(CORE) $@ $(UNITS)

.PHONY: build
build: venv ## Build the artifact
	rm -rf $(ARTIFACT)
	python tools/copy_checkout.py $(ARTIFACT)/source
	ansible-galaxy collection build --output-path $(ARTIFACT) $(ARTIFACT)/source

.PHONY: artifact-check
artifact-check: build ## Build, import and install the artifact
	sh tools/check_artifact.sh $(ARTIFACT)

.PHONY: clean
clean: ## Remove everything that was made
	rm -rf $(BUILD)

.PHONY: venv
venv: $(BUILD)/venv/.stamp $(TREE)

# Playbooks, pytest and the linters find the collection under its name, in the checkout itself.
$(TREE):
	mkdir -p $(@D)
	ln -sfn ../../../.. $@

$(UV):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=/path/to/python")'
	$(PYTHON) -m venv $(BUILD)/uv
	$(BUILD)/uv/bin/pip install --quiet --disable-pip-version-check --no-cache-dir uv

RUNTIME := meta/ee-requirements.txt simulator/requirements.txt
$(BUILD)/demo/.stamp: $(RUNTIME)
$(BUILD)/eda/.stamp: meta/ee-requirements.txt tests/eda/requirements.txt
$(BUILD)/servers/.stamp: tests/servers/requirements.txt
$(BUILD)/venv/.stamp: $(RUNTIME) tests/unit/requirements.txt requirements-dev.txt

# Byte-compiled, for ansible starts twice as fast then. The demo has a small environment of its own, to be quick.
$(BUILD)/%/.stamp: | $(UV)
	$(UV) venv --quiet --clear --python $(BUILD)/uv/bin/python $(@D)
	$(UV) pip install --quiet --compile-bytecode --python $(@D) ansible-core $(addprefix --requirements ,$(filter %.txt,$^))
	@touch $@
