"""`elysium rehearse preview N`: what people type, what they read, and how it ends."""

from __future__ import annotations

import io
import json
from pathlib import Path

import msgspec
import pytest
from rich.console import Console

from elysium.present.rehearsal_preview import print_preview_rehearsal
from elysium.present.rehearsal_preview_markdown import preview_document
from elysium.present.rehearsal_preview_records import PreviewRehearsalRecord, preview_json, preview_schema
from elysium.previews.rehearsal import PreviewRehearsal
from tests.previews.platforms import edit, platform
from tests.previews.rehearsals import STRANGER, rehearsed
from tests.scaffold.harness import run

SCHEMA = Path(__file__).resolve().parents[2] / "docs" / "schemas" / "rehearse-preview.json"


@pytest.fixture(scope="module")
def life(warm_cache: Path) -> PreviewRehearsal:
    """A preview that is deployed, updated and removed."""
    return rehearsed("opened,synchronize,closed,closed")


@pytest.fixture(scope="module")
def stranger(warm_cache: Path) -> PreviewRehearsal:
    """The same by an account without any right."""
    return rehearsed("opened,closed", account=STRANGER)


def as_text(found: PreviewRehearsal, *, everything: bool = False) -> list[str]:
    out = io.StringIO()
    print_preview_rehearsal(Console(file=out, width=200), found, everything=everything)
    return out.getvalue().splitlines()


def test_a_preview_is_rehearsed_from_the_command_line(repository: Path) -> None:
    root = platform(repository)
    code, out, err = run(root, "rehearse preview 5 --events opened,closed -o json")
    assert (code, err) == (0, "")
    record = msgspec.json.decode(out, type=PreviewRehearsalRecord)
    assert (record.passed, record.namespace, record.version) == (True, "pr-5", 1)
    assert [event.event for event in record.events] == ["opened", "closed"]


def test_a_refusal_exits_with_1(repository: Path) -> None:
    root = platform(repository)
    edit(root, "k8s/policies/limit-range.yaml", "        storage: 5Gi", "        storage: 1Gi")
    code, out, _ = run(root, "rehearse preview 5 --events opened --cluster clusters/demo")
    assert code == 1
    assert "maximum storage usage per PersistentVolumeClaim is 1Gi" in out
    assert out.splitlines()[-1].startswith("✗ ")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("5 --events opened,merged", "there is no such event"),
        ("5 --twin", "the deploy workflow installs the whole chart"),
        ("99999999", "this is no number of a pull request"),
        ("five", "five"),
        ("5 --cluster clusters/elsewhere", "there are no settings of this cluster"),
        ("5 --repo nowhere", "nowhere"),
    ],
)
def test_what_cannot_be_rehearsed_exits_with_2(repository: Path, words: str, said: str) -> None:
    code, out, err = run(platform(repository), f"rehearse preview {words}")
    assert (code, out) == (2, "")
    assert said in err


def test_the_text_counts_what_goes_well_and_shows_the_order_of_hooks(life: PreviewRehearsal) -> None:
    lines = as_text(life)
    assert lines[0].startswith(
        "preview pr-123  as system:serviceaccount:preview-system:preview-deployer · Kubernetes 1."
    )
    assert "    ✓ apply the policies      9 created" in lines
    assert "    ✓ apply the policies      9 unchanged" in lines
    place = "devops/helm/app/templates/buckets.yaml:2"
    after = "after StatefulSet/pr-123/minio"
    assert f"        + Job/pr-123/minio-buckets  post-install, post-upgrade, {after}  {place}" in lines
    assert "        ~ Deployment/pr-123/app  devops/helm/app/templates/application.yaml:1" in lines
    assert "    · look for the namespace  Namespace/pr-123 is not there" in lines
    assert lines[-1].startswith("✓ nothing is refused, and nothing is left: ")
    assert not any("ResourceQuota" in text for text in lines)
    assert any("+ ResourceQuota/pr-123/preview" in text for text in as_text(life, everything=True))


def test_the_text_names_each_refusal_and_at_the_end_all_that_is_missing(stranger: PreviewRehearsal) -> None:
    lines = as_text(stranger)
    assert sum("✗ " in text for text in lines) > 10
    assert "    ✗ make the pull secret    1 rejected" in lines
    assert any(f'User "{STRANGER}" cannot patch resource "secrets"' in text for text in lines)
    end = lines.index(f"rights that {STRANGER} lacks")
    rules = [text for text in lines[end:] if text.startswith("  {apiGroups")]
    assert len(rules) == len(stranger.summary.missing)
    assert lines[-1] == "✗ 10 steps refused"


def test_the_document_is_whole(life: PreviewRehearsal, stranger: PreviewRehearsal) -> None:
    assert preview_schema() == json.loads(SCHEMA.read_text(encoding="utf-8"))
    for found in (life, stranger):
        record = msgspec.json.decode(preview_json(found), type=PreviewRehearsalRecord)
        assert record.passed is found.passed
        assert len(record.summary.missing) == len(found.summary.missing)
    closed = msgspec.json.decode(preview_json(life), type=PreviewRehearsalRecord).events[2]
    assert (closed.leftovers, closed.drift, closed.workloads) == ((), (), ())


def test_the_comment_says_the_same(life: PreviewRehearsal, stranger: PreviewRehearsal) -> None:
    good, bad = preview_document(life), preview_document(stranger)
    assert good.startswith("### ✓ nothing is refused, and nothing is left")
    assert "| ✓ | 2. synchronize | " in good
    assert "🔴" not in good
    assert bad.startswith("### ✗ 10 steps refused")
    assert "- 🔴 1. opened: **make the pull secret** (`Secret/pr-123/ghcr-creds`): " in bad
    assert f"Rights that `{STRANGER}` lacks:" in bad
