"""What `component=` says: only what the document says."""

from __future__ import annotations

import pytest

from elysium.plans.importing import import_plan
from elysium.plans.types import PlannedComponent

_PLAN = """# Deploy the wiki

## Requirements
{entry}

## Overview
## Security
## Rollback
## Steps
- Create `apps/base/wiki/release.yaml`
"""


def components(entry: str) -> tuple[PlannedComponent, ...]:
    return import_plan(_PLAN.format(entry=entry).encode(), "plan.md").plan.components


def test_an_image_with_its_port_and_namespace() -> None:
    (found,) = components(
        "- Image: `ghcr.io/example/wiki:1.2.3`\n- New `reading` namespace\n- Internal: `wiki.reading.svc:8080`"
    )
    assert (found.kind, found.name, found.preset) == ("app", "wiki", "")
    assert found.answers == {"image": "ghcr.io/example/wiki:1.2.3", "port": "8080", "namespace": "reading"}


def test_a_preset_with_the_sizes_that_are_stated() -> None:
    (found,) = components("- PostgreSQL with a 20Gi PVC for data")
    assert (found.preset, found.answers) == ("postgresql", {"data": "20Gi"})


@pytest.mark.parametrize("entry", ["- Some volume", "- Image: `ghcr.io/example/wiki:latest`", "- Image: `wiki:1.2.3`"])
def test_nothing_where_the_document_does_not_tell(entry: str) -> None:
    assert components(entry) == ()


def test_nothing_where_no_folder_is_named() -> None:
    assert import_plan(b"# Deploy PostgreSQL\n\n## Overview\n- 20Gi for data\n", "plan.md").plan.components == ()
