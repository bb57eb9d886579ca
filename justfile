# The few verbs to remember; `just` lists them.

_list:
    @just --list

# Everything that continuous integration does.
check:
    ./dev test

# Only the Python tests, with pytest's own arguments.
test *arguments:
    ./dev engine
    ./dev controlplane
    .venv/bin/pytest -n auto {{arguments}}

# Build the engine into build/, unless it is up to date.
engine:
    ./dev engine

# The same for the control plane, which takes minutes the first time.
controlplane:
    ./dev controlplane

# Compile the pinned versions of constraints/ again.
pin:
    python3 scripts/pin.py

# Compare speed and memory with another renderer: just bench PATH-OF-FLATE
bench peer:
    .venv/bin/python bench/compare.py {{peer}}
