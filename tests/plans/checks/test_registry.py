"""The registry: what can be written, what cannot and is told so, and what needs consent."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from elysium.api.plan_world import PlanWorld
from elysium.errors import PlanError
from elysium.plans import checks, words
from elysium.plans.types import Check
from tests.plans.checks.asking import ask, opened

_WRONG = {
    "exists": ("exists", "exists ../secret", "exists /etc/passwd", "exists a[b", "exists {a,b}{a,b}{a,b}"),
    "absent": ("absent", "absent a\\\\b"),
    "contains": ("contains a", "contains ~/a b", 'contains a ""', "contains a /(b/", "contains a /(?=b)/"),
    "lacks": ("lacks a", "lacks a /[z-a]/"),
    "yaml": ("yaml a", "yaml a =b", "yaml a b>=c", "yaml a a..b=c", "yaml ../a b=c"),
    "listed": ("listed a", "listed /a b"),
    "section": ("section a", "section ../a b"),
    "links": ("links", "links /"),
    "front-matter": ("front-matter", "front-matter a =b"),
    "workflow": ("workflow", "workflow ci.yaml job", "workflow ci.yaml stage test", "workflow ../x"),
    "make": ("make", "make a file=../Makefile"),
    "ci": ("ci today",),
    "render": ("render apps",),
    "unit": ("unit", "unit Deployment/a/b"),
    "chain": ("chain", "chain apps", "chain >apps"),
    "latency": ("latency", "latency soon", "latency 5m apps"),
    "manifest": ("manifest", "manifest ../a"),
    "check": ("check rules=no-such-rule", "check profile=lenient", "check colour=red", "check ../a"),
    "object": ("object", "object wiki", "object Deployment/wiki/wiki spec.replicas>=many", "object A/b/c contains"),
    "no-object": ("no-object", "no-object /a/b"),
    "unchanged": ("unchanged", "unchanged --all", "unchanged main exempt=a", "unchanged main except=wiki"),
    "count": ("count A/b/c", "count A/b/c == 2", "count A/b/c >= two", "count A/b/c >= 2 3"),
    "reach": ("reach", "reach wiki wiki/wiki:80", "reach outside wiki/wiki", "reach outside wiki/wiki:80 maybe"),
    "can": ("can", "can wiki get pods", "can wiki/default g-t pods", "can a/b get Pods", "can a/b get pods C D"),
    "quota": ("quota", "quota wiki/wiki", "quota wiki *"),
    "chart": ("chart", "chart ../a", "chart a set=b", "chart a values=/etc/x", "chart a wiki", "chart a A/b c>=d"),
    "overlay": ("overlay", "overlay /a", "overlay a wiki"),
    "secret": ("secret", "secret wiki", "secret wiki/*"),
    "variable": ("variable", "variable A-B", "variable A apps"),
    "source": ("source", "source Deployment/a/b", "source GitRepository/a/b =x"),
    "image-pinned": ("image-pinned wiki",),
    "service": ("service", "service wiki/wiki", "service wiki:80"),
    "claim": ("claim", "claim data", "claim wiki/data size>=large"),
    "schedule": ("schedule", "schedule wiki/backup often", 'schedule wiki/backup "* * * *"'),
    "alert": ("alert", "alert [", "alert Down contains"),
    "dashboard": ("dashboard", "dashboard Wiki panel", "dashboard Wiki row Users"),
    "preview-fit": ("preview-fit", "preview-fit -1", "preview-fit 1 2"),
    "preview": ("preview", "preview 123456789"),
    "rehearse": ("rehearse", "rehearse preview", "rehearse cluster 7", "rehearse preview 7 merged"),
    "host": ("host facts.json", "host facts.json cpu>=lots", "host facts.json colour=red", "host ../facts.json cpu>=1"),
    "date-not-past": ("date-not-past", "date-not-past tomorrow", "date-not-past 2027-02-30", "date-not-past 20270101"),
    "dns": ("dns", "dns a_b!", "dns wiki.example.com somewhere"),
    "tcp": ("tcp", "tcp wiki.example.com", "tcp wiki.example.com:0", "tcp wiki.example.com:70000"),
    "tls": ("tls", "tls wiki.example.com days=many", "tls wiki.example.com:99999", "tls a ca=../ca.pem"),
    "http": (
        "http", "http wiki.example.com", "http ftp://a/b", "http http://me:word@a/", "http http://a status=ok",
        "http http://a time<quick", "http http://a contains", "http http://a:b/", "http http://a/ ca=/etc/ca.pem",
    ),
    "run": ("run", "run within=2h true", "run within=soon true", "run within=5s"),
}  # fmt: skip


def test_every_example_can_be_read() -> None:
    for name, verb in checks.VERBS.items():
        check = checks.read(words.split(verb.example), "PLAN.md:1")
        assert (check.verb, verb.name, verb.usage.split()[0]) == (name, name, name)
        assert words.split(str(check)) == words.split(verb.example)


def test_every_verb_has_arguments_that_it_refuses() -> None:
    assert set(_WRONG) == set(checks.VERBS)


@pytest.mark.parametrize("text", [text for texts in _WRONG.values() for text in texts])
def test_wrong_arguments_are_told_with_place_and_hint(text: str) -> None:
    with pytest.raises(PlanError) as caught:
        checks.read(words.split(text), "docs/plan.md:7")
    verb = checks.VERBS[text.split(maxsplit=1)[0]]
    assert caught.value.subject == "docs/plan.md:7"
    assert verb.usage in caught.value.hint
    assert verb.example in caught.value.hint
    assert caught.value.message.removesuffix(":").strip()


def test_a_misspelt_verb_is_recognised() -> None:
    with pytest.raises(PlanError, match="no check 'exist'") as caught:
        checks.read(("exist", "a"), "PLAN.md:3")
    assert caught.value.hint == "did you mean exists?"


def test_another_verb_is_told_what_there_is() -> None:
    with pytest.raises(PlanError) as caught:
        checks.read(("kubectl", "get", "pods"), "PLAN.md:3")
    assert "run COMMAND" in caught.value.hint
    assert "exists" in caught.value.hint


def test_endless_words_are_no_arguments() -> None:
    with pytest.raises(PlanError, match="more than"):
        checks.read(("exists", "a" * 5000), "PLAN.md:3")
    with pytest.raises(PlanError, match="one that is none"):
        checks.read(("exists", "a\0b"), "PLAN.md:3")


def test_no_words_are_no_check() -> None:
    with pytest.raises(PlanError, match="empty"):
        checks.read((), "PLAN.md:3")


def test_a_check_that_was_never_read_is_unknown(repository: Path) -> None:
    with opened(repository) as world:
        assert checks.run(Check(verb="kubectl"), world).result == "unknown"
        assert checks.run(Check(verb="exists", arguments=("../x",)), world).result == "unknown"


def test_evidence_names_the_check_and_the_commit(kyrion: PlanWorld) -> None:
    (evidence,) = ask(kyrion, "exists README.md").evidence
    assert (evidence.check, evidence.path) == ("exists README.md", "README.md")
    assert evidence.commit == kyrion.commit != ""


@pytest.mark.parametrize("name", [name for name, verb in checks.VERBS.items() if verb.live or verb.command])
def test_what_reaches_out_needs_consent(repository: Path, name: str) -> None:
    with opened(repository) as world:
        outcome = ask(world, checks.VERBS[name].example)
    assert outcome.result == "unknown"
    assert ("--allow-commands" if checks.VERBS[name].command else "--live") in outcome.reason


def test_a_result_never_names_where_the_repository_is(repository: Path) -> None:
    with opened(repository) as world:
        outcome = ask(world, "preview-fit 1")
    assert outcome.result == "unknown"
    assert str(repository) not in outcome.reason


def test_evidence_has_the_digest_of_the_file(repository: Path) -> None:
    (repository / "a.txt").write_bytes(b"one\r\ntwo\n")
    with opened(repository) as world:
        (evidence,) = ask(world, "contains a.txt two").evidence
    assert evidence.digest == f"sha256:{hashlib.sha256((repository / 'a.txt').read_bytes()).hexdigest()}"
