# Everything is done by tasks.py; `make demo` finds a Python for it.
# Another one: make test PYTHON=python3.13
# One version of several: make versions ARGS=3.12; a lesson: make lesson ARGS=1
# Property tests with other examples than `make test` has: make fuzz ARGS=1000

PYTHON ?= $(or $(shell for python in python3 python3.13 python3.12 python3.11 python; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& echo $$python && break; done),python3)

TASKS = demo figures test slow fuzz check plain oldest versions sanity predictions reality claims lesson docs clean

.PHONY: help $(TASKS)

help:
	@$(PYTHON) tasks.py --help

$(TASKS):
	@$(PYTHON) tasks.py $@ $(ARGS)
