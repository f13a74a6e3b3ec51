# Two commands are all one needs: `make run` and `make test`. `make help` lists the rest.
# CARGO_TARGET_DIR is honoured, as is everything else that cargo reads from the environment.

CARGO ?= cargo
# What to measure, as in `make bench ONLY="window texas PUE"`; empty for everything.
ONLY ?=
# Of `make fuzz`: texts for each reader, and where the row of random numbers begins.
RUNS ?= 1000000
FROM ?= 1
# A plan to open, as in `make run PLAN=plans/texas.ron`; empty for the example.
PLAN ?=

.DEFAULT_GOAL := help
.PHONY: help run test check bench oracle claims fuzz fuzz-guided package package-check screenshots fmt

help:
	@echo 'make run            opens the workbench (without a display: solves the example, writes its report'
	@echo '                    into tokenworks-report/ and names the file);  PLAN=file.ron opens that plan'
	@echo 'make test           runs all tests'
	@echo 'make check          formatting, lints and documentation, as CI does'
	@echo 'make bench          timings of building and solving the sample plans, and of the window'
	@echo 'make oracle         states the plans a second time in Python, solves them by another HiGHS and compares'
	@echo 'make claims         tries every price, amount and worth that is printed of 300 random plans by solving with it'
	@echo 'make fuzz           goes on feeding changed texts to every reader;  RUNS=1000000 FROM=1 ONLY=plan'
	@echo 'make fuzz-guided    the same by coverage, with cargo-fuzz and a nightly compiler;  ONLY=plan SECONDS=600'
	@echo 'make package        a .deb and an archive that runs from anywhere, into packages/ of the target folder'
	@echo 'make package-check  installs them into a clean Debian in a folder, and opens the window there (root)'
	@echo 'make screenshots    takes the pictures in assets/screenshots again'
	@echo 'make fmt            formats the source'
	@echo ''
	@echo 'What is missing on Debian or Ubuntu is installed first (with sudo if you are not root);'
	@echo 'the first build takes 10 to 17 minutes on two cores, later ones seconds.'

run:
	@bash .ci/prepare window
	@$(CARGO) run --locked -- $(PLAN)

test:
	@bash .ci/prepare window
	@$(CARGO) test --locked

check:
	@bash .ci/prepare
	@bash .ci/checks

bench:
	@bash .ci/prepare
	@$(CARGO) --config profile.dev.package.tokenworks.opt-level=2 bench --locked --profile dev --bench plans -- $(ONLY)

oracle:
	@bash .ci/prepare
	@$(CARGO) build --locked --quiet
	@bash tests/oracle/run

claims:
	@bash .ci/prepare
	@python3 tests/oracle/generate.py "$${CARGO_TARGET_DIR:-target}/claims" 300
	@CLAIMS="$${CARGO_TARGET_DIR:-target}/claims" $(CARGO) test --locked --test main claims::what -- --nocapture

fuzz:
	@bash .ci/prepare
	@FUZZ="$(ONLY)" FUZZ_RUNS="$(RUNS)" FUZZ_FROM="$(FROM)" $(CARGO) test --locked --test main promises::fuzz -- --nocapture

fuzz-guided:
	@bash .ci/prepare
	@cp Cargo.lock tests/fuzz/Cargo.lock
	@$(CARGO) +nightly run --release --manifest-path tests/fuzz/Cargo.toml --bin write-corpus
	@$(CARGO) +nightly fuzz run --fuzz-dir tests/fuzz --sanitizer none $(or $(ONLY),plan) -- -timeout=10 -rss_limit_mb=2048 -max_total_time=$(or $(SECONDS),600)

package:
	@bash .ci/prepare
	@bash .ci/package

package-check:
	@bash .ci/package check

screenshots:
	@bash .ci/prepare window
	@$(CARGO) test --locked --test main screenshots -- --ignored

fmt:
	@$(CARGO) fmt
