"""Results about plans, to be shown."""

from __future__ import annotations

import io
from collections.abc import Callable

from rich.console import Console

from elysium.plans.contradictions import Contradiction
from elysium.plans.exporting import Misstated
from elysium.plans.progress.verification import ItemResult, PartState, Verification
from elysium.plans.results import Evidence, Result
from elysium.plans.types import Mark, PartKind
from elysium.present.console import console

__all__ = ["CLAIMS", "FOUND", "HOSTILE", "hostile", "shown"]

_NOTHING = "nothing tells: it has no check, no attestation and no decision"

FOUND = Verification(
    plan="docs/wiki.md",
    title="Moving the wiki",
    kind="deploy-app",
    commit="main@sha1:" + "0123456789" * 4,
    items=(
        ItemResult(
            id="NS", title="Write the namespace", phase="0", owner="alice", result=Result.PASS, state=Mark.COMPLETE,
            reason="apps/wiki/namespace.yaml is there", line=10,
            evidence=(Evidence(check="exists apps/wiki/namespace.yaml", path="apps/wiki/namespace.yaml"),),
        ),
        ItemResult(
            id="TLS", title="Order a certificate", phase="0", owner="bob", due="2026-10-01", result=Result.FAIL,
            state=Mark.PENDING, reason="there is no Certificate web/wiki", line=11, claim=Mark.COMPLETE,
            evidence=(Evidence(check="object Certificate web/wiki", object="Certificate web/wiki", exit=1),),
        ),
        ItemResult(id="DNS", title="Point the name", phase="1", owner="bob", reason=_NOTHING, line=20),
        ItemResult(id="DNS.1", title="Lower the time", phase="1", reason=_NOTHING, line=21, parents=("DNS",)),
        ItemResult(
            id="ASK", title="Ask them", phase="1", owner="", line=22,
            reason="nobody has attested it; `elysium plan attest` ASK says so",
        ),
        ItemResult(
            id="OLD", title="Remove the old one", phase="1", owner="bob", state=Mark.DEFERRED, line=23,
            reason="deferred: a month without visitors",
        ),
    ),
    parts=(
        PartState(kind=PartKind.PHASE, number="0", title="Groundwork", state=Mark.PARTIAL, done=1, open=1, line=8),
        PartState(
            kind=PartKind.PHASE, number="1", title="Go live", state=Mark.BLOCKED, unknown=2, deferred=1,
            blocked_by="phase 0 first: TLS", line=18,
        ),
    ),
    contradictions=(
        Contradiction(kind="marks", message="phase 0 is complete here and pending there", places=(3, 8)),
        Contradiction(kind="states", message="TLS is marked complete, and computed pending", places=(11, 0)),
        Contradiction(kind="registered", message="X.6: rotated monthly and quarterly", places=(30, 0)),
    ),
    overdue=("TLS",),
)  # fmt: skip
CLAIMS = (Misstated(line=11, about="TLS", said=Mark.COMPLETE, state=Mark.PENDING),)
HOSTILE = "\x1b]0;owned\x07\u202e<script>alert(1)</script>\n::error::x\n| @everybody [x](https://evil.example) |"


def shown(write: Callable[[Console], None], *, terminal: bool = False, width: int = 80) -> str:
    """What is written to a pipe, or to a terminal of a width."""
    stream = io.StringIO()
    stream.isatty = lambda: terminal  # type: ignore[method-assign]
    target = console(stream)
    target.width = width
    write(target)
    return stream.getvalue()


def hostile() -> Verification:
    """A plan of which every word was written to do harm."""
    item = ItemResult(
        id=HOSTILE, title=HOSTILE, phase="1", owner=HOSTILE, due="2026-01-01", result=Result.FAIL, reason=HOSTILE,
        state=Mark.PENDING, evidence=(Evidence(check=HOSTILE, path=HOSTILE, command=HOSTILE, detail=HOSTILE),),
    )  # fmt: skip
    later = ItemResult(id=HOSTILE + "2", title=HOSTILE, reason=HOSTILE, state=Mark.DEFERRED)
    unknown = ItemResult(id=HOSTILE + "3", title=HOSTILE, reason=HOSTILE)
    part = PartState(kind=PartKind.PHASE, number="1", title=HOSTILE, state=Mark.BLOCKED, blocked_by=HOSTILE)
    return Verification(
        plan=HOSTILE, title=HOSTILE, kind=HOSTILE, commit="0" * 40, items=(item, later, unknown), parts=(part,),
        contradictions=(Contradiction(kind=HOSTILE, message=HOSTILE, places=(1, 2), quotes=(HOSTILE, HOSTILE)),),
        overdue=(HOSTILE,),
    )  # fmt: skip
