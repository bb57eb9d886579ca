"""The controls of the Pod Security Standards, one function each, as k8s.io/pod-security-admission v0.37 has them.

A control looks at a pod and yields every place that it forbids. `since` and `before` are the minor versions of the
policy between which it has this form; a restricted control may stand in for a baseline one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any

import msgspec

from elysium.evaluate.workloads import Path, mapping, sequence

__all__ = ["BASELINE_CAPABILITIES", "CONTROLS", "Control", "Offence", "Pod", "safe_sysctls"]

NEVER = 10_000
BASELINE_CAPABILITIES = frozenset(
    [
        "AUDIT_WRITE",
        "CHOWN",
        "DAC_OVERRIDE",
        "FOWNER",
        "FSETID",
        "KILL",
        "MKNOD",
        "NET_BIND_SERVICE",
        "SETFCAP",
        "SETGID",
        "SETPCAP",
        "SETUID",
        "SYS_CHROOT",
    ]
)
SELINUX_TYPES = frozenset(("", "container_t", "container_init_t", "container_kvm_t"))
RESTRICTED_VOLUMES = frozenset(
    [
        "configMap",
        "csi",
        "downwardAPI",
        "emptyDir",
        "ephemeral",
        "image",
        "persistentVolumeClaim",
        "projected",
        "secret",
    ]
)
SAFE_SYSCTLS: tuple[tuple[int, frozenset[str]], ...] = (
    (
        0,
        frozenset(
            [
                "kernel.shm_rmid_forced",
                "net.ipv4.ip_local_port_range",
                "net.ipv4.tcp_syncookies",
                "net.ipv4.ping_group_range",
                "net.ipv4.ip_unprivileged_port_start",
            ]
        ),
    ),
    (27, frozenset(("net.ipv4.ip_local_reserved_ports",))),
    (
        29,
        frozenset(
            f"net.ipv4.tcp_{name}" for name in ["keepalive_time", "fin_timeout", "keepalive_intvl", "keepalive_probes"]
        ),
    ),
    (32, frozenset(("net.ipv4.tcp_rmem", "net.ipv4.tcp_wmem"))),
    (37, frozenset(("net.ipv4.tcp_slow_start_after_idle", "net.ipv4.tcp_notsent_lowat"))),
)
"""Sysctls that are allowed, with the minor version from which they are."""


class Offence(msgspec.Struct, frozen=True, kw_only=True):
    """One forbidden place: `path` leads there from the pod's spec, `container` is empty for the pod itself."""

    what: str
    path: Path = ()
    container: str = ""


