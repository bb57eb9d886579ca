"""`[[policy]]`: what is read, and how each mistake is named with its line and what is allowed."""

from __future__ import annotations

from pathlib import Path

import pytest

from elysium.errors import SettingsError
from elysium.settings import Policy, read_settings

START = 'flux = "2.9"\n\n[[policy]]\nid = "one"\nexpression = "true"\n\n'


def test_a_policy_is_read_with_its_line(tmp_path: Path) -> None:
    text = (
        START + '[[policy]]\nid = "two"\nexpression = "false"\nmessageExpression = "\'x\'"\nkinds = ["apps/*", "Pod"]\n'
    )
    one, two = read_settings(tmp_path, text=text).policy
    assert one == Policy(id="one", expression="true", severity="error", kinds=("*",), line=3)
    assert two == Policy(
        id="two", expression="false", message_expression="'x'", kinds=("apps/*", "Pod"), severity="error", line=7
    )


def test_policies_of_an_inline_array_have_no_line(tmp_path: Path) -> None:
    settings = read_settings(tmp_path, text='policy = [{id = "one", expression = "true"}]\n')
    assert settings.policy[0].line == 0


@pytest.mark.parametrize(
    ("text", "line", "message", "hint"),
    [
        ('[[policy]]\nid = "two"\n', 7, "missing required field `expression`", "id, expression, severity"),
        ('[[policy]]\nexpression = "true"\n', 7, "missing required field `id`", "id, expression, severity"),
        ('[[policy]]\nid = "two"\nexpresion = "true"\n', 9, "unknown field `expresion`", "id, expression"),
        ('[[policy]]\nid = "two"\nexpression = true\n', 9, "`expression`: Expected `str`, got `bool`", "expression"),
        ('[[policy]]\nid = "two"\nexpression = " "\n', 9, "the expression is empty", "a CEL expression"),
        ('[[policy]]\nid = "Two"\nexpression = "true"\n', 8, "the id 'Two' is none", "small letters, digits"),
        ('[[policy]]\nid = "one"\nexpression = "true"\n', 8, "another policy 'one' in line 3", "an id of its own"),
        (
            '[[policy]]\nid = "two"\nseverity = "fatal"\nexpression = "true"\n',
            9,
            "the severity cannot be 'fatal'",
            "use one of error, warning, info",
        ),
        ('[[policy]]\nid = "two"\nexpression = "1"\nkinds = "Pod"\n', 10, "`kinds`: Expected `array`", "kinds"),
        ('[[policy]]\nid = "two"\nexpression = "1"\nkinds = []\n', 10, "no kind is named", "leave `kinds` out"),
        ('[[policy]]\nid = "two"\nexpression = "1"\nkinds = ["a b"]\n', 10, "the kind 'a b' is none", "group/Kind"),
        (
            '[[policy]]\nid = "two"\nexpression = "1"\nmessage = "a"\nmessageExpression = "b"\n',
            11,
            "a message and a messageExpression",
            "keep one",
        ),
        ('[[policy]]\nid = "two"\nexpression = "1"\nline = 5\n', 10, "`line` is no setting", "a policy has id"),
    ],
)
def test_a_mistake_is_named_with_its_line(tmp_path: Path, text: str, line: int, message: str, hint: str) -> None:
    with pytest.raises(SettingsError) as caught:
        read_settings(tmp_path, text=START + text)
    assert caught.value.subject == f"elysium.toml:{line}"
    assert "policy number 2: " in caught.value.message
    assert message in caught.value.message
    assert hint in caught.value.hint


@pytest.mark.parametrize("text", ["policy = 5", '[policy]\nid = "one"', 'policy = "x"'])
def test_policies_are_a_list_of_tables(tmp_path: Path, text: str) -> None:
    with pytest.raises(SettingsError) as caught:
        read_settings(tmp_path, text=text)
    assert caught.value.subject == "elysium.toml"
    assert "Expected `array`" in caught.value.message
    assert caught.value.hint == "write each policy below [[policy]]"
