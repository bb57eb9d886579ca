"""Rehearsals: what a real API server makes of a change, replayed as Flux would reconcile it."""