class Pod(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """What the controls look at. `minor` is the version of the policy."""

    spec: dict[str, Any]
    annotations: dict[str, Any]
    minor: int

    @cached_property
    def containers(self) -> tuple[tuple[str, Path, dict[str, Any]], ...]:
        """Name, path and body of every container; init and ephemeral ones, too."""
        return tuple(
            (str(body.get("name") or number), (field, number), body)
            for field in ("initContainers", "containers", "ephemeralContainers")
            for number, body in enumerate(sequence(self.spec.get(field)))
            if isinstance(body, dict)
        )

    @cached_property
    def container_contexts(self) -> tuple[tuple[str, Path, dict[str, Any]], ...]:
        """Name, path and content of every container's securityContext; empty where there is none."""
        return tuple(
            (name, (*path, "securityContext"), mapping(body.get("securityContext")))
            for name, path, body in self.containers
        )

    @property
    def context(self) -> dict[str, Any]:
        """The pod's own securityContext."""
        return mapping(self.spec.get("securityContext"))

    @property
    def contexts(self) -> tuple[tuple[str, Path, dict[str, Any]], ...]:
        """The pod's securityContext, then those of the containers."""
        return (("", ("securityContext",), self.context), *self.container_contexts)

    @property
    def windows(self) -> bool:
        """Whether the pod declares to be one of Windows, which Linux controls spare from 1.25 on."""
        return self.minor >= 25 and mapping(self.spec.get("os")).get("name") == "windows"

    @property
    def own_users(self) -> bool:
        """Whether root inside is nobody outside (user namespaces), which relaxes some controls from 1.35 on."""
        return self.minor >= 35 and self.spec.get("hostUsers") is False


class Control(msgspec.Struct, frozen=True, kw_only=True):
    """One control: what the API server calls it, the level that asks for it, and who looks."""

    id: str
    reason: str
    restricted: bool
    check: Callable[[Pod], Iterator[Offence]]
    since: int = 0
    before: int = NEVER
    overrides: str = ""


def _host_process(pod: Pod) -> Iterator[Offence]:
    for name, path, context in pod.contexts:
        if mapping(context.get("windowsOptions")).get("hostProcess") is True:
            yield Offence(what="hostProcess=true", path=(*path, "windowsOptions", "hostProcess"), container=name)


def _host_namespaces(pod: Pod) -> Iterator[Offence]:
    for field in ("hostNetwork", "hostPID", "hostIPC"):
        if pod.spec.get(field) is True:
            yield Offence(what=f"{field}=true", path=(field,))


def _privileged(pod: Pod) -> Iterator[Offence]:
    for name, path, context in pod.container_contexts:
        if context.get("privileged") is True:
            yield Offence(what="privileged=true", path=(*path, "privileged"), container=name)


def _added(pod: Pod, allowed: frozenset[str]) -> Iterator[Offence]:
    for name, path, context in pod.container_contexts:
        added = sequence(mapping(context.get("capabilities")).get("add"))
        forbidden = [str(item) for item in added if str(item) not in allowed]
        if forbidden:
            what = f"capabilities.add {', '.join(forbidden)}"
            yield Offence(what=what, path=(*path, "capabilities", "add"), container=name)


def _baseline_capabilities(pod: Pod) -> Iterator[Offence]:
    yield from _added(pod, BASELINE_CAPABILITIES)


def _restricted_capabilities(pod: Pod) -> Iterator[Offence]:
    if pod.windows:
        return
    for name, path, context in pod.container_contexts:
        if "ALL" not in sequence(mapping(context.get("capabilities")).get("drop")):
            yield Offence(what="capabilities.drop without ALL", path=(*path, "capabilities", "drop"), container=name)
    yield from _added(pod, frozenset(("NET_BIND_SERVICE",)))


def _host_path(pod: Pod) -> Iterator[Offence]:
    for number, volume in enumerate(sequence(pod.spec.get("volumes"))):
        if isinstance(mapping(volume).get("hostPath"), dict):
            yield Offence(what=f"volume {volume.get('name')}", path=("volumes", number, "hostPath"))


def _restricted_volumes(pod: Pod) -> Iterator[Offence]:
    for number, volume in enumerate(sequence(pod.spec.get("volumes"))):
        kinds = [key for key, value in mapping(volume).items() if key != "name" and value is not None]
        # A volume without a kind is an emptyDir by default, set before admission looks.
        if kinds and not RESTRICTED_VOLUMES.intersection(kinds):
            what = f"volume {volume.get('name')} of type {kinds[0]}"
            yield Offence(what=what, path=("volumes", number, kinds[0]))


def _host_ports(pod: Pod) -> Iterator[Offence]:
    for name, path, body in pod.containers:
        for number, port in enumerate(sequence(body.get("ports"))):
            value = mapping(port).get("hostPort")
            # With hostNetwork, defaulting copies containerPort to hostPort before admission looks.
            if not value and pod.spec.get("hostNetwork") is True:
                value = mapping(port).get("containerPort")
            if value:
                yield Offence(what=f"hostPort {value}", path=(*path, "ports", number), container=name)


def _app_armor(pod: Pod) -> Iterator[Offence]:
    for name, path, context in pod.contexts:
        profile = context.get("appArmorProfile")
        if isinstance(profile, dict) and profile.get("type") not in ("RuntimeDefault", "Localhost"):
            what = f"appArmorProfile {profile.get('type')}"
            yield Offence(what=what, path=(*path, "appArmorProfile"), container=name)
    for key, value in pod.annotations.items():
        allowed = value in ("", "runtime/default") or str(value).startswith("localhost/")
        if key.startswith("container.apparmor.security.beta.kubernetes.io/") and not allowed:
            yield Offence(what=f"annotation {key}={value}")


def _selinux(pod: Pod) -> Iterator[Offence]:
    types = SELINUX_TYPES | {"container_engine_t"} if pod.minor >= 31 else SELINUX_TYPES
    for name, path, context in pod.contexts:
        options = mapping(context.get("seLinuxOptions"))
        wrong = [field for field in ("user", "role") if options.get(field)]
        if str(options.get("type") or "") not in types:
            wrong.insert(0, f"type {options['type']}")
        if wrong:
            yield Offence(what=f"seLinuxOptions {', '.join(wrong)}", path=(*path, "seLinuxOptions"), container=name)


def _proc_mount(pod: Pod) -> Iterator[Offence]:
    for name, path, context in pod.container_contexts:
        if context.get("procMount", "Default") not in ("Default", None):
            yield Offence(what=f"procMount {context['procMount']}", path=(*path, "procMount"), container=name)


def _proc_mount_of_own_users(pod: Pod) -> Iterator[Offence]:
    if not pod.own_users:
        yield from _proc_mount(pod)


_SECCOMP = ("RuntimeDefault", "Localhost")


def _seccomp_annotations(pod: Pod) -> Iterator[Offence]:
    prefix = "container.seccomp.security.alpha.kubernetes.io/"
    keys = ["seccomp.security.alpha.kubernetes.io/pod", *(prefix + name for name, _, _ in pod.containers)]
    for key in keys:
        value = pod.annotations.get(key, "runtime/default")
        if value not in ("runtime/default", "docker/default") and not str(value).startswith("localhost/"):
            yield Offence(what=f"annotation {key}={value}")


def _seccomp(pod: Pod) -> Iterator[Offence]:
    for name, path, context in pod.contexts:
        profile = context.get("seccompProfile")
        if isinstance(profile, dict) and profile.get("type") not in _SECCOMP:
            what = f"seccompProfile {profile.get('type')}"
            yield Offence(what=what, path=(*path, "seccompProfile"), container=name)


def _seccomp_set(pod: Pod) -> Iterator[Offence]:
    if pod.windows:
        return
    yield from _seccomp(pod)
    if mapping(pod.context.get("seccompProfile")).get("type") in _SECCOMP:
        return
    for name, path, context in pod.container_contexts:
        if not isinstance(context.get("seccompProfile"), dict):
            yield Offence(what="no seccompProfile", path=path, container=name)


def safe_sysctls(minor: int) -> frozenset[str]:
    """The kernel parameters that pods may set in a version; the kubelet has the same list as the standards."""
    return frozenset(name for since, names in SAFE_SYSCTLS if minor >= since for name in names)


def _sysctls(pod: Pod) -> Iterator[Offence]:
    allowed = safe_sysctls(pod.minor)
    for number, entry in enumerate(sequence(pod.context.get("sysctls"))):
        name = str(mapping(entry).get("name"))
        if name not in allowed:
            yield Offence(what=f"sysctl {name}", path=("securityContext", "sysctls", number))


def _handlers(body: dict[str, Any]) -> Iterator[tuple[Path, dict[str, Any]]]:
    """What the kubelet asks or runs for a container, with its path."""
    for field in ("livenessProbe", "readinessProbe", "startupProbe"):
        if field in body:
            yield (field,), mapping(body[field])
    for event, handler in mapping(body.get("lifecycle")).items():
        yield ("lifecycle", event), mapping(handler)


def _probe_hosts(pod: Pod) -> Iterator[Offence]:
    for name, path, body in pod.containers:
        for place, handler in _handlers(body):
            for action in ("httpGet", "tcpSocket"):
                host = mapping(handler.get(action)).get("host")
                if host:
                    yield Offence(what=f"host {host}", path=(*path, *place, action, "host"), container=name)


def _privilege_escalation(pod: Pod) -> Iterator[Offence]:
    if pod.windows:
        return
    for name, path, context in pod.container_contexts:
        if context.get("allowPrivilegeEscalation") is not False:
            what = "allowPrivilegeEscalation is not false"
            yield Offence(what=what, path=(*path, "allowPrivilegeEscalation"), container=name)


def _run_as_non_root(pod: Pod) -> Iterator[Offence]:
    if pod.own_users:
        return
    pod_wide = pod.context.get("runAsNonRoot")
    if pod_wide is False:
        yield Offence(what="runAsNonRoot=false", path=("securityContext", "runAsNonRoot"))
    for name, path, context in pod.container_contexts:
        own = context.get("runAsNonRoot")
        if own is False:
            yield Offence(what="runAsNonRoot=false", path=(*path, "runAsNonRoot"), container=name)
        elif own is None and pod_wide is not True:
            yield Offence(what="runAsNonRoot is not true", path=path, container=name)


def _run_as_user(pod: Pod) -> Iterator[Offence]:
    if pod.own_users:
        return
    for name, path, context in pod.contexts:
        user = context.get("runAsUser")
        if user == 0 and user is not False:
            yield Offence(what="runAsUser=0", path=(*path, "runAsUser"), container=name)


def _control(identifier: str, reason: str, check: Callable[[Pod], Iterator[Offence]], **rest: Any) -> Control:
    return Control(id=identifier, reason=reason, check=check, **{"restricted": False, **rest})


CONTROLS: tuple[Control, ...] = (
    _control("appArmorProfile", "forbidden AppArmor profile", _app_armor),
    _control("capabilities_baseline", "non-default capabilities", _baseline_capabilities),
    _control("hostNamespaces", "host namespaces", _host_namespaces),
    _control("hostPathVolumes", "hostPath volumes", _host_path),
    _control("hostPorts", "hostPort", _host_ports),
    _control("hostProbesAndHostLifecycle", "probe or lifecycle host", _probe_hosts, since=34),
    _control("privileged", "privileged", _privileged),
    _control("procMount", "procMount", _proc_mount_of_own_users),
    _control("seLinuxOptions", "seLinuxOptions", _selinux),
    _control("seccompProfile_baseline", "seccompProfile", _seccomp_annotations, before=19),
    _control("seccompProfile_baseline", "seccompProfile", _seccomp, since=19),
    _control("sysctls", "forbidden sysctls", _sysctls),
    _control("windowsHostProcess", "hostProcess", _host_process),
    _control(
        "allowPrivilegeEscalation",
        "allowPrivilegeEscalation != false",
        _privilege_escalation,
        restricted=True,
        since=8,
    ),
    _control(
        "capabilities_restricted",
        "unrestricted capabilities",
        _restricted_capabilities,
        restricted=True,
        since=22,
        overrides="capabilities_baseline",
    ),
    _control("procMount_restricted", "procMount", _proc_mount, restricted=True, since=35, overrides="procMount"),
    _control(
        "restrictedVolumes",
        "restricted volume types",
        _restricted_volumes,
        restricted=True,
        overrides="hostPathVolumes",
    ),
    _control("runAsNonRoot", "runAsNonRoot != true", _run_as_non_root, restricted=True),
    _control("runAsUser", "runAsUser=0", _run_as_user, restricted=True, since=23),
    _control(
        "seccompProfile_restricted",
        "seccompProfile",
        _seccomp_set,
        restricted=True,
        since=19,
        overrides="seccompProfile_baseline",
    ),
)
"""Every control, the baseline ones first, each in the order of its name: the API server answers in this order."""
