"""`elysium` without the schema work, for bench/schema.py: nothing that is rendered is held against a schema."""

from __future__ import annotations

import sys
from typing import Any

import msgspec

from elysium.cli.main import main
from elysium.render import run

_render = run.render_clusters


def _unjudged(clusters: Any, tree: Any, documents: Any, options: Any, around: Any) -> Any:
    return _render(clusters, tree, documents, msgspec.structs.replace(options, validate=False), around)


if __name__ == "__main__":
    run.render_clusters = _unjudged
    sys.exit(main())
