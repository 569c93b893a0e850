# LSTM from Scratch. `make` lists the commands. Needs Python 3.11 or newer; everything else goes into .venv.
.DEFAULT_GOAL := help
.PHONY: help adopt book pdf zip dist release changed tag fuzz mutants test test-library test-notebooks test-site audit lighthouse screenshots notebooks model sweep benchmark matrix parity parity-run torch serve lab constraints lint

PYTHON ?= $(or $(shell command -v python3 || command -v python),python3)
VENV := .venv
BIN := $(VENV)/$(if $(filter Windows_NT,$(OS)),Scripts,bin)
READY := $(VENV)/ready
# Where, and with which Python, the installation was made: one that was moved, or made with another, is made anew.
MADE := $(shell "$(PYTHON)" -c 'import os, sys; print(sys.version.split()[0], os.getcwd())' 2>/dev/null)
$(shell [ "$$(cat $(READY) 2>/dev/null)" = "$(MADE)" ] || rm -f $(READY))
install = if command -v uv >/dev/null 2>&1; then uv pip install --quiet --python $(BIN)/python $(1); \
	else $(BIN)/python -m pip install --quiet --disable-pip-version-check $(1); fi
SITE := _build/html/book/index.html
NOTEBOOKS := $(wildcard notebooks/*.ipynb)
SCRIPTS := $(wildcard book/_js/*.js book/_live/*.js) tests/site/live_questions.js
# Products this small run fastest on one thread; stored outputs hold no progress bars.
export OMP_NUM_THREADS := 1
export OPENBLAS_NUM_THREADS := 1
export PYTHONUTF8 := 1
# Where this is set, each of some hundred processes would compile the library anew.
unexport PYTHONDONTWRITEBYTECODE

help:
	@echo "make book       build the book as HTML and print where to open it"
	@echo "make pdf        build the book and print it into one PDF (some minutes; needs Chromium and its driver)"
	@echo "make zip        build the book and pack it into one archive for reading without a network"
	@echo "make dist       pack the library as a wheel and as its source"
	@echo "make release    all that a release holds: dist, PDF, archive, what changed (some minutes)"
	@echo "make tag        give this commit the version's tag, here and at git's origin"
	@echo "make test       run every check: style, types, library, notebooks, site"
	@echo "make fuzz       ten thousand bad inputs for each function that takes what people bring, and faults (minutes)"
	@echo "make mutants    plant small faults in the library, and count those that no test sees (an hour; resumes)"
	@echo "make lighthouse measure the built pages with Lighthouse (needs Node; a quarter of an hour)"
	@echo "make screenshots take the pictures anew that the tests compare the pages with"
	@echo "make audit      look at every page in every state with axe (some minutes; build the book first)"
	@echo "make notebooks  execute all notebooks again and store their outputs"
	@echo "make model      train the shipped weights again (some minutes; resumes if interrupted)"
	@echo "make sweep      train every model that chapter 16 compares (up to an hour; resumes if interrupted)"
	@echo "make benchmark  measure speed and memory on this machine (some minutes)"
	@echo "make matrix     run the checks on every Python and on old, new and Colab's versions (two hours)"
	@echo "make parity     compare library and chapters with PyTorch (installs it into .parity; Python 3.11)"
	@echo "make adopt      make this copy of the project yours: URL=https://github.com/OWNER/REPOSITORY, or git's origin"
	@echo "make lab        open the notebooks in JupyterLab"
	@echo "make serve      build the book and serve it on http://localhost:8000"

# uv when it is there, pip otherwise; what is never imported need not be compiled. The file `ready` marks a finished
# installation; what lacks it is thrown away.
$(READY): requirements.txt constraints.txt pyproject.toml setup.py
	@"$(PYTHON)" -c 'import sys; sys.exit("Python 3.11 or newer is needed; this is " + sys.version if sys.version_info < (3, 11) else 0)'
	@echo "== Installing into $(VENV)"
	@[ -f $@ ] || rm -rf $(VENV)
	@rm -f $@
	@if command -v uv >/dev/null 2>&1; then \
	  { [ -d $(BIN) ] || uv venv --quiet --python "$(PYTHON)" $(VENV); } && uv pip install --quiet --python $(BIN)/python -r requirements.txt; \
	else \
	  { $(BIN)/python -m pip --version >/dev/null 2>&1 || "$(PYTHON)" -m venv --clear $(VENV); } && $(BIN)/python -m pip install --quiet --no-compile --disable-pip-version-check -r requirements.txt; \
	fi
	@echo "$(MADE)" > $@

# Always from an empty _build: a warm rebuild can hide a failure.
book: $(READY)
	@echo "== Building the book"
	@rm -rf _build
	@$(BIN)/jupyter-book build -W -n --keep-going .
	@test -f $(SITE)
	@echo "== Open $(CURDIR)/$(SITE)"

pdf: book
	@echo "== Printing the book"
	@$(BIN)/python scripts/make_pdf.py $(if $(SOLUTIONS),--solutions $(SOLUTIONS))

zip: book
	@echo "== Packing the pages"
	@$(BIN)/python scripts/make_zip.py

# What installs without this folder: the library as a wheel, and its source.
dist: $(READY)
	@echo "== Packing the library"
	@rm -rf dist
	@$(BIN)/python -m build --quiet --no-isolation --outdir dist .
	@echo "== See dist/"

# All that a release holds: in dist/ the package, and the book as one PDF and as an archive; in _build/NOTES.md what changed.
release: changed dist pdf
	@$(BIN)/python scripts/make_zip.py
	@cp _build/*.pdf _build/*.zip dist/
	@$(BIN)/python scripts/changes.py > _build/NOTES.md
	@echo "== See dist/ and _build/NOTES.md"

# A version that the list of changes calls unreleased is refused at once, not after minutes.
changed: $(READY)
	@$(BIN)/python scripts/changes.py >/dev/null

# The version's tag, which the notebooks install, on this commit and at origin; an older one stays where it is.
tag: $(READY)
	@tag="v$$($(BIN)/python -c 'import lstm_lib; print(lstm_lib.__version__)')"; \
	  if git ls-remote --exit-code --tags origin "$$tag" >/dev/null; then echo "== $$tag stands at origin already"; \
	  else git tag --force "$$tag" && git push --quiet origin "$$tag" && echo "== tagged $$tag"; fi

# What runs on one core goes side by side, the rest one after the other; each part's words stay together.
test: $(READY)
	@$(MAKE) --no-print-directory -j2 $(if $(filter output-sync,$(.FEATURES)),--output-sync) lint book
	@$(MAKE) --no-print-directory test-library test-notebooks test-site
	@echo "== All checks passed"

# As many tests at a time as there are cores; those of one notebook stay together. Python 3.11 can count the lines that
# are reached only by stopping at each, which doubles the minutes: there they are not counted.
test-library: $(READY)
	@echo "== Library: tests and, from Python 3.12 on, coverage"
	@COVERAGE_CORE=sysmon $(BIN)/python -m pytest -q -n auto --maxprocesses 8 --dist worksteal tests/library \
	  $$($(BIN)/python -c 'import sys; print("--cov --cov-report=term-missing:skip-covered" * (sys.version_info >= (3, 12)))')

test-notebooks: $(READY)
	@echo "== Notebooks: stored outputs against the rules, and against a new run"
	@$(BIN)/python -m pytest -q -n auto --maxprocesses 8 --dist worksteal tests/notebooks
	@$(BIN)/python -m pytest -q -n auto --maxprocesses 8 --dist loadfile --nbval notebooks

test-site: $(READY)
	@echo "== Site: links and pages"
	@$(BIN)/python -m pytest -q -n auto --maxprocesses 8 --dist worksteal tests/site

# For maintainers: what the pages score as a phone and as a desk see them, against what is promised.
lighthouse: book
	@echo "== Lighthouse: three visits of each page; leave the machine alone meanwhile"
	@$(BIN)/python scripts/lighthouse.py

# Ten thousand bad inputs for each function that takes what people bring, kills, flipped bits.
fuzz: $(READY)
	@echo "== Bad input and faults, by the thousand"
	@FUZZ="10000 200 2000" $(BIN)/python -m pytest -q -n auto tests/library/test_fuzz.py

# Small faults in the machine's own modules, one at a time: does a test fall? SEED=2 draws others, COUNT=all takes all.
mutants: $(READY)
	@$(BIN)/python scripts/mutants.py $(if $(SEED),--seed $(SEED)) $(if $(filter all,$(COUNT)),--all,$(if $(COUNT),--count $(COUNT)))

# After a change that was meant: look at what git shows, then commit.
screenshots: book
	@echo "== Taking the screenshots anew"
	@$(BIN)/python tests/site/screenshots.py

# For whoever changes the frame: axe on every page, light and dark, on a desk and on a phone, with its boxes closed and open.
audit: $(READY)
	@echo "== Site: every page in every state"
	@$(BIN)/python -m pytest -q -n auto --maxprocesses 8 -m audit tests/site

lint: $(READY)
	@echo "== Style and types"
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/oxlint --deny-warnings $(SCRIPTS)
	@$(BIN)/oxfmt --check $(SCRIPTS)
	@$(BIN)/check-jsonschema --builtin-schema vendor.github-actions .github/actions/*/action.yml
	@$(BIN)/check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/*.yml
	@$(BIN)/check-jsonschema --builtin-schema custom.github-workflows-require-timeout .github/workflows/*.yml
	@$(BIN)/check-jsonschema --builtin-schema vendor.citation-file-format CITATION.cff

notebooks: $(READY)
	@echo "== Executing $(words $(NOTEBOOKS)) notebooks"
	@$(BIN)/python scripts/execute_notebooks.py $(NOTEBOOKS)

model: $(READY)
	@echo "== Training the shipped weights"
	@$(BIN)/python scripts/train_model.py

sweep: $(READY)
	@echo "== Training the models of chapter 16, two at a time"
	@$(BIN)/python scripts/sweep.py

benchmark: $(READY)
	@echo "== Measuring; leave the machine alone meanwhile"
	@$(call install,-r benchmarks/requirements.txt)
	@$(BIN)/python benchmarks/run.py
	@echo "== See benchmarks/here.md"

# For maintainers: each Python on the PATH or in PYTHONS, with pinned, oldest, newest and Colab's versions.
matrix: $(READY)
	@$(BIN)/python scripts/matrix.py $(if $(PYTHONS),--pythons $(PYTHONS)) $(if $(SETUPS),--setups $(SETUPS))

# In an environment of its own: nothing else needs PyTorch. Where python3.11 is missing, PYTHON serves.
parity:
	@$(MAKE) --no-print-directory VENV=.parity PYTHON="$(or $(shell command -v python3.11),$(PYTHON))" parity-run

parity-run: torch
	@echo "== Comparing the chapters with PyTorch"
	@$(BIN)/python -m pytest -q -p no:cacheprovider tests/pytorch
	@$(BIN)/python scripts/parity.py

torch: $(READY)
	@$(call install,torch==2.13.0)

# The address of this copy in every place: that of git's origin, or URL=...; also AUTHOR="..." and COPYRIGHT="2027 ...".
adopt:
	@"$(PYTHON)" scripts/adopt.py $(if $(URL),"$$URL") $(if $(AUTHOR),--author "$$AUTHOR") $(if $(COPYRIGHT),--copyright "$$COPYRIGHT")

lab: $(READY)
	@echo "== Opening the notebooks; stop with Ctrl-C"
	@$(BIN)/jupyter lab --notebook-dir=notebooks

serve: book
	@echo "== Serving on http://localhost:8000/book/index.html; stop with Ctrl-C"
	@$(BIN)/python -m http.server 8000 --bind 127.0.0.1 --directory _build/html

# For maintainers: the newest versions that requirements.txt allows, for every platform; needs uv.
constraints:
	@echo "# Exact versions, for every platform and Python from 3.11 on; regenerate with: make constraints" > constraints.new
	@grep -vE '^-(c|e) ' requirements.txt | uv pip compile --quiet --universal --python-version 3.11 --no-header --no-annotate - >> constraints.new
	@mv constraints.new constraints.txt
