"""Check a stream of objects that belongs to no repository."""

from __future__ import annotations

from pathlib import Path

import msgspec

from elysium.api import alone, versioning
from elysium.api.checking import check_render
from elysium.api.opening import Opened, open_file
from elysium.api.options import Options
from elysium.api.report import Report
from elysium.check import Selection
from elysium.engine import EnginePool
from elysium.model import Documents
from elysium.render import Store
from elysium.settings import Settings
from elysium.sources import tree

__all__ = ["check_text"]

_NOTHING = Opened(tree=tree.make("", {}), documents=Documents(files=()), clusters=(), partial=True)


def check_text(
    text: bytes, name: str, selection: Selection, options: Options, *, pool: EnginePool, store: Store
) -> Report:
    """Findings about a YAML stream; `name` says where it comes from, empty for standard input."""
    file = Path(name) if name else None
    opened = open_file(file, text, pool, store) if file else _NOTHING
    source = file.name if file else alone.STANDARD_INPUT
    numbers = [document.index for item in opened.documents.files for document in item.documents]
    render = alone.objects_of_text(text, source, pool, versioning.lone(options), numbers)
    report = check_render(render, opened, selection, pool, Settings())
    named = (msgspec.structs.replace(item, file=name) if item.file == source else item for item in report.findings)
    return msgspec.structs.replace(report, findings=tuple(named))
