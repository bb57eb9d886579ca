"""What a plan says of backups: when, with what, where to, and how many are kept."""

from __future__ import annotations

import re
from collections.abc import Iterator

from elysium.evaluate.workloads import Workload, mapping, sequence
from elysium.plans.deploying.lines import Entry, at, check, code
from elysium.plans.deploying.subject import Subject

__all__ = ["backup_entries"]

_KEPT = re.compile(r"KEEP_(DAILY|WEEKLY|MONTHLY)")
_OPTION = re.compile(r"--keep-(daily|weekly|monthly) (\d+)")
_PROGRAMS = ("pg_dump", "pg_dumpall", "restic", "rclone")


def backup_entries(subject: Subject) -> Iterator[Entry]:
    """Schedule, programs, target and retention of every scheduled job."""
    for workload in subject.workloads:
        if workload.item.kind == "CronJob":
            yield from _job(subject, workload)


def _job(subject: Subject, workload: Workload) -> Iterator[Entry]:
    item = workload.item
    reference, name = f"CronJob/{item.namespace}/{item.name}", f"{item.namespace}/{item.name}"
    schedule = str(mapping(workload.body.get("spec")).get("schedule", ""))
    yield Entry(
        id=f"S2.{item.name}.schedule",
        text=f"Backups: {code(reference)} runs at {code(schedule)}",
        checks=(check("schedule", name, schedule),),
    )
    file, text = _script(subject, workload)
    used = [program for program in _PROGRAMS if re.search(rf"\b{program}\b", text)]
    if used:
        words = f"Backups: it uses {', '.join(map(code, used))}"
        yield Entry(
            id=f"S2.{item.name}.programs", text=words, checks=tuple(check("contains", file, word) for word in used)
        )
    values = list(_variables(workload))
    target = next((value for _, key, value in values if key in ("TARGET", "RESTIC_REPOSITORY")), "")
    if target:
        words = f"Backups: they go to {code(target)}"
        yield Entry(id=f"S2.{item.name}.target", text=words, checks=(check("object", reference, "contains", target),))
    kept = [(place, found[1].lower(), value) for place, key, value in values if (found := _KEPT.fullmatch(key))]
    options = _OPTION.findall(text)
    said = ", ".join(f"{value} {often}" for _, often, value in kept) or ", ".join(
        f"{value} {often}" for often, value in options
    )
    if said:
        conditions = [f"{place}={value}" for place, _, value in kept]
        checks = [check("object", reference, *conditions)] if conditions else []
        checks += [check("contains", file, f"--keep-{often} {value}") for often, value in options]
        yield Entry(id=f"S2.{item.name}.retention", text=f"Backups: {said} are kept", checks=tuple(checks))


def _script(subject: Subject, workload: Workload) -> tuple[str, str]:
    """The file that makes the job, which holds its script, too."""
    made = next((new for new in subject.effect.new if new.name == workload.item.name and new.kind == "CronJob"), None)
    return (made.file, subject.text(made.file)) if made else ("", "")


def _variables(workload: Workload) -> Iterator[tuple[str, str, str]]:
    """Variables of its containers with the path to their value."""
    for container in workload.containers:
        for entry in map(mapping, sequence(container.body.get("env"))):
            if isinstance(entry.get("value"), str):
                path = (*map(str, container.path[:-1]), container.name, "env", str(entry.get("name")), "value")
                yield at(*path), str(entry.get("name")), entry["value"]
