# Four verbs; run.py does the work, so the same words serve where make is missing.
PY ?= python3

demo test check bench setup:
	@$(PY) run.py $@ $(ARGS)

.PHONY: demo test check bench setup
