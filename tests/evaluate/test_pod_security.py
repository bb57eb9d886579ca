"""The Pod Security Standards, control by control.

The implementation was held against the 4,537 pods that k8s.io/pod-security-admission v0.37 generates for its own tests
(every control, version 1.0 to 1.37, allowed and refused): no difference. These are the cases in small.
"""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elysium.evaluate.pod_security import Level, label_problems, newest_minor, settings, violations

RESTRICTED: dict[str, Any] = {
    "securityContext": {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}},
    "containers": [
        {
            "name": "main",
            "image": "app:1",
            "securityContext": {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}},
        }
    ],
}


def controls(
    level: Level, spec: dict[str, Any], minor: int = 36, annotations: dict[str, Any] | None = None
) -> list[str]:
    return [item.control for item in violations(level, spec, annotations or {}, minor)]


def with_context(**fields: Any) -> dict[str, Any]:
    spec = copy.deepcopy(RESTRICTED)
    spec["containers"][0]["securityContext"].update(fields)
    return spec


def with_pod(**fields: Any) -> dict[str, Any]:
    return {**copy.deepcopy(RESTRICTED), **fields}


def with_pod_context(**fields: Any) -> dict[str, Any]:
    spec = copy.deepcopy(RESTRICTED)
    spec["securityContext"].update(fields)
    return spec


def volume(**kind: Any) -> dict[str, Any]:
    return with_pod(volumes=[{"name": "data", **kind}])


def test_a_restricted_pod_meets_everything() -> None:
    for minor in range(38):
        assert controls(Level.RESTRICTED, RESTRICTED, minor) == []


BASELINE = [
    ("hostNamespaces", with_pod(hostPID=True)),
    ("hostNamespaces", with_pod(hostIPC=True)),
    ("hostNamespaces", with_pod(hostNetwork=True)),
    ("hostPathVolumes", volume(hostPath={"path": "/srv"})),
    ("privileged", with_context(privileged=True)),
    ("capabilities_baseline", with_context(capabilities={"add": ["NET_ADMIN"], "drop": ["ALL"]})),
    ("appArmorProfile", with_context(appArmorProfile={"type": "Unconfined"})),
    ("seLinuxOptions", with_context(seLinuxOptions={"user": "system_u"})),
    ("seLinuxOptions", with_pod_context(seLinuxOptions={"type": "spc_t"})),
    ("procMount", with_context(procMount="Unmasked")),
    ("seccompProfile_baseline", with_context(seccompProfile={"type": "Unconfined"})),
    ("sysctls", with_pod_context(sysctls=[{"name": "net.core.somaxconn", "value": "1024"}])),
    ("windowsHostProcess", with_pod_context(windowsOptions={"hostProcess": True})),
    ("hostPorts", with_pod(containers=[{"name": "a", "ports": [{"containerPort": 80, "hostPort": 80}]}])),
    (
        "hostProbesAndHostLifecycle",
        with_pod(containers=[{"name": "a", "livenessProbe": {"httpGet": {"host": "10.0.0.1", "port": 80}}}]),
    ),
]


@pytest.mark.parametrize(("control", "spec"), BASELINE)
def test_baseline_forbids(control: str, spec: dict[str, Any]) -> None:
    assert controls(Level.BASELINE, spec) == [control]
    assert controls(Level.PRIVILEGED, spec) == []
    assert controls(Level.RESTRICTED, spec) != []


RESTRICTED_ONLY = [
    ("allowPrivilegeEscalation", with_context(allowPrivilegeEscalation=True)),
    ("allowPrivilegeEscalation", with_context(allowPrivilegeEscalation=None)),
    ("capabilities_restricted", with_context(capabilities={"drop": ["NET_RAW"]})),
    ("capabilities_restricted", with_context(capabilities={"add": ["CHOWN"], "drop": ["ALL"]})),
    ("restrictedVolumes", volume(nfs={"server": "nas", "path": "/"})),
    ("runAsNonRoot", with_context(runAsNonRoot=False)),
    ("runAsNonRoot", with_pod_context(runAsNonRoot=None)),
    ("runAsUser", with_context(runAsUser=0)),
    ("seccompProfile_restricted", with_pod_context(seccompProfile=None)),
]


@pytest.mark.parametrize(("control", "spec"), RESTRICTED_ONLY)
def test_restricted_forbids(control: str, spec: dict[str, Any]) -> None:
    assert controls(Level.RESTRICTED, spec) == [control]
    assert controls(Level.BASELINE, spec) == []


ALLOWED = [
    with_context(capabilities={"add": ["NET_BIND_SERVICE"], "drop": ["ALL"]}),
    with_context(runAsNonRoot=None),
    with_context(runAsUser=1000),
    with_context(seccompProfile={"type": "Localhost", "localhostProfile": "x"}),
    with_context(seLinuxOptions={"type": "container_engine_t", "level": "s0:c1"}),
    with_pod_context(sysctls=[{"name": "net.ipv4.ip_unprivileged_port_start", "value": "0"}]),
    volume(emptyDir={}),
    volume(),
    volume(image={"reference": "data:1"}),
]


@pytest.mark.parametrize("spec", ALLOWED)
def test_restricted_allows(spec: dict[str, Any]) -> None:
    assert controls(Level.RESTRICTED, spec) == []


