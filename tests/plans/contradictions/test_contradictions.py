"""What contradicts what: in documents of the four shapes, and detector by detector with what must stay silent."""

from __future__ import annotations

import time

import pytest

from elysium.plans.contradictions import DETECTORS, Contradiction, contradictions
from elysium.plans.document.parsing import parse
from elysium.plans.importing import import_plan
from elysium.plans.types import Mark
from tests.plans.importing.documents import NAMES, text_of


def found(text: str, kind: str = "") -> list[Contradiction]:
    return [one for one in contradictions(parse(text)) if not kind or one.kind == kind]


def quoted(name: str) -> list[tuple[str, tuple[int, int]]]:
    return [(one.kind, one.places) for one in found(text_of(name))]


def test_the_template_demands_what_its_example_lacks() -> None:
    messages = [one.message for one in found(text_of("planning-mode"))]
    lacking = ("Requirements: Resources", "Requirements: Prerequisites", "Step 0", "Testing Plan: Integration")
    assert all(any(f"'{name}'" in message for message in messages) for name in lacking)
    assert {one.kind for one in found(text_of("planning-mode"))} == {"examples"}


def test_the_instructions() -> None:
    assert quoted("handbook") == [
        ("lists", (9, 15)),
        ("reaction-times", (25, 38)),
        ("credentials", (30, 54)),
        ("frequencies", (31, 74)),
        ("frequencies", (51, 73)),
        ("branches", (55, 0)),
        ("key-backups", (78, 0)),
    ]


def test_the_phases_of_two_owners() -> None:
    assert quoted("staging-environments") == [
        ("node-ports", (16, 33)),
        ("modes", (32, 40)),
        ("copies", (40, 0)),
        ("copies", (40, 109)),
        ("default-backends", (58, 59)),
        ("addresses", (60, 0)),
        ("owners", (69, 74)),
    ]


def test_the_roadmap() -> None:
    assert sorted({kind for kind, _ in quoted("platform-roadmap")}) == [
        "implemented", "lists", "marks", "names", "phase-numbers", "progress", "unmaintained",
    ]  # fmt: skip
    by_kind = {one.kind: one for one in reversed(found(text_of("platform-roadmap")))}
    assert by_kind["phase-numbers"].message == "the text calls it phase 2, the headings phase 3"
    assert by_kind["names"].message == "the non-root user is web here and webuser there"
    assert by_kind["lists"].message.startswith("tools:")
    assert by_kind["implemented"].quotes[1] == "Built storefront image runnable (⏳ pending)."


@pytest.mark.parametrize("name", NAMES)
def test_annotations_change_nothing(name: str) -> None:
    """The same is found in the imported plan, at lines that its comments moved."""
    plan = import_plan(text_of(name).encode(), name).plan
    after = [(one.kind, one.message, one.quotes) for one in contradictions(plan) if one.kind != "suspension"]
    assert after == [(one.kind, one.message, one.quotes) for one in found(text_of(name))]


_PHASES = "\n## 1. Charts\n\nTasks:\n- one\n\n## 2. Ingress\n\nTasks:\n- two\n"

