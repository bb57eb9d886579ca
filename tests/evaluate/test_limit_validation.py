"""LimitRanges and quotas that contradict themselves, as the API server's own validation sees them.

The implementation was held against `ValidateLimitRange` and `ValidateResourceQuota` of Kubernetes 1.36.3 on thousands
of random changes of both kinds; these are the cases in small.
"""

from __future__ import annotations

from typing import Any

import pytest

from elysium.evaluate.limit_validation import limit_range_faults, quota_faults
from tests.evaluate.clusters import cluster, made


def range_reasons(*entries: dict[str, Any]) -> str:
    index = cluster(made("v1", "LimitRange", {"limits": list(entries)}))
    (item,) = index.of_kind("", "LimitRange")
    return "; ".join(fault.reason for fault in limit_range_faults(index, item))


def quota_reasons(hard: Any, *scopes: str) -> str:
    index = cluster(made("v1", "ResourceQuota", {"hard": hard, "scopes": list(scopes)}))
    (item,) = index.of_kind("", "ResourceQuota")
    return "; ".join(fault.reason for fault in quota_faults(index, item))


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        ({"min": {"cpu": "2"}, "max": {"cpu": "1"}}, "cpu: min 2 is greater than max 1"),
        ({"default": {"cpu": "1"}, "defaultRequest": {"cpu": "2"}}, "defaultRequest 2 is greater than default 1"),
        ({"defaultRequest": {"cpu": "2"}, "max": {"cpu": "1"}}, "defaultRequest 2 is greater than max 1"),
        ({"min": {"cpu": "2"}, "default": {"cpu": "1"}}, "min 2 is greater than default 1"),
        ({"maxLimitRequestRatio": {"cpu": "0.5"}}, "is less than 1"),
        ({"maxLimitRequestRatio": {"cpu": "5"}, "min": {"cpu": "1"}, "max": {"cpu": "2"}}, "greater than max through"),
        ({"max": {"cpus": "1"}}, "there is no resource 'cpus'"),
        ({"max": {"cpu": "one"}}, "is no quantity"),
    ],
)
def test_what_a_limit_range_may_not_be(entry: dict[str, Any], reason: str) -> None:
    assert reason in range_reasons({"type": "Container", **entry})


@pytest.mark.parametrize(
    "entry",
    [
        {"type": "Container", "min": {"cpu": "1"}, "max": {"cpu": "1"}},
        {"type": "Container", "max": {"cpu": "${CPU}", "nvidia.com/gpu": "1"}},
        {"type": "PersistentVolumeClaim", "max": {"storage": "5Gi"}},
        {"type": "Pod", "max": {"cpu": "2"}, "maxLimitRequestRatio": {"cpu": "4"}},
    ],
)
def test_what_a_limit_range_may_be(entry: dict[str, Any]) -> None:
    assert range_reasons(entry) == ""


def test_types_of_a_limit_range() -> None:
    assert "stands there twice" in range_reasons({"type": "Container"}, {"type": "Container"})
    assert "needs min or max of storage" in range_reasons({"type": "PersistentVolumeClaim"})
    assert "the type Pod has no default" in range_reasons({"type": "Pod", "default": {"cpu": "1"}})
    assert "is none of" in range_reasons({"type": "Containers"})


@pytest.mark.parametrize(
    ("hard", "scopes", "reason"),
    [
        ({"storage": "5Gi"}, (), "there is no resource 'storage'"),
        ({"pods": "-1"}, (), "less than nothing"),
        ({"count/jobs.batch": "1.5"}, (), "no whole number"),
        ({"pods": "1"}, ("BestEffort", "NotBestEffort"), "exclude each other"),
        ({"cpu": "1"}, ("BestEffort",), "counts pods only"),
        ({"services": "1"}, ("Terminating",), "does not go with services"),
        ({"pods": "1"}, ("Ending",), "there is no scope 'Ending'"),
    ],
)
def test_what_a_quota_may_not_be(hard: dict[str, str], scopes: tuple[str, ...], reason: str) -> None:
    assert reason in quota_reasons(hard, *scopes)


@pytest.mark.parametrize("hard", [{"pods": "3"}, {"hugepages-2Mi": "1Gi"}, {"example.org/thing": "1"}, None, [], "x"])
def test_what_a_quota_may_be(hard: Any) -> None:
    assert quota_reasons(hard) == ""
