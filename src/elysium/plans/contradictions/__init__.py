"""Contradictions of a plan with itself, with what is known of the tools that it names, and with its computed state.

Each kind is a module with one detector that looks at the text and nothing else. What only understanding finds is
registered by hand in the plan, `contradiction="X: what is wrong"`, and counted apart (kind `registered`).
"""

from __future__ import annotations

from collections.abc import Mapping

from elysium.plans.contradictions import (
    addresses,
    branches,
    copies,
    credentials,
    default_backends,
    encodings,
    examples,
    frequencies,
    imperative,
    implemented,
    key_backups,
    lists,
    marks,
    modes,
    names,
    node_ports,
    owners,
    phase_numbers,
    progress,
    reaction_times,
    suspension,
    unmaintained,
    values_nesting,
)
from elysium.plans.contradictions.reading import read
from elysium.plans.contradictions.registered import registered
from elysium.plans.contradictions.states import against_states
from elysium.plans.contradictions.types import Contradiction, Detector
from elysium.plans.types import Mark, Plan

__all__ = ["DETECTORS", "Contradiction", "contradictions"]

DETECTORS: dict[str, Detector] = {
    "encodings": encodings.detect,
    "marks": marks.detect,
    "progress": progress.detect,
    "implemented": implemented.detect,
    "phase-numbers": phase_numbers.detect,
    "frequencies": frequencies.detect,
    "reaction-times": reaction_times.detect,
    "key-backups": key_backups.detect,
    "lists": lists.detect,
    "names": names.detect,
    "modes": modes.detect,
    "copies": copies.detect,
    "node-ports": node_ports.detect,
    "addresses": addresses.detect,
    "default-backends": default_backends.detect,
    "imperative": imperative.detect,
    "suspension": suspension.detect,
    "credentials": credentials.detect,
    "branches": branches.detect,
    "owners": owners.detect,
    "examples": examples.detect,
    "unmaintained": unmaintained.detect,
    "values-nesting": values_nesting.detect,
}
"""Every kind that is found in the text, by its name."""


def contradictions(plan: Plan, states: Mapping[str, Mark] | None = None) -> tuple[Contradiction, ...]:
    """What contradicts what, in the order of the document; those registered by hand come last.

    `states` are computed states by the ids of items.
    """
    reading = read(plan)
    found = {one: None for detect in DETECTORS.values() for one in detect(reading)}
    computed = tuple(against_states(plan, states)) if states else ()
    ordered = sorted((*found, *computed), key=lambda one: one.places)
    return (*ordered, *registered(plan))
