# Everything a person does with this repo, by name. PYTHON names the Python that makes .venv.
PYTHON ?= python3
BIN := .venv/bin

CHECKS = $(BIN)/ruff format --check . && $(BIN)/ruff check . && $(BIN)/mypy tools/headroom_tools \
	&& MYPYPATH=.venv/typings $(BIN)/mypy --config-file tools/mypy-firmware.ini firmware
TESTS = -n auto --dist loadfile --no-loadscope-reorder --durations=15

.DEFAULT_GOAL := help
.PHONY: help setup demo test test-whole quick conformance sparse provoke explore inject versions mutate bench accuracy clamp-faults reaction agree versus seconds campaign picture ablate settings tables drawings power-cut flash-cut wear fuzz tour image clean swap jig jig-faults jig-long jig-boards lease

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' Makefile

setup: .venv/.ready ## prepare .venv: pinned packages, nothing system-wide

.venv/.ready: pyproject.toml tools/constraints.txt tools/setup_venv.py
	@command -v "$(PYTHON)" >/dev/null || { echo "setup: no $(PYTHON) here: install Python 3.10 or later, or make setup PYTHON=/path/to/python" >&2; exit 2; }
	@"$(PYTHON)" tools/setup_venv.py

demo: .venv/.ready ## one winter evening, then with a second car at 20:00: look at out/demo.html and out/demo-two.html
	@mkdir -p out
	@$(BIN)/headroom sim --report out/demo.html
	@echo
	@$(BIN)/headroom sim --chargers 2 --cars tools/traces/two-cars.csv --breaker-a 32 --from 18:00 --to 23:00 --report out/demo-two.html
	@echo "At 20:00 a second car comes and both share; every change has its reason: out/demo-two.html"

test: .venv/.ready ## every check: format, lint, types, tests on CPython and the MicroPython VM, of the long ones today's twentieth: six minutes
	@$(CHECKS)
	@$(BIN)/pytest $(TESTS) --share=today

test-whole: .venv/.ready ## the same with every long test, before a release: a quarter of an hour
	@$(CHECKS)
	@$(BIN)/pytest $(TESTS)

quick: .venv/.ready ## while writing: format, lint, types and the tests of the rooms touched, a minute
	@$(BIN)/python tools/quick.py

conformance: .venv/.ready ## the standard's sequences with their times, measured at waveform fidelity on the MicroPython VM
	@$(BIN)/micropython -X emit=native -X heapsize=16m tools/proofs/conformance.py

sparse: .venv/.ready ## a car that comes after a second to a year of nothing, at the clock's wraps, at waveform fidelity: two minutes
	@$(BIN)/micropython -X emit=native -X heapsize=16m tools/proofs/sparse.py

swap: .venv/.ready ## a car is swapped for one without S2 at any instant, at waveform fidelity, on the MicroPython VM: two minutes
	@$(BIN)/micropython -X emit=native -X heapsize=16m tools/proofs/swap.py

provoke: .venv/.ready ## every fault of the table, provoked through pins, analog levels, clock and flash
	@$(BIN)/micropython -X emit=native -X heapsize=16m tools/proofs/provoke.py

explore: .venv/.ready ## proof: every reachable state of the guard, with everything against it
	@$(BIN)/python tools/proofs/explore.py

lease: .venv/.ready ## proof: three chargers on one circuit, every state by family of dangers, and walks: ten minutes
	@$(BIN)/python tools/proofs/lease.py
	@$(BIN)/python tools/proofs/garage.py

versions: .venv/.ready ## demo, tour and a share of three proofs on every model of MicroPython that the bench plays
	@$(BIN)/python tools/proofs/versions.py

inject: .venv/.ready ## proof: a million random steps of mishaps on the whole firmware
	@$(BIN)/python tools/proofs/inject.py 1000000

mutate: .venv/.ready ## proof: plant the semantic mutants, then change the guard's code bit by bit, and see the tests notice
	@$(BIN)/python tools/proofs/plant.py
	@$(BIN)/python tools/proofs/mutate.py

bench: .venv/.ready ## how well and how fast it balances, for four supplies: make bench [TRACE=file]
	@$(BIN)/headroom bench $(if $(TRACE),--trace "$(TRACE)")
	@$(BIN)/python -m headroom_tools.measure.kernel_cost
	@$(BIN)/python -m headroom_tools.measure.tick_cost
	@$(BIN)/python -m headroom_tools.measure.heap_cost

accuracy: .venv/.ready ## how far the reading is off, on boards out of the bag: make accuracy [BOARDS=200]
	@$(BIN)/python -m headroom_tools.measure.accuracy $(BOARDS)

