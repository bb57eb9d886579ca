"""Quantities against what k8s.io/apimachinery v0.37 answered, and their laws."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elysium.evaluate.quantities import Quantity, parse_quantity

REFERENCE = """
0 0
1 1000000000
100m 100000000
1.5 1500000000
1.5Gi 1610612736000000000
.5 500000000
5. 5000000000
. 0
-1 -1000000000
+1 1000000000
-.5Mi -524288000000000
1Ki 1024000000000
1ki -
1K -
1k 1000000000000
1M 1000000000000000
1m 1000000
1Mi 1048576000000000
1E 1000000000000000000000000000
1E3 1000000000000
1e3 1000000000000
1e-3 1000000
1e+2 100000000000
1Ee -
1Ei 1152921504606846976000000000
9Ei 9223372036854775807000000000
16Ei 9223372036854775807000000000
0.1n 1
0.0000000001 1
1n 1
1u 1000
1.0000000005 1000000001
-0.0000000001 -1
1GiB -
1GB -
Gi 0
m 0
- 0
abc -
1e -
12e6 12000000000000000
0.5Ki 512000000000
1.1Ki 1126400000000
0.00001Ki 10240000
3.14159265358979 3141592654
100000000000000000000 100000000000000000000000000000
8Pi 9007199254740992000000000
007 7000000000
1..2 -
1,5 -
--1 -
2.5E2 250000000000
1e2Ki -
0x10 -
"""
NUMBERS = st.from_regex(r"[0-9]{1,12}(\.[0-9]{1,8})?", fullmatch=True)
SUFFIXES = st.sampled_from(["", "n", "u", "m", "k", "M", "G", "T", "P", "E", "Ki", "Mi", "Gi", "Ti", "e3", "E-2"])


@pytest.mark.parametrize("line", REFERENCE.strip().splitlines())
def test_as_the_api_server_reads_it(line: str) -> None:
    text, _, expected = line.partition(" ")
    quantity = parse_quantity(text)
    assert ("-" if quantity is None else str(quantity.nano)) == expected


@pytest.mark.parametrize("value", ["", " 1", "1 Gi", None, True, [], {}, "9" * 200, "1e1000", float("nan")])
def test_what_is_no_quantity(value: Any) -> None:
    assert parse_quantity(value) is None


@pytest.mark.parametrize(("value", "nano"), [(2, 2 * 10**9), (0.5, 5 * 10**8), (1e22, 10**31)])
def test_a_number_is_a_quantity(value: float, nano: int) -> None:
    assert parse_quantity(value) == Quantity(nano=nano)


@given(nano=st.integers(min_value=-(10**30), max_value=10**30))
def test_what_is_written_reads_the_same(nano: int) -> None:
    quantity = Quantity(nano=nano)
    assert parse_quantity(str(quantity)) == quantity


@given(numbers=st.tuples(NUMBERS, NUMBERS), suffix=SUFFIXES)
def test_the_order_is_that_of_the_numbers(numbers: tuple[str, str], suffix: str) -> None:
    first, second = (parse_quantity(number + suffix) for number in numbers)
    assert first is not None
    assert second is not None
    if Fraction(numbers[0]) <= Fraction(numbers[1]):
        assert first <= second


@given(number=NUMBERS)
def test_suffixes_are_powers(number: str) -> None:
    def nano(text: str) -> int:
        quantity = parse_quantity(text)
        assert quantity is not None
        return quantity.nano

    assert nano(f"{number}Mi") == nano(f"{number}Ki") * 1024
    assert nano(f"{number}M") == nano(f"{number}k") * 1000
    assert nano(f"{number}e6") == nano(f"{number}M")


@pytest.mark.parametrize(
    ("text", "resource", "written"),
    [
        ("1536Mi", "memory", "1.5Gi"),
        ("4Gi", "limits.memory", "4Gi"),
        ("250m", "cpu", "250m"),
        ("2", "requests.cpu", "2"),
        ("10", "count/persistentvolumeclaims", "10"),
        ("512", "memory", "512"),
    ],
)
def test_people_read_amounts_in_the_unit_of_the_resource(text: str, resource: str, written: str) -> None:
    quantity = parse_quantity(text)
    assert quantity is not None
    assert quantity.written(resource) == written
