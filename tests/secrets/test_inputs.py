"""Where values come from, and what is refused without showing any of them."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elysium.errors import SealingError
from elysium.secrets import Inputs, read_values

PLAINTEXT = "hunter2-hunter2"


def values(inputs: Inputs, stdin: bytes = b"") -> dict[str, bytes]:
    return read_values(inputs, io.BytesIO(stdin))


def test_files_directories_and_standard_input(tmp_path: Path) -> None:
    (tmp_path / "folder" / "deeper").mkdir(parents=True)
    (tmp_path / "folder" / "one").write_bytes(b"1\n")
    (tmp_path / "folder" / ".two").write_bytes(b"\xff")
    (tmp_path / "token").write_bytes(b"t")
    named = (str(tmp_path / "folder"), str(tmp_path / "token"), f"other={tmp_path / 'token'}", "piped=-")
    found = values(Inputs(files=named), b"\0in\n")
    assert found == {"one": b"1\n", ".two": b"\xff", "token": b"t", "other": b"t", "piped": b"\0in\n"}
    assert values(Inputs(stdin="piped"), b"x") == {"piped": b"x"}
    assert values(Inputs(files=(f"a=b={tmp_path}",)[:0])) == {}


def test_an_env_file_is_read_as_kubectl_reads_it(tmp_path: Path) -> None:
    file = tmp_path / "app.env"
    file.write_bytes('\ufeff# head\n\n  A=1 \r\nB="x y"\nC=a=b\n\t# no\nD=\n'.encode())
    assert values(Inputs(env_files=(str(file),))) == {"A": b"1 ", "B": b'"x y"', "C": b"a=b", "D": b""}


@given(st.integers(1, 200))
def test_a_value_is_made_of_letters_and_digits(length: int) -> None:
    made = values(Inputs(generate=(f"a:{length}", "b")))
    assert re.fullmatch(rb"[A-Za-z0-9]+", made["a"])
    assert (len(made["a"]), len(made["b"])) == (length, 32)
    assert made["b"] != values(Inputs(generate=("b",)))["b"]


@pytest.mark.parametrize(
    ("inputs", "message"),
    [
        (Inputs(files=("a=-",), stdin="b"), "standard input can only be read once"),
        (Inputs(files=("a=-", "b=-")), "standard input can only be read once"),
        (Inputs(files=("-",)), "this names no key and file"),
        (Inputs(files=("a=",)), "this names no key and file"),
        (Inputs(files=("=a",)), "this names no key and file"),
        (Inputs(files=("a=missing",)), "No such file or directory"),
        (Inputs(files=("a=.",)), "a directory has no single key"),
        (Inputs(files=("a=-",), generate=("a",)), "cannot add key a, another key by that name already exists"),
        (Inputs(stdin="bad key"), '"bad key" is not valid key name for a Secret'),
        (Inputs(generate=("a:0",)), "this names no key and length"),
        (Inputs(generate=("a:x",)), "this names no key and length"),
        (Inputs(generate=("a:99999",)), "this names no key and length"),
        (Inputs(generate=(":5",)), "this names no key and length"),
        (Inputs(env_files=("-",)), "a line without `=` is not a valid key name"),
    ],
)
def test_what_cannot_be_meant_is_refused_and_no_value_shown(
    inputs: Inputs, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SealingError) as caught:
        values(inputs, PLAINTEXT.encode())
    assert caught.value.message.startswith(message)
    assert caught.value.hint
    assert PLAINTEXT not in f"{caught.value}{caught.value.hint}"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (b"A=1\nexport C=hunter2-hunter2\n", '-:2: "export C" is not a valid key name'),
        (b"hunter2-hunter2 x=1\n", "-:1: what stands before `=` is not a valid key name"),
        (b"1A=hunter2-hunter2\n", "-:1: what stands before `=` is not a valid key name"),
        (b"\xffhunter2-hunter2=1", "-: this is not UTF-8 text"),
    ],
)
def test_a_line_that_is_no_assignment_is_named_by_its_number(text: bytes, shown: str) -> None:
    with pytest.raises(SealingError) as caught:
        values(Inputs(env_files=("-",)), text)
    assert str(caught.value).startswith(shown)
    assert PLAINTEXT not in f"{caught.value}{caught.value.hint}"


def test_no_secret_is_larger_than_kubernetes_takes(tmp_path: Path) -> None:
    half = tmp_path / "half"
    half.write_bytes(b"x" * 600_000)
    with pytest.raises(SealingError, match="at most 1048576 bytes"):
        values(Inputs(files=(f"a={half}", f"b={half}")))
    with pytest.raises(SealingError, match="more than 1048576 bytes"):
        values(Inputs(stdin="a"), b"x" * 1_048_577)
