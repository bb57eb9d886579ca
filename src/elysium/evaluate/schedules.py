"""Cron schedules in objects: the built-in CronJob, and the kinds of operators whose controllers read cron.

Which field, and which reader, is from the source of each: CronJob, Velero, VolSync, Longhorn, K8up, KEDA and the Flux
Operator use robfig/cron v3 `ParseStandard`, CloudNativePG uses v1 `Parse`, where the first field is seconds. K8up also
has `@daily-random` and the like, KEDA has a start and an end.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from elysium.evaluate.cron import CronError, Schedule, parse, parse_with_seconds
from elysium.evaluate.index import ObjectIndex
from elysium.evaluate.workloads import Path, mapping, sequence
from elysium.model import RenderedObject
from elysium.sealing import is_opaque

__all__ = ["Timetable", "timetables"]

_KINDS: dict[tuple[str, str], Path] = {
    ("batch", "CronJob"): ("spec", "schedule"),
    ("velero.io", "Schedule"): ("spec", "schedule"),
    ("volsync.backube", "ReplicationSource"): ("spec", "trigger", "schedule"),
    ("volsync.backube", "ReplicationDestination"): ("spec", "trigger", "schedule"),
    ("longhorn.io", "RecurringJob"): ("spec", "cron"),
    ("postgresql.cnpg.io", "ScheduledBackup"): ("spec", "schedule"),
}
_WITH_SECONDS = ("postgresql.cnpg.io", "ScheduledBackup")
_BACKUPS = ("k8up.io", "Schedule")
_BACKUP_JOBS = ("backup", "archive", "check", "prune", "restore")
_SCALED = (("keda.sh", "ScaledObject"), ("keda.sh", "ScaledJob"))
_PROVIDER = ("fluxcd.controlplane.io", "ResourceSetInputProvider")


class Timetable(msgspec.Struct, frozen=True, kw_only=True):
    """A schedule of an object: the field, its text, and the schedule or why it cannot be read.

    `zone_path` is the field of the time zone beside it, `zone` what it says (None without one).
    """

    item: RenderedObject
    path: Path
    text: str
    schedule: Schedule | None = None
    problem: str = ""
    zone_path: Path = ()
    zone: str | None = None

    @property
    def has_seconds(self) -> bool:
        """Whether the first field is seconds."""
        return (self.item.id.group, self.item.kind) == _WITH_SECONDS

    @property
    def is_cron_job(self) -> bool:
        """Whether the API server itself reads it."""
        return (self.item.id.group, self.item.kind) == ("batch", "CronJob")


def timetables(index: ObjectIndex) -> tuple[Timetable, ...]:
    """Every schedule of a cluster whose text is known. Computed once for an index."""
    found: tuple[Timetable, ...] | None = index.__dict__.get("timetables")
    if found is None:
        found = (*_of_kinds(index), *_of_providers(index), *_of_backups(index), *_of_scalers(index))
        index.__dict__["timetables"] = found
    return found


def _of_kinds(index: ObjectIndex) -> Iterator[Timetable]:
    for (group, kind), path in _KINDS.items():
        for item in index.of_kind(group, kind):
            holder: Any = index.body(item)
            for part in path[:-1]:
                holder = mapping(holder).get(str(part))
            zone = mapping(holder).get("timeZone") if group == "batch" else None
            yield from _timetable(item, path, mapping(holder).get(str(path[-1])), zone)


def _of_providers(index: ObjectIndex) -> Iterator[Timetable]:
    """`spec.schedule` of the Flux Operator is a list of `{cron, timeZone, window}`."""
    for item in index.of_kind(*_PROVIDER):
        for number, entry in enumerate(sequence(mapping(index.body(item).get("spec")).get("schedule"))):
            path = ("spec", "schedule", number, "cron")
            yield from _timetable(item, path, mapping(entry).get("cron"), mapping(entry).get("timeZone"))


def _of_backups(index: ObjectIndex) -> Iterator[Timetable]:
    """K8up has a schedule for each of its jobs."""
    for item in index.of_kind(*_BACKUPS):
        spec = mapping(index.body(item).get("spec"))
        for job in _BACKUP_JOBS:
            text = mapping(spec.get(job)).get("schedule")
            if not (isinstance(text, str) and text.endswith("-random")):
                yield from _timetable(item, ("spec", job, "schedule"), text, None)


def _of_scalers(index: ObjectIndex) -> Iterator[Timetable]:
    """Triggers of the type `cron` begin and end by schedules, in a time zone."""
    for kind in _SCALED:
        for item in index.of_kind(*kind):
            for number, trigger in enumerate(sequence(mapping(index.body(item).get("spec")).get("triggers"))):
                metadata = mapping(mapping(trigger).get("metadata"))
                if mapping(trigger).get("type") != "cron":
                    continue
                for field in ("start", "end"):
                    path = ("spec", "triggers", number, "metadata", field)
                    for found in _timetable(item, path, metadata.get(field), metadata.get("timezone")):
                        yield msgspec.structs.replace(found, zone_path=(*path[:-1], "timezone"))


def _timetable(item: RenderedObject, path: Path, text: Any, zone: Any) -> Iterator[Timetable]:
    if not isinstance(text, str) or "${" in text or is_opaque(text):
        return
    made = Timetable(item=item, path=path, text=text, zone_path=(*path[:-1], "timeZone"))
    if isinstance(zone, str) and "${" not in zone and not is_opaque(zone):
        made = msgspec.structs.replace(made, zone=zone)
    read = parse_with_seconds if made.has_seconds else parse
    try:
        yield msgspec.structs.replace(made, schedule=read(text))
    except CronError as error:
        yield msgspec.structs.replace(made, problem=str(error))
