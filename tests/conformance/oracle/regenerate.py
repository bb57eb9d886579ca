"""Regenerate the expectations of every case from Flux's own controllers.

    python tests/conformance/oracle/regenerate.py

Needs Go 1.26, git and the network (or the options that stand in for it). Nothing in a case's `expected*.json` is
written by hand unless its case.json says `derived: hand`, and such a case is left alone.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path
from typing import Any

from controllers import RELEASES, Checkout, Controller, build
from fleet import Fleet, Programs

CASES = Path(__file__).parents[1] / "cases"


def main() -> None:
    """Ask the controllers of every Flux version for every case, and write what they answer."""
    arguments = _arguments()
    work = arguments.work.resolve()
    work.mkdir(parents=True, exist_ok=True)
    checkout = Checkout(repositories=arguments.repositories, replacements=tuple(arguments.replace))
    versions = {flux: _programs(flux, work, checkout, built=arguments.built) for flux in RELEASES}
    for folder in sorted(CASES.iterdir()):
        if not arguments.case or folder.name in arguments.case:
            _case(folder, versions)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("case", nargs="*", help="names of cases (default: all)")
    parser.add_argument("--work", type=Path, default=Path(tempfile.gettempdir()) / "conformance-oracle")
    parser.add_argument("--repositories", default=Checkout.repositories, help="address of a controller's repository")
    parser.add_argument("--replace", action="append", default=[], help="MODULE=DIRECTORY for the Go build")
    parser.add_argument("--built", action="store_true", help="use the programs that are in the work directory already")
    return parser.parse_args()


def _programs(flux: str, work: Path, checkout: Checkout, *, built: bool) -> Programs:
    def start(name: str) -> Controller:
        program = work / f"{name}-{RELEASES[flux][name]}"
        return Controller(program if built else build(name, flux, work, checkout))

    return Programs(
        flux=flux,
        kustomize=start("kustomize-controller"),
        helm=start("helm-controller"),
        source=start("source-controller"),
    )


def _case(folder: Path, versions: dict[str, Programs]) -> None:
    case = json.loads((folder / "case.json").read_text())
    if case.get("derived") == "hand":
        return
    answers = {
        flux: Fleet(case=case, folder=folder, programs=programs).run()
        for flux, programs in versions.items()
        if flux in case.get("flux", list(RELEASES))
    }
    for stale in folder.glob("expected*.json"):
        stale.unlink()
    distinct = {json.dumps(answer, sort_keys=True) for answer in answers.values()}
    if len(distinct) == 1:
        _write(folder / "expected.json", next(iter(answers.values())))
    else:
        for flux, answer in answers.items():
            _write(folder / f"expected-{flux}.json", answer)
    for flux, answer in answers.items() if len(distinct) > 1 else [("", next(iter(answers.values())))]:
        print(folder.name, flux, _summary(answer))


def _summary(answer: dict[str, Any]) -> str:
    return ", ".join(
        f"{name}: {unit.get('message') or str(len(unit['objects'])) + ' objects'}" for name, unit in answer.items()
    )


def _write(path: Path, answer: dict[str, Any]) -> None:
    path.write_text(json.dumps({"units": answer}, indent=1, sort_keys=True, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
