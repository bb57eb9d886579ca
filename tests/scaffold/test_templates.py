"""Templates of components: what they can do, and what nobody's component can."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from elysium.errors import ScaffoldError
from elysium.scaffold import RepositoryFacts
from elysium.scaffold.templates import Templates

FACTS = RepositoryFacts(cluster="demo", offers=("monitoring", "ingress-class/traefik"))
VALUES = {"name": "wiki", "repository": FACTS, "env": {"A": "b"}, "port": 80, "empty": ""}


def read_yaml(text: str) -> list[object]:
    """What readers of YAML 1.1 and 1.2 read."""
    readings = []
    for version in ("1.1", "1.2"):
        reader = YAML(typ="safe", pure=True)
        reader.version = version
        readings.append(reader.load(text))
    return readings


def text(template: str) -> str:
    return Templates("sample").text(template, VALUES, "here")


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("<%= name %>", "wiki"),
        ("{{ .Values.x }} ${{ github.sha }} [[ -f x ]]", "{{ .Values.x }} ${{ github.sha }} [[ -f x ]]"),
        ("<%# nobody sees this %>x", "x"),
        ("a\n  <% if repository.has('monitoring') %>\nb\n  <% endif %>\nc\n", "a\nb\nc\n"),
        ("<%= repository.ingress_classes | join(',') %>", "traefik"),
        ("<%= repository.cluster_path %> <%= repository.apps_overlay %>", "clusters/demo apps/demo"),
        ("<% for key, value in env.items() %><%= key %>=<%= value %><% endfor %>", "A=b"),
        ("<%= port + 1 %>", "81"),
        ("<%= empty | default('x') %>", "x"),
    ],
)
def test_a_template_says(template: str, expected: str) -> None:
    assert text(template) == expected


@pytest.mark.parametrize(
    "template",
    [
        "<%= nothing %>",
        "<%= name.__class__.__mro__ %>",
        "<%= name.__class__ %>",
        "<%= ''.join.__globals__ %>",
        "<%= repository.__class__.__init__.__globals__ %>",
        "<%= cycler.__init__.__globals__ %>",
        "<%= 'x' * 1000000000 %>",
        "<%= 2 ** 10000000 %>",
        "<%= '%1000000000d' % 1 %>",
        "<%= '{:1000000000}'.format(1) %>",
        "<%= 'x'.ljust(1000000000) %>",
        "<%= range(1000000000) | list %>",
        "<%= name.encode() %>",
        "<% include '/etc/passwd' %>",
        "<% import 'os' as os %>",
        "<% include '../component.toml' %>",
        "<% if %>",
        "<%= name | nothing %>",
        "<%= port / 0 %>",
        "<%= env['B'] %>",
    ],
)
def test_a_template_cannot(template: str) -> None:
    with pytest.raises(ScaffoldError) as caught:
        text(template)
    assert "component sample, here" in caught.value.subject


def test_what_a_template_writes_is_bounded() -> None:
    with pytest.raises(ScaffoldError, match="more than 4 MiB"):
        text("<% for a in range(900) %><% for b in range(900) %>0123456789<% endfor %><% endfor %>")


SCALARS = st.one_of(st.text(max_size=30), st.integers(-(2**31), 2**31), st.booleans(), st.none())
STRUCTURES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.text(min_size=1, max_size=8), inner, max_size=4)
    ),
    max_leaves=8,
)


@given(STRUCTURES)
def test_what_yaml_and_block_write_is_read_back(value: object) -> None:
    one = Templates("sample").text("x: <%= value | yaml %>\n", {"value": value}, "here")
    assert read_yaml(one) == [{"x": value}, {"x": value}]
    if isinstance(value, (dict, list)) and value:
        lines = Templates("sample").text("x:\n<%= value | block(2) %>\n", {"value": value}, "here")
        assert read_yaml(lines) == [{"x": value}, {"x": value}]
