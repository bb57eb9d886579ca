"""Why Elysium cannot go on.

Wrong repository content is never an exception: it is a finding or the state of a unit. These are for the rest, and each
says what to do next::

    ElysiumError            exit code 2
    ├── UsageError          arguments that cannot be meant
    ├── SettingsError       elysium.toml, or a setting in it
    ├── RepositoryError     no such repository, revision or cluster
    ├── SourceError         a source, a fetch or the cache
    ├── ScaffoldError       a component, its answers, or a file that it has to edit
    ├── PlanError           a plan, or a register, that cannot be read or carried out
    ├── SealingError        a certificate, a key or a Secret that cannot be sealed
    ├── ClusterError        a control plane that cannot be found, built, started or used
    └── EngineError         the engine is missing, of another version, or broke its protocol
"""

from __future__ import annotations

__all__ = [
    "ClusterError",
    "ElysiumError",
    "EngineError",
    "PlanError",
    "RepositoryError",
    "ScaffoldError",
    "SealingError",
    "SettingsError",
    "SourceError",
    "UsageError",
]


class ElysiumError(Exception):
    """We cannot go on. `subject` is the file, line, object or address concerned; `hint` is the next step."""

    def __init__(self, message: str, *, subject: str = "", hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.subject = subject
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.subject}: {self.message}" if self.subject else self.message


class UsageError(ElysiumError):
    """Arguments that cannot be meant together, or name nothing."""


class SettingsError(ElysiumError):
    """`elysium.toml` cannot be read, or a setting in it has no meaning."""


class RepositoryError(ElysiumError):
    """The repository, the revision or the cluster that was asked for is not there."""


class SourceError(ElysiumError):
    """A source could not be fetched, or the cache could not be used."""


class ScaffoldError(ElysiumError):
    """A component cannot be used, an answer is none, or a file cannot be edited. Nothing was written."""


class PlanError(ElysiumError):
    """A plan cannot be read, written or carried out; `subject` is its file and line. Nothing was changed."""


class SealingError(ElysiumError):
    """A certificate, a key, or a Secret that cannot be sealed or opened."""


class ClusterError(ElysiumError):
    """A control plane cannot be found, built or started, or it is one that must not be touched."""


class EngineError(ElysiumError):
    """The engine is missing, has another version, or answered against its protocol."""
