"""Cases for rehearsals as data: a little Flux repository at two commits, and what is to be said of the second one.

A case is one TOML file in `cases/`. `base` and `head` are texts by path: `flux.yaml` stands in the cluster's
directory (without it, one Kustomization with the name of the case reads all the rest), `chart/…` is the case's own
chart (`charts/NAME`), everything else is below `apps/NAME`. An empty text in `head` removes the file; `edits` change a
text of the base in one place. Each case has a Namespace of its own, unless `namespace` is false.

Names of units, namespaces and whatever belongs to the whole cluster begin with the case's name. So all cases stand in
one repository and share one API server: a boot costs more than a case.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from pathlib import Path

import msgspec

from elysium.api import Options, Workspace
from elysium.api.examining import Question, examine
from elysium.model import Finding
from tests.gitting import commit
from tests.repositories import CLUSTER, kustomization, write_repository

__all__ = ["Case", "Expectation", "load", "materialise", "new_findings", "of_case"]

CASES = Path(__file__).parent / "cases"
FILL = re.compile(r"\{\{fill (\d+)\}\}")
SETTINGS = """
kubernetes = "1.36"

[cluster."clusters/test"]
storage-classes = ["standard"]
ingress-classes = ["nginx"]
runtime-classes = ["nvidia"]
priority-classes = ["important"]
nodes = [{ name = "node", cpu = "64", memory = "256Gi", pods = 500, count = 2 }]
"""
SYNC = """\
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {name: flux-system, namespace: flux-system}
spec: {interval: 5m, ref: {branch: main}, url: "https://git.example.com/cases.git"}
---
""" + kustomization("flux-system", f"./{CLUSTER}")


class Expectation(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the rehearsal says of one object: an `action` (a verdict), a `state` (a workload) or `unknown` (a code).

    `message`, `hint`, `warning` are parts of the texts. An empty field is any.
    """

    object: str = ""
    phase: str = "head"
    action: str = ""
    state: str = ""
    unknown: str = ""
    cause: str = ""
    message: str = ""
    hint: str = ""
    warning: str = ""


class Case(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"):
    """One case. `offline` are the rules of `elysium check` that find in the head what was not in the base."""

    name: str = ""
    title: str
    harmless: bool = False
    namespace: bool = True
    offline: tuple[str, ...] = ()
    edits: tuple[tuple[str, str, str], ...] = ()
    expect: tuple[Expectation, ...] = ()
    base: dict[str, str] = {}
    head: dict[str, str] = {}

    def owns(self, name: str) -> bool:
        """Whether a unit, namespace or cluster-wide name belongs to the case."""
        return name == self.name or re.match(rf"(?:.*\.)?{re.escape(self.name)}[-.]", name) is not None

    def place(self, path: str) -> str:
        """Where a file of the case stands in the repository."""
        if path == "flux.yaml":
            return f"{CLUSTER}/{self.name}.yaml"
        return f"charts/{self.name}{path.removeprefix('chart')}" if path.startswith("chart/") else self.below(path)

    def below(self, path: str) -> str:
        return f"apps/{self.name}/{path}"

    def before(self) -> dict[str, str]:
        """The files of the base, as they stand in the repository."""
        files = {self.place(path): filled(text) for path, text in self.base.items()}
        if "flux.yaml" not in self.base:
            files[self.place("flux.yaml")] = kustomization(self.name, f"./apps/{self.name}")
        if self.namespace:
            files.setdefault(self.below("namespace.yaml"), namespace(self.name))
        return files

    def after(self) -> dict[str, str]:
        """The files of the head."""
        files = self.before() | {self.place(path): filled(text) for path, text in self.head.items()}
        for path, old, new in self.edits:
            text = files[self.place(path)]
            assert text.count(old) == 1, f"{self.name}: {old!r} stands {text.count(old)} times in {path}"
            files[self.place(path)] = text.replace(old, filled(new))
        return {path: text for path, text in files.items() if text}


def namespace(name: str) -> str:
    return f"apiVersion: v1\nkind: Namespace\nmetadata: {{name: {name}}}\n"


def filled(text: str) -> str:
    """The text with `{{fill N}}` as N letters: an object may be too large without its case being so."""
    return FILL.sub(lambda found: "x" * int(found[1]), text)


def load() -> tuple[Case, ...]:
    """Every case, by name."""
    return tuple(read(path) for path in sorted(CASES.glob("*.toml")))


def read(path: Path) -> Case:
    known = tomllib.loads(path.read_text(encoding="utf-8"))
    return msgspec.convert({"name": path.stem, **known}, Case)


def materialise(cases: Iterable[Case], root: Path) -> Path:
    """A git repository with these cases: HEAD~1 is their base, HEAD their head."""
    known = tuple(cases)
    common = {"elysium.toml": SETTINGS, f"{CLUSTER}/flux-system/gotk-sync.yaml": SYNC}
    before = common | {path: text for case in known for path, text in case.before().items()}
    after = common | {path: text for case in known for path, text in case.after().items()}
    write_repository(root, before)
    commit(root, "Base")
    for path in before.keys() - after.keys():
        (root / path).unlink()
    write_repository(root, after)
    commit(root, "Head")
    return root


def new_findings(root: Path) -> tuple[Finding, ...]:
    """What `elysium check` finds in the head and not in the base."""
    with Workspace(root, options=Options()) as workspace:
        return examine(workspace, Question(since="HEAD~1")).findings


def of_case(case: Case, findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Those findings that are about a case, by the file or the unit."""
    places = (case.place("flux.yaml"), case.below(""), f"charts/{case.name}/")
    return tuple(
        item
        for item in findings
        if item.file.startswith(places) or (item.unit is not None and case.owns(item.unit.name))
    )