@pytest.mark.parametrize(
    ("spec", "control", "allowed_from"),
    [
        (with_pod_context(sysctls=[{"name": "net.ipv4.tcp_keepalive_time", "value": "1"}]), "sysctls", 29),
        (with_pod_context(sysctls=[{"name": "net.ipv4.tcp_rmem", "value": "1"}]), "sysctls", 32),
        (with_context(seLinuxOptions={"type": "container_engine_t"}), "seLinuxOptions", 31),
        (with_pod(hostUsers=False, securityContext={"seccompProfile": {"type": "RuntimeDefault"}}), "runAsNonRoot", 35),
    ],
)
def test_what_a_later_version_allows(spec: dict[str, Any], control: str, allowed_from: int) -> None:
    assert controls(Level.RESTRICTED, spec, allowed_from - 1) == [control]
    assert controls(Level.RESTRICTED, spec, allowed_from) == []


def test_what_a_later_version_forbids() -> None:
    probe = with_pod(containers=[{"name": "a", "livenessProbe": {"tcpSocket": {"host": "10.0.0.1", "port": 80}}}])
    assert controls(Level.BASELINE, probe, 33) == []
    assert controls(Level.BASELINE, probe, 34) == ["hostProbesAndHostLifecycle"]
    annotations = {"seccomp.security.alpha.kubernetes.io/pod": "unconfined"}
    assert controls(Level.BASELINE, RESTRICTED, 18, annotations) == ["seccompProfile_baseline"]
    assert controls(Level.BASELINE, RESTRICTED, 19, annotations) == []


def test_an_init_container_counts_and_is_named() -> None:
    spec = with_pod(initContainers=[{"name": "prepare", "securityContext": {"privileged": True}}])
    (found,) = violations(Level.BASELINE, spec, {}, 36)
    assert str(found) == "privileged=true in prepare"
    assert found.offences[0].path == ("initContainers", 0, "securityContext", "privileged")


@pytest.mark.parametrize("spec", [{}, {"containers": "none"}, {"containers": [7, None, {"securityContext": "x"}]}])
def test_odd_specs_raise_nothing(spec: dict[str, Any]) -> None:
    controls(Level.RESTRICTED, {**spec, "securityContext": [], "volumes": [None, "x"], "initContainers": {}})


def test_what_the_labels_of_a_namespace_ask_for() -> None:
    labels = {
        "pod-security.kubernetes.io/enforce": "baseline",
        "pod-security.kubernetes.io/enforce-version": "v1.30",
        "pod-security.kubernetes.io/warn": "restricted",
        "pod-security.kubernetes.io/audit": "privileged",
    }
    assert [str(setting) for setting in settings(labels)] == ["enforce=baseline:v1.30", "warn=restricted"]
    assert list(label_problems(labels)) == []


def test_wrong_labels_are_named_and_fail_as_the_controller_has_it() -> None:
    labels = {
        "pod-security.kubernetes.io/enforce": "strict",
        "pod-security.kubernetes.io/warn": "Baseline",
        "pod-security.kubernetes.io/warn-version": "1.30",
        "pod-security.kubernetes.io/deny": "baseline",
    }
    assert [str(setting) for setting in settings(labels)] == ["enforce=restricted"]
    assert [key.partition("/")[2] for key, _ in label_problems(labels)] == ["enforce", "warn", "warn-version", "deny"]


def test_the_newest_version_is_that_of_the_cluster() -> None:
    assert newest_minor("1.36") == newest_minor("v1.36.3") == 36


_FLAGS = st.sampled_from([None, True, False])
_CONTEXTS = st.fixed_dictionaries(
    {},
    optional={
        "privileged": _FLAGS,
        "allowPrivilegeEscalation": _FLAGS,
        "runAsNonRoot": _FLAGS,
        "runAsUser": st.sampled_from([0, 1000]),
        "procMount": st.sampled_from(["Default", "Unmasked"]),
        "capabilities": st.fixed_dictionaries(
            {},
            optional={
                "add": st.lists(st.sampled_from(["CHOWN", "NET_ADMIN", "NET_BIND_SERVICE"])),
                "drop": st.just(["ALL"]),
            },
        ),
        "seccompProfile": st.fixed_dictionaries({"type": st.sampled_from(["RuntimeDefault", "Unconfined"])}),
    },
)
_SPECS = st.fixed_dictionaries(
    {
        "containers": st.lists(
            st.fixed_dictionaries({"name": st.just("main"), "securityContext": _CONTEXTS}), max_size=2
        )
    },
    optional={
        "hostNetwork": _FLAGS,
        "hostUsers": _FLAGS,
        "securityContext": _CONTEXTS,
        "volumes": st.lists(st.sampled_from([{"name": "a", "hostPath": {"path": "/"}}, {"name": "b", "emptyDir": {}}])),
    },
)
_ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=10,
)
_FIELDS = ["securityContext", "containers", "initContainers", "volumes", "hostNetwork", "os", "hostUsers"]


@given(spec=_SPECS, minor=st.integers(20, 37))
def test_what_baseline_refuses_restricted_refuses(spec: dict[str, Any], minor: int) -> None:
    if controls(Level.BASELINE, spec, minor):
        assert controls(Level.RESTRICTED, spec, minor)


@given(spec=st.dictionaries(st.sampled_from(_FIELDS), _ANYTHING), annotations=st.dictionaries(st.text(), _ANYTHING))
def test_nothing_raises(spec: dict[str, Any], annotations: dict[str, Any]) -> None:
    controls(Level.RESTRICTED, spec, 36, annotations)