_SPEAKS = [
    ("marks", "## Snapshot\n- Phase 1: ✅\n\n## Order\n1. ⏳ Phase 1 charts\n"),
    ("marks", "# P\n- Old charts: ✅ done\n\n## Q\n- Old charts: ⏳ open\n"),
    ("marks", "- Web: ⏳ Deferred until later\n"),
    ("marks", _PHASES + "\n## Snapshot\n- Ingress: 💤 put off\n\n## Order\n1. ⏳ Phase 2\n"),
    ("progress", "1. ✅ Phase 2 cluster\n\nNext focus: Phase 2 or Phase 3\n"),
    ("progress", "1. ✅ Phase 2 cluster\n\n## Criteria\n- ⏳ Routes (pending Phase 2)\n"),
    ("progress", "## 1. Charts\n\nTasks:\n- web chart ⏳\n\n## Order\n1. ✅ Phase 1 — done\n"),
    (
        "progress",
        "## Snapshot\n- Phase 0: ✅\n- Phase 1: ✅\n- Phase 3: ⏳\n\n## Order\n1. ✅ Phase 2 cluster\n",
    ),
    ("implemented", "# P\n- Shop and desk images implemented\n\n## Q\n- Built images (desk) (⏳ pending)\n"),
    ("phase-numbers", _PHASES + "\nNext: Phase 1 (Ingress)\n"),
    ("phase-numbers", _PHASES + "\n- Enable ingress (Phase 1)\n"),
    ("frequencies", "- Rotate passwords every quarter\n\n## Monthly\n- Review and rotate passwords\n"),
    ("frequencies", "# A\n- Daily update of Flux\n\n# B\n- Update Flux monthly\n"),
    ("reaction-times", "- Flux monitors `main` with 1h interval\n- A push is deployed within 5 minutes\n"),
    ("key-backups", "## Quarterly\n- Backup the sealing key\n"),
    (
        "lists",
        "- **Monitoring**: Prometheus, Grafana, Loki\n\n.\n\n- **`monitoring/`** (Prometheus, Grafana, Loki, Tempo)\n",
    ),
    ("lists", "- Namespaces: `a`, `b`, `c`, `d`\n\ntext\n\n- Namespaces applied (`a`, `b`, `c`)\n"),
    ("names", "- Non-root user (`app`)\n- Non-root `appuser` created\n"),
    ("modes", "- `chmod 644 /etc/app/key`\n- `chmod 600 /etc/app/key`\n"),
    ("modes", "- k3s with `--write-kubeconfig-mode 644`\n- Store `/etc/rancher/k3s/k3s.yaml` securely\n"),
    ("copies", "- a read-only copy (`cp /etc/kubernetes/admin.conf /home/ci/config`)\n"),
    ("copies", "- `cp /etc/kubernetes/admin.conf /home/ci/config`\n- export `KUBECONFIG=/etc/kubernetes/admin.conf`\n"),
    ("node-ports", "- firewall: inbound `tcp/443`\n- `--disable=servicelb`\n- Service of type NodePort\n"),
    ("addresses", '- `curl -H "Host: a.example.org" https://<proxy-ip>`\n'),
    ("default-backends", "- Preview hosts: `*.p.example.org`\n- Change the default backend of HAProxy\n"),
    ("imperative", "- Use manifests, not imperative commands\n- `kubectl delete deployment wiki`\n"),
    ("suspension", "# Deploy the wiki\n\n1. Suspend apps Kustomization\n"),
    ("suspension", "# Deploy the wiki\n\n1. Run `flux suspend kustomization apps`\n"),
    ("credentials", "- **NEVER** commit plain text secrets\n- Use `etc/kubeconfig`\n"),
    ("branches", "- Robots commit directly to main\n- Consider branch protection\n"),
    ("owners", "## A\n**Ada**\n- one\n\n## B\n**Ada**\n- two\n\ntext\n\n- three\n"),
    ("unmaintained", "- Validate with `kubeval`\n"),
    ("values-nesting", "All is behind `.Values.enabled`.\n\n## Values\n```yaml\napi:\n  enabled: true\n```\n"),
]

_SILENT = [
    ("marks", "Status codes: ✅ complete • 🟡 partial • ⏳ pending\n- Phase 1: ✅\n"),
    ("marks", "- Phase 1: ✅ Complete\n\n## Order\n1. ✅ Phase 1 charts\n2. ⏳ Phase 2 ingress\n"),
    ("marks", "- Phase 1: 🟡\n\n## Order\n1. ⏳ Phase 1\n"),
    ("progress", "1. ✅ Phase 1\n2. ⏳ Phase 2\n\nNext: Phase 2\n"),
    ("implemented", "# P\n- Shop images implemented\n\n## Q\n- Desk charts (⏳ pending)\n"),
    ("implemented", "# P\n- Pipeline of images not yet implemented\n\n## Q\n- Pipeline of images ⏳\n"),
    ("phase-numbers", _PHASES + "\nNext: Phase 2 (Ingress) or Phase 1 (Charts)\n"),
    ("phase-numbers", _PHASES + "\nNext: Phase 1 (the first)\n"),
    ("frequencies", "- Rotate passwords monthly\n\n## Monthly\n- Rotate passwords\n"),
    ("frequencies", "# A\n- Daily snapshots of volumes\n- Weekly snapshots of volumes\n"),
    ("lists", "- Test handlers (Plex, Jellyfin, Kodi)\n\ntext\n\n- Guest handlers (Plex, Jellyfin, Kodi, Emby)\n"),
    ("progress", "1. ✅ Phase 2\n\nNext review: after Phase 2\n"),
    ("marks", "- Signs are ✅ complete or pending\n"),
    ("phase-numbers", _PHASES + "\n| ingress test (phase 1) |\n"),
    ("imperative", "- Use manifests, not imperative commands\n- Never `kubectl delete` a pod\n"),
    ("unmaintained", "- Removed the deprecated kubeval\n"),
    ("frequencies", "- Keep backups (7 daily, 4 weekly)\n- Daily backups\n"),
    ("frequencies", "- Weekly sync; bi-weekly afterwards\n"),
    ("reaction-times", "- Flux monitors `main` with 1m interval\n- A push is deployed within 5 minutes\n"),
    ("reaction-times", "- Flux monitors `main` with 1h interval\n- We answer within 5 minutes\n"),
    ("key-backups", "## Monthly\n- Backup the sealing key\n"),
    ("lists", "- Targets: `a`, `b`, `c`\n\ntext\n\n- Targets added: `a`, `b`, `c`, `d`\n"),
    ("lists", "- **Fruit**: Apple, Pear, Plum\n\ntext\n\n- **Trees**: Apple, Pear, Plum, Oak\n"),
    ("names", "- Non-root user (`app`)\n- Non-root `app` created\n"),
    ("modes", "- `chmod 644 /etc/app/key`\n- `chmod 600 /etc/app/other`\n"),
    ("copies", "- `cp /etc/hosts /srv/hosts`\n- a read-only copy of the page\n"),
    ("node-ports", "- firewall: inbound `tcp/443`\n- Service of type NodePort\n"),
    ("addresses", '- `curl -H "Host: a.example.org" http://<proxy-ip>`\n'),
    ("addresses", "- `curl --resolve a.example.org:443:192.0.2.1 https://a.example.org`\n"),
    ("imperative", "- Use manifests, not imperative commands\n- `kubectl apply --dry-run=client -f a.yaml`\n"),
    ("imperative", "- `kubectl delete deployment wiki`\n"),
    ("suspension", "# Deploy the wiki\n\n1. Suspend the wiki's Kustomization\n"),
    ("suspension", "# Deploy the wiki\n\n1. Suspend apps Kustomization: everything else that it applies waits, too\n"),
    ("suspension", "# Maintain the cluster\n\n1. Suspend apps Kustomization\n"),
    ("credentials", "- Use `etc/kubeconfig`\n"),
    ("branches", "- Robots commit directly to main\n"),
    ("owners", "## A\n**Ada**\n- one\n\n## B\n**Bob**\n- two\n"),
    ("owners", "## A\n**Note**\n- one\n\ntext\n\n- two\n"),
    ("unmaintained", "- Validate with `kubeconform`\n- my-kubeval-thing\n"),
    ("values-nesting", "All is behind `.Values.enabled`.\n\n## Values\n```yaml\nenabled: true\n```\n"),
    ("examples", "# A\n\n```markdown\n# B\n\n## C\n```\n"),
]


