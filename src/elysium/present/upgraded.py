"""What an upgrade changes, for a person and for programs."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
from rich.console import Console
from rich.text import Text

from elysium.api import ObjectChange, Upgrade
from elysium.model import Finding
from elysium.present.console import line, plain
from elysium.present.records import FORMAT, FindingRecord, finding_record
from elysium.present.verdict import count

__all__ = ["print_upgrade", "upgrade_json"]

_SHOWN = 5
_FIELDS = 4
_LONGEST = 60


class _Record(msgspec.Struct, kw_only=True):
    version: int
    revision: str
    before: dict[str, str]
    after: dict[str, str]
    breaks: bool
    units: list[dict[str, str]]
    objects: list[dict[str, object]]
    apis: list[FindingRecord]
    appeared: list[FindingRecord]
    gone: list[FindingRecord]
    flux_changes: list[dict[str, object]]


def upgrade_json(upgrade: Upgrade) -> str:
    """The document that `elysium check --flux-version OLD..NEW -o json` prints."""
    record = _Record(
        version=FORMAT,
        revision=upgrade.revision,
        before=dict(zip(("flux", "kubernetes"), upgrade.before, strict=True)),
        after=dict(zip(("flux", "kubernetes"), upgrade.after, strict=True)),
        breaks=upgrade.breaks,
        units=[
            {"cluster": item.unit.cluster, "unit": str(item.unit), "before": item.before, "after": item.after}
            | {"reason": item.reason}
            for item in upgrade.units
        ],
        objects=[_object(item) for item in upgrade.objects],
        apis=[finding_record(item) for item in upgrade.apis],
        appeared=[finding_record(item) for item in upgrade.appeared],
        gone=[finding_record(item) for item in upgrade.gone],
        flux_changes=[msgspec.to_builtins(item) for item in upgrade.flux_changes],
    )
    return msgspec.json.format(msgspec.json.encode(record), indent=2).decode() + "\n"


def print_upgrade(console: Console, subject: str, upgrade: Upgrade) -> None:
    """Header, what fails or stops to fail, what differs, and the verdict."""
    names = ("Flux", "Kubernetes")
    steps = [
        f"{name} {old} → {new}" if old != new else f"{name} {new}"
        for name, old, new in zip(names, upgrade.before, upgrade.after, strict=True)
    ]
    line(console, Text.assemble((plain(subject), "bold"), ("  " + " · ".join(steps), "dim")))
    line(console, Text())
    _part(console, "behaviour that changes here", [_flux(item) for item in _changes(upgrade)])
    states = [
        f"{item.unit}: {item.before or 'absent'} → {item.after or 'absent'}"
        + (f": {_short(item.reason)}" if item.reason else "")
        for item in upgrade.units
    ]
    _part(console, "units with another outcome", states)
    _part(console, "APIs that are removed or deprecated", _findings(upgrade.apis))
    _part(console, "findings that appear", _findings(_others(upgrade)))
    _part(console, "findings that go", _findings(upgrade.gone))
    _part(console, "objects that differ", [text for item in upgrade.objects for text in _differing(item)])
    line(console, _verdict(upgrade))


def _others(upgrade: Upgrade) -> list[Finding]:
    return [item for item in upgrade.appeared if item not in upgrade.apis]


def _changes(upgrade: Upgrade) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(f"since {item.since}: {item.summary}", item.advice, item.units) for item in upgrade.flux_changes]


def _flux(change: tuple[str, str, tuple[str, ...]]) -> str:
    summary, advice, units = change
    more = f" and {len(units) - _SHOWN} more" if len(units) > _SHOWN else ""
    return f"{summary}\n    {', '.join(units[:_SHOWN])}{more}\n    → {advice}"


def _part(console: Console, title: str, entries: list[str]) -> None:
    if not entries:
        return
    line(console, Text(title, style="bold"))
    for entry in entries:
        line(console, Text(plain(entry)), 2)
    line(console, Text())


def _findings(findings: Iterable[Finding]) -> list[str]:
    return [f"{item.severity.value}: {item}" for item in findings]


def _differing(item: ObjectChange) -> list[str]:
    if item.change != "changed":
        return [f"{item.object} is {item.change} ({item.unit})"]
    texts = [f"{item.object} ({item.unit})"]
    for field in item.fields[:_FIELDS]:
        texts.append(f"    {field.path}: {_short(field.before) or 'absent'} → {_short(field.after) or 'absent'}")
    if len(item.fields) > _FIELDS:
        texts.append(f"    and {len(item.fields) - _FIELDS} more fields")
    return texts


def _verdict(upgrade: Upgrade) -> Text:
    parts = [
        count(number, noun)
        for number, noun in (
            (len(upgrade.units), "unit with another outcome"),
            (len(upgrade.objects), "object"),
            (len(upgrade.apis) + len(_others(upgrade)), "finding"),
        )
        if number
    ]
    text = ", ".join(parts).replace("unit with another outcomes", "units with another outcome")
    if upgrade.breaks:
        return Text.assemble(("✗ the upgrade breaks something", "bold red"), f": {text}")
    if parts:
        return Text.assemble(("✓ nothing breaks", "bold green"), f"; to look at: {text}")
    return Text.assemble(("✓ nothing changes", "bold green"), " in what this repository makes")


def _object(item: ObjectChange) -> dict[str, object]:
    return {
        "cluster": item.unit.cluster,
        "unit": str(item.unit),
        "object": str(item.object),
        "group": item.object.group,
        "change": item.change,
        "fields": [msgspec.to_builtins(field) for field in item.fields],
    }


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= _LONGEST else flat[: _LONGEST - 1] + "…"
