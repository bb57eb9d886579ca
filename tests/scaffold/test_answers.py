"""Answers are judged before anything is written: what is wrong is named with its value and with what is allowed."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elysium.scaffold import Parameter, ParameterType, allowed, coerce
from tests.scaffold.harness import run

HERE = Path(__file__).parent
INVALID = sorted((HERE / "invalid").glob("*.toml"))
SAMPLE = f"--from {HERE / 'components'} --repo . --yes"


@pytest.mark.parametrize("file", INVALID, ids=lambda file: file.stem)
def test_an_answer_that_is_none_is_named_and_nothing_is_written(file: Path, repository: Path) -> None:
    says = [line.removeprefix("# says: ") for line in file.read_text().splitlines() if line.startswith("# says: ")]
    code, out, err = run(repository, f"new sample home --answers {file} {SAMPLE}")
    assert code == 2
    assert out == ""
    assert says
    for text in says:
        assert text in err
    assert list(repository.iterdir()) == []


def test_there_are_enough_invalid_files() -> None:
    assert len(INVALID) >= 25


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ("--set image", "--set image: this is no KEY=VALUE"),
        ("--set port=1 --set port=2", "--set port: this is given twice"),
        ("--answers nowhere.toml", "nowhere.toml: No such file or directory"),
        ("--imgae x:1", "imgae: sample has no such parameter: perhaps image"),
        ("--image x:1 --secrets A --secret A", "--secret: this names no file"),
        ("--image x:1 --secrets A --secret A=nowhere", "--secret A: No such file or directory"),
        ("--image x:1 --secrets A", "there is no certificate to seal the secret with"),
        ("--image x:1 --preset none", "there is no component sample/presets/none"),
        ("--image x:1 --cert nowhere", "nowhere: there is no such certificate"),
    ],
)
def test_wrong_arguments_are_named_and_nothing_is_written(arguments: str, says: str, repository: Path) -> None:
    code, _, err = run(repository, f"new sample home {arguments} {SAMPLE}")
    assert code == 2
    assert says in err
    assert list(repository.iterdir()) == []


@pytest.mark.parametrize(
    ("kind", "says"), [("smaple home", "there is no kind smaple"), ("infra trafik", "perhaps infra/traefik")]
)
def test_an_unknown_component_names_what_is_near(kind: str, says: str, repository: Path) -> None:
    code, _, err = run(repository, f"new {kind} {SAMPLE}")
    assert (code, says in err) == (2, True)


def test_json_answers_and_options_mean_the_same(repository: Path) -> None:
    (repository / "answers.json").write_text('{"image": "x:1", "replicas": 3, "networks": ["a", "b"], "public": true}')
    assert run(repository, f"new sample one --answers answers.json {SAMPLE}")[0] == 0
    assert run(repository, f"new sample two --image x:1 --replicas 3 --networks a,b --public yes {SAMPLE}")[0] == 0
    first, second = ((repository / "pages" / name / "page.yaml").read_text() for name in ("one", "two"))
    assert first == second.replace("two", "one")


SCALARS = [kind for kind in ParameterType if kind not in (ParameterType.CHOICE,)]


@given(
    st.sampled_from(SCALARS),
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(),
        st.text(),
        st.lists(st.text()),
        st.dictionaries(st.text(), st.integers()),
    ),
)
def test_any_value_is_taken_or_refused_without_another_end(kind: ParameterType, raw: object) -> None:
    parameter = Parameter(name="x", type=kind, help="x", choices=("a",) if kind is ParameterType.CHOICE else ())
    assert allowed(parameter)
    try:
        value = coerce(parameter, raw)
    except ValueError:
        return
    assert coerce(parameter, value) == value


def test_a_preset_that_is_not_there_is_not_listed(repository: Path) -> None:
    code, out, err = run(repository, "new --list app --preset meida")
    assert (code, out) == (2, "")
    assert "perhaps app/presets/media" in err


@pytest.mark.parametrize("component", ["app", "chart", "infra cert-manager", "infra environments"])
def test_what_a_component_needs_and_offers_is_listed_without_templates(component: str, repository: Path) -> None:
    code, out, _ = run(repository, f"new --list {component}")
    assert code == 0
    assert "<%" not in "".join(line for line in out.splitlines() if line.lstrip().startswith(("needs:", "offers:")))


def test_an_offer_that_depends_on_an_answer_names_it(repository: Path) -> None:
    _, out, _ = run(repository, "new --list app")
    assert "storage-class/STORAGE-CLASS" in out