@pytest.mark.parametrize(("kind", "text"), _SPEAKS)
def test_a_detector_speaks(kind: str, text: str) -> None:
    one, *_ = found(text, kind)
    assert one.message
    assert one.quotes[0]
    assert one.places[0] > 0


@pytest.mark.parametrize(("kind", "text"), _SILENT)
def test_a_detector_stays_silent(kind: str, text: str) -> None:
    assert found(text, kind) == []


def test_every_detector_is_shown() -> None:
    assert set(DETECTORS) - {kind for kind, _ in _SPEAKS} == {"examples", "encodings"}
    assert set(DETECTORS) - {kind for kind, _ in _SILENT} == {"default-backends", "encodings"}


def test_a_repaired_encoding_is_named() -> None:
    broken = text_of("platform-roadmap").encode().decode("mac_roman").encode()
    plan = import_plan(broken, "roadmap.md").plan
    assert [one.message for one in contradictions(plan) if one.kind == "encodings"] == [
        "the copy that was imported had been read as mac-roman; the plan holds it repaired"
    ]


def test_what_a_person_found_is_counted_apart() -> None:
    text = '# P\n\n- [ ] one <!-- plan: id=a contradiction="two of them" -->\n'
    one = contradictions(parse(text))[-1]
    assert (one.kind, one.message, one.places) == ("registered", "two of them", (3, 0))


def test_typed_marks_that_are_computed_otherwise() -> None:
    plan = parse(
        "# P\n\n- [ ] one ✅ <!-- plan: id=a -->\n- [ ] two ⏳ <!-- plan: id=b -->\n- [ ] c ✅ <!-- plan: id=c -->\n"
    )
    states = {"a": Mark.PENDING, "b": Mark.PENDING, "c": Mark.UNKNOWN}
    told = [one for one in contradictions(plan, states) if one.kind == "states"]
    assert [(one.message, one.places) for one in told] == [("a is marked complete, and computed pending", (3, 0))]


def test_a_long_document_takes_no_time() -> None:
    row = "- Rotate the passwords of service {n} weekly, within 5 minutes (`a`, `b`, `c`) ✅ `chmod 644 /etc/{n}`\n"
    plan = parse("# P\n\n## 1. A\n\nTasks:\n" + "".join(row.format(n=n) for n in range(1500)))
    started = time.perf_counter()
    contradictions(plan)
    assert time.perf_counter() - started < 5


@pytest.mark.parametrize("row", ["phase 1, " * 3000, "install " * 5000, "`" * 9000, "Phase 1 (" * 3000, "- A, " * 4000])
def test_hostile_lines_take_no_time(row: str) -> None:
    started = time.perf_counter()
    contradictions(parse(f"# P\n\n- {row}\n\n{row}\n"))
    assert time.perf_counter() - started < 5
