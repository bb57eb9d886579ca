"""The result of a check as JUnit XML, as test reports of CI systems read it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from xml.etree import ElementTree

from elysium.api import Report
from elysium.model import Finding, Severity, Unit, UnitState
from elysium.present.console import on_one_line, plain
from elysium.present.run import Run

__all__ = ["document"]

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_FILES = "files"


def document(report: Report, run: Run) -> str:
    """A suite for each cluster with a case for each unit, and a suite for findings that belong to no unit.

    A case fails for findings that fail the check; others are its output. An unknown unit is a skipped case.
    """
    suites = ElementTree.Element("testsuites", name=_clean(run.subject), time=f"{run.seconds:.3f}")
    by_unit: dict[object, list[Finding]] = {}
    for finding in report.findings:
        by_unit.setdefault(finding.unit, []).append(finding)
    clusters: dict[str, list[Unit]] = {}
    for unit in report.units:
        clusters.setdefault(unit.id.cluster, []).append(unit)
    for cluster, units in clusters.items():
        cases = [_case(_name(unit), cluster, by_unit.pop(unit.id, []), run, unit) for unit in units]
        _suite(suites, cluster or run.subject, cases)
    files: dict[str, list[Finding]] = {}
    for findings in by_unit.values():
        for finding in findings:
            files.setdefault(finding.file or str(finding.object or finding.rule), []).append(finding)
    _suite(suites, _FILES, [_case(file, _FILES, found, run) for file, found in sorted(files.items())])
    ElementTree.indent(suites)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(suites, encoding="unicode") + "\n"


def _suite(suites: ElementTree.Element, name: str, cases: list[ElementTree.Element]) -> None:
    if not cases:
        return
    counts = {
        "tests": len(cases),
        "failures": sum(case.find("failure") is not None for case in cases),
        "skipped": sum(case.find("skipped") is not None for case in cases),
    }
    attributes = {"name": _clean(name), "errors": "0"} | {key: str(value) for key, value in counts.items()}
    suite = ElementTree.SubElement(suites, "testsuite", attributes)
    suite.extend(cases)


def _case(
    name: str, group: str, findings: Iterable[Finding], run: Run, unit: Unit | None = None
) -> ElementTree.Element:
    case = ElementTree.Element("testcase", name=_clean(name), classname=_clean(group), time="0")
    fails = (Severity.ERROR, Severity.WARNING) if run.fail_on == "warning" else (Severity.ERROR,)
    failing = [finding for finding in findings if finding.severity in fails]
    others = [finding for finding in findings if finding.severity not in fails]
    if unit is not None and unit.state is UnitState.UNKNOWN:
        ElementTree.SubElement(case, "skipped", message=_clean(f"unknown offline: {unit.reason}"))
    for finding in failing:
        failure = ElementTree.SubElement(case, "failure", message=_clean(finding.message), type=finding.rule)
        failure.text = _clean(_details(finding))
    if others:
        ElementTree.SubElement(case, "system-out").text = _clean("\n".join(_details(finding) for finding in others))
    return case


def _details(finding: Finding) -> str:
    place = f"{finding.file}:{finding.line}: " if finding.file and finding.line else ""
    hint = f"\n  {plain(finding.hint)}" if finding.hint else ""
    return on_one_line(f"{place}{finding.severity.value}: {finding.message} [{finding.rule}]") + hint


def _name(unit: Unit) -> str:
    return f"{unit.id.kind.value}/{unit.id.namespace}/{unit.id.name}"


def _clean(text: str) -> str:
    """Text without the characters that XML 1.0 cannot hold."""
    return _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text)
