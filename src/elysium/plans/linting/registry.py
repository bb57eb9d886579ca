"""Every lint, in the order in which documentation lists them."""

from __future__ import annotations

from importlib import import_module

from elysium.plans.linting.definition import Lint

__all__ = ["LINTS"]

_NAMES = (
    "unknown-kind", "missing-section", "missing-section-part", "empty-part", "placeholder",
    "missing-step", "step-order", "unnumbered-step", "deployment-method", "onechart-unrejected",
    "missing-phase", "phase-numbering", "phase-without-exit", "phase-not-alone", "vague-criterion",
    "untold-item", "unreadable-check", "unowned-item", "duplicate-id", "unknown-dependency", "dependency-order",
    "dependency-cycle", "bad-date", "overdue", "due-order", "attestation-incomplete", "attestation-expired",
    "decision-without-reason", "deferred-without-trigger", "risk-incomplete", "missing-rollback", "rollback-unchecked",
    "missing-test-class", "imperative-command", "unmaintained-tool", "latest-tag", "plaintext-secret", "dead-link",
    "practice-phases", "practice-dependencies", "practice-rollback-first", "practice-security-throughout",
    "practice-test-levels", "practice-document-along", "practice-review",
)  # fmt: skip


def _load(name: str) -> Lint:
    found = import_module(f"elysium.plans.linting.lints.{name.replace('-', '_')}").LINT
    assert isinstance(found, Lint)
    return found


LINTS: tuple[Lint, ...] = tuple(map(_load, _NAMES))
"""A lint is a module of `lints`, named as it is."""