clamp-faults: .venv/.ready ## every fault of a clamp at random moments, and a month without one: make clamp-faults [N=100]
	@$(BIN)/python -m headroom_tools.measure.clamp_faults $(N)
	@$(BIN)/python -m headroom_tools.measure.clamp_alarms

reaction: .venv/.ready ## how soon an overload is on the pilot, at waveform fidelity: p50 and p100
	@$(BIN)/python -m headroom_tools.measure.reaction

agree: .venv/.ready ## the ten most eventful minutes of a real week at waveform fidelity, against the rms run
	@AGREE_MINUTES=10 $(BIN)/pytest host_tests/tools/sim/test_fidelities_agree.py

versus: .venv/.ready ## Headroom against other projects' laws, then look at out/versus.html: make versus [TRACE=file]
	@mkdir -p out
	@$(BIN)/headroom versus --days 3 $(if $(TRACE),--trace "$(TRACE)") --breaker-a 20 --breaker-a 25 --report out/versus.html

seconds: .venv/.ready ## the same laws on generated evenings seen at one second: energy against overload, as a curve: ten minutes
	@$(BIN)/headroom versus --seconds --days 12 --phases 3 --car-phases 3 --car-a 16
	@$(BIN)/headroom versus --seconds --days 12 --breaker-a 20 --breaker-a 25

campaign: .venv/.ready ## 1000 generated house-days, nine supplies, every car model: ten minutes on two cores: make campaign [METER=p1-10s] [DAYS=1000]
	@$(BIN)/headroom campaign $(if $(METER),--meter "$(METER)") $(if $(DAYS),--days $(DAYS))

picture: .venv/.ready ## draw the README's picture of the demo evening again
	@$(BIN)/headroom picture tools/readme/evening.png

settings: .venv/.ready ## write the page of settings again, from the firmware's table
	@$(BIN)/headroom settings tools/readme/settings.md

tables: .venv/.ready ## write the tables on the pages in tools/readme again, from the code
	@$(BIN)/python -m headroom_tools.tables

drawings: .venv/.ready ## draw the pictures beside the firmware's modules again
	@$(BIN)/python -m headroom_tools.drawings.drawings

ablate: .venv/.ready ## what each heuristic and constant of the law earns, switched off one at a time: ten minutes on two cores
	@$(BIN)/python tools/proofs/ablate.py

power-cut: .venv/.ready ## cut the power at every flash operation of 200 writes of the store, and look for losses
	@$(BIN)/micropython -X heapsize=32m tools/proofs/power_cut.py 200

flash-cut: .venv/.ready ## interrupt headroom flash at every command, in every 7th flash write, and on a bare chip: half an hour
	@HEADROOM_EVERY=1 $(BIN)/pytest -s host_tests/tools/device/test_flash.py -k "killed_at or power_cut or bare_chip"

wear: .venv/.ready ## how long the flash lives at the worst use: three minutes
	@$(BIN)/micropython -X heapsize=32m tools/proofs/wear.py 40000

fuzz: .venv/.ready ## a million bytes of garbage into the console: no late tick, no crash, no setting changed
	@$(BIN)/micropython -X heapsize=4m tools/proofs/fuzz.py 1000000

tour: .venv/.ready ## flash a charger with no hardware, set it up, charge a car, cut the power: make tour [WRITE=file]
	@$(BIN)/headroom tour $(if $(WRITE),--write "$(WRITE)")

image: .venv/.ready ## MicroPython with the firmware frozen in, built in a container: make image [MICROPYTHON=folder of a checkout]
	@MICROPYTHON="$(MICROPYTHON)" $(BIN)/python -m headroom_tools.device.image

jig: .venv/.ready ## the factory jig on three boards with no hardware, one of them broken: look at out/jig/rehearsal/now.html
	@rm -rf out/jig/rehearsal
	@$(BIN)/headroom jig rehearse --boards $(or $(BOARDS),3)

jig-faults: .venv/.ready ## every step of the jig fails with its fault, and which others do, on every board: some minutes
	@$(BIN)/python tools/proofs/jig_faults.py

jig-long: .venv/.ready ## the jig on a device of each board, on one ten times slower than real, two stations side by side: an hour
	@HEADROOM_JIG_ALL=1 $(BIN)/pytest -v host_tests/tools/jig/test_jig.py

jig-boards: .venv/.ready ## boards out of the bag on the jig, every fourth with a bad part: make jig-boards [BOARDS=200]
	@$(BIN)/python tools/proofs/bag.py $(BOARDS)

clean: ## remove .venv and out
	rm -rf .venv out
