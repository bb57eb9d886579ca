"""Kubernetes quantities: `500m`, `1.5Gi`, `2e3`.

The grammar is that of k8s.io/apimachinery (pkg/api/resource/quantity.go, `ParseQuantity`): a signed number with a
binary suffix (`Ki` to `Ei`), a decimal one (`n`, `u`, `m`, none, `k` to `E`) or a decimal exponent. What is smaller
than a nano rounds up, a binary quantity cannot exceed 2^63-1, and a suffix without a number is nothing, all as there.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

import msgspec

__all__ = ["ZERO", "Quantity", "parse_quantity"]

_NANO = 10**9
_LARGEST = 2**63 - 1
_LONGEST = 100
_GRAMMAR = re.compile(
    r"""(?x) (?P<sign>[+-]?) (?P<whole>[0-9]*) (?: \. (?P<rest>[0-9]*) )?
    (?: (?P<binary>[KMGTPE]i) | (?P<decimal>[numkMGTPE]) | [eE] (?P<exponent>[+-]?[0-9]{1,3}) )?"""
)
_DECIMAL = {"n": -9, "u": -6, "m": -3, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18}
_BINARY = {suffix: 10 * power for power, suffix in enumerate(("Ki", "Mi", "Gi", "Ti", "Pi", "Ei"), 1)}


class Quantity(msgspec.Struct, frozen=True, kw_only=True, order=True):
    """An amount, in billionths of the resource's unit: exact, ordered, and added up without rounding."""

    nano: int

    def __add__(self, other: Quantity) -> Quantity:
        return Quantity(nano=self.nano + other.nano)

    def __sub__(self, other: Quantity) -> Quantity:
        return Quantity(nano=self.nano - other.nano)

    def __mul__(self, times: int) -> Quantity:
        return Quantity(nano=self.nano * times)

    @property
    def whole(self) -> bool:
        """Whether it is a number of whole units."""
        return self.nano % _NANO == 0

    def __str__(self) -> str:
        """The shortest exact form: a binary suffix where it divides, otherwise a decimal one."""
        if self.whole and (units := self.nano // _NANO):
            for suffix, bits in reversed(_BINARY.items()):
                if units % (1 << bits) == 0 and abs(units) <= _LARGEST:
                    return f"{units >> bits}{suffix}"
            return str(units)
        for suffix, power in (("m", 6), ("u", 3)):
            if self.nano and self.nano % 10**power == 0:
                return f"{self.nano // 10**power}{suffix}"
        return f"{self.nano}n" if self.nano else "0"

    def written(self, resource: str) -> str:
        """As a person reads the amount of a resource: memory and storage in binary suffixes with two digits, the rest
        as it is.
        """
        if not any(word in resource for word in ("memory", "storage", "hugepages")) or "count/" in resource:
            return self._decimal()
        for suffix, bits in reversed(_BINARY.items()):
            if abs(self.nano) >= _NANO << bits:
                return f"{self.nano / (_NANO << bits):.2f}".rstrip("0").rstrip(".") + suffix
        return self._decimal()

    def _decimal(self) -> str:
        return str(self.nano // _NANO) if self.whole else f"{self.nano / 10**6:.0f}m"


ZERO = Quantity(nano=0)
"""Nothing."""


def parse_quantity(value: Any) -> Quantity | None:
    """The quantity that a manifest holds, as a text or a number; None when the API server would refuse it."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    return _parse(value if isinstance(value, str) else repr(value))


@lru_cache(maxsize=4096)
def _parse(text: str) -> Quantity | None:
    match = _GRAMMAR.fullmatch(text) if text and len(text) < _LONGEST else None
    if match is None:
        return None
    rest = match["rest"] or ""
    number = int(match["whole"] + rest or "0")
    if match["binary"]:
        number = min(number << _BINARY[match["binary"]], _LARGEST * 10 ** len(rest))
    power = 9 - len(rest) + _DECIMAL.get(match["decimal"] or "", 0) + int(match["exponent"] or 0)
    nano = number * 10**power if power >= 0 else -(-number // 10**-power)
    return Quantity(nano=-nano if match["sign"] == "-" else nano)
