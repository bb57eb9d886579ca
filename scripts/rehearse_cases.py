"""Draw docs/rehearse-cases.md: each case of tests/rehearse/cases, what finds it and what is said.

The cases themselves say what is expected, and tests/rehearse/test_cases.py holds both tools against that; so the page
needs no server.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

__all__ = ["page"]

CASES = Path(__file__).resolve().parent.parent / "tests" / "rehearse" / "cases"
LOSSES = ("rejected", "orphaned", "recreated")
HEAD = """\
# What is caught offline, and what by a rehearsal

Written by `scripts/refresh_docs.py` from the cases in `tests/rehearse/cases`: each is a repository at two commits, and
the tests hold `elysium check` (the default profile) and `elysium rehearse` against what stands here. Quoted is the API
server of Kubernetes 1.36.
"""
LEGEND = """\
A defect is caught offline if `elysium check` finds in the head what was not in the base. It is caught by the rehearsal
if that says of an object that it is rejected, recreated, orphaned or warned of, of a workload that it does not come up,
or lists what it cannot know.
"""


def page() -> str:
    """The whole page."""
    known = [(path.stem, tomllib.loads(path.read_text(encoding="utf-8"))) for path in sorted(CASES.glob("*.toml"))]
    defects = [(name, case) for name, case in known if not case.get("harmless")]
    harmless = [(name, case) for name, case in known if case.get("harmless")]
    counts = Counter(caught(case) for _, case in defects)
    summed = ", ".join(f"{counts[how]} {how}" for how in ("both", "rehearsal", "offline", "neither"))
    rows = [f"| {title(name, case)} | {offline(case)} | {said(case)} | {caught(case)} |" for name, case in defects]
    fine = [f"| {title(name, case)} | {said(case)} |" for name, case in harmless]
    return "\n".join(
        [
            HEAD,
            f"## {len(defects)} defects: {summed}\n",
            LEGEND,
            "| the change | `elysium check` | `elysium rehearse` | caught by |\n|---|---|---|---|",
            *rows,
            f"\n## {len(harmless)} harmless changes\n",
            "The check finds nothing new in them, and the rehearsal refuses nothing.\n",
            "| the change | `elysium rehearse` |\n|---|---|",
            *fine,
            "",
        ]
    )


def caught(case: dict[str, Any]) -> str:
    """Who catches a case: offline, rehearsal, both or neither."""
    told = any(told_by(item) for item in case.get("expect", ()))
    return {(True, True): "both", (True, False): "offline", (False, True): "rehearsal"}.get(
        (bool(case.get("offline")), told), "neither"
    )


def told_by(expectation: dict[str, str]) -> bool:
    """Whether a reader of the rehearsal hears of the defect."""
    return expectation.get("action") in LOSSES or any(expectation.get(name) for name in ("state", "warning", "unknown"))


def title(name: str, case: dict[str, Any]) -> str:
    return f"[{cell(case['title'])}](../tests/rehearse/cases/{name}.toml)"


def offline(case: dict[str, Any]) -> str:
    return ", ".join(f"[{rule}](rules/{rule}.md)" for rule in case.get("offline", ())) or "nothing"


def said(case: dict[str, Any]) -> str:
    return "; ".join(sentence(item) for item in case.get("expect", ())) or "nothing"


def sentence(expectation: dict[str, str]) -> str:
    """One object with what becomes of it, and the telling part of the message."""
    kind = expectation.get("object", "").partition("/")[0]
    outcome = expectation.get("action") or expectation.get("state") or f"unknown ({expectation.get('unknown')})"
    cause = f" ({expectation['cause']})" if "cause" in expectation else ""
    quoted = expectation.get("message") or expectation.get("warning")
    return f"{kind} {outcome}{cause}" + (f": {code(quoted)}" if quoted else "")


def code(text: str) -> str:
    marks = "``" if "`" in text else "`"
    return f"{marks}{cell(text)}{marks}"


def cell(text: str) -> str:
    return text.replace("|", "\\|")
