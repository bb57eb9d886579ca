"""Names, labels and ports, as k8s.io/apimachinery/pkg/util/validation takes and refuses them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from elysium.evaluate import formats

TAKEN: list[tuple[Callable[[str], str], list[str]]] = [
    (formats.dns_label, ["a", "a-1", "1a", "x" * 63, "${NAME}-a"]),
    (formats.service_name, ["a1", "a-b"]),
    (formats.dns_subdomain, ["a.b", "1.2", "x" * 253, "a-b.c-d"]),
    (formats.path_segment, ["system:Node", "a.b", "..."]),
    (formats.label_key, ["app", "app.kubernetes.io/name", "A_b.c-d", "x/" + "y" * 63]),
    (formats.label_value, ["", "a", "A_b.c-d", "1", "x" * 63, "${VERSION}"]),
    (formats.port_name, ["http", "a1", "1-a", "x" * 15]),
    (formats.environment_name, ["A", "a.b-c", "1", "with space"]),
    (formats.config_key, ["a", "_a.b-C", ".a", "a..b", "x" * 253]),
]
REFUSED: list[tuple[Callable[[str], str], list[str]]] = [
    (formats.dns_label, ["A", "a.b", "-a", "a-", "a_b", "", "x" * 64]),
    (formats.service_name, ["1a", "A"]),
    (formats.dns_subdomain, ["a..b", ".a", "a.", "A.b", "a_b", "x" * 254]),
    (formats.path_segment, [".", "..", "a/b", "a%b"]),
    (formats.label_key, ["", "/a", "a/", "a/b/c", "-a", "a b", "A!/b", "y" * 64]),
    (formats.label_value, ["-a", "a-", "a b", "1.2+3", "a/b", "x" * 64]),
    (formats.port_name, ["Http", "80", "a--b", "-a", "a-", "x" * 16, "a_b"]),
    (formats.environment_name, ["", "a=b", "ä", "a\n"]),
    (formats.config_key, ["", ".", "..", "..a", "a b", "a/b", "x" * 254]),
]


@pytest.mark.parametrize(("judge", "texts"), TAKEN, ids=lambda value: getattr(value, "__name__", ""))
def test_what_is_taken(judge: Callable[[str], str], texts: list[str]) -> None:
    assert [text for text in texts if judge(text)] == []


@pytest.mark.parametrize(("judge", "texts"), REFUSED, ids=lambda value: getattr(value, "__name__", ""))
def test_what_is_refused(judge: Callable[[str], str], texts: list[str]) -> None:
    assert [text for text in texts if not judge(text)] == []


@pytest.mark.parametrize(("value", "fine"), [(1, True), (65535, True), (0, False), (65536, False), ("http", True)])
def test_numbers_of_ports(value: object, fine: bool) -> None:
    assert (formats.port_number(value) == "") is fine
