"""A whole case under one Flux version: the root, its children, the children's children, until nothing changes."""

from __future__ import annotations

import json
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from controllers import Controller

__all__ = ["Fleet", "Programs", "Result"]

Object = dict[str, Any]
Result = dict[str, Any]

CLUSTER_SCOPED = frozenset(
    {
        "APIService",
        "ClusterRole",
        "ClusterRoleBinding",
        "CustomResourceDefinition",
        "IngressClass",
        "MutatingWebhookConfiguration",
        "Namespace",
        "Node",
        "PersistentVolume",
        "PriorityClass",
        "RuntimeClass",
        "StorageClass",
        "ValidatingWebhookConfiguration",
    }
)
ROUNDS = 6
REVISION = "main@sha1:0000000000000000000000000000000000000000"


@dataclass(frozen=True, kw_only=True)
class Programs:
    """The three controllers of one Flux version."""

    flux: str
    kustomize: Controller
    helm: Controller
    source: Controller


@dataclass(kw_only=True)
class Fleet:
    """The state of one case while its units are built again and again, as Flux would retry them."""

    case: dict[str, Any]
    folder: Path
    programs: Programs
    units: dict[str, Result] = field(default_factory=dict)
    objects: dict[str, list[Object]] = field(default_factory=dict)
    owners: dict[str, Object] = field(default_factory=dict)

    def run(self) -> dict[str, Result]:
        """The units of the case by name (`ks/flux-system/apps`), the root excepted unless the case asks for it."""
        if "plain" in self.case:
            return {"plain": self._plain(self.case["plain"])}
        root = self.case.get("root") or _root(self.case.get("cluster", "clusters/test"))
        for _ in range(ROUNDS):
            before = json.dumps(self.units, sort_keys=True)
            self._round(root)
            if json.dumps(self.units, sort_keys=True) == before:
                break
        name = _unit("ks", root)
        if self.units[name]["state"] == "failed" and not self.case.get("compare_root"):
            raise RuntimeError(f"{self.folder.name}: the root failed: {self.units[name]['message']}")
        hidden = () if self.case.get("compare_root") else (name,)
        return {name: unit for name, unit in sorted(self.units.items()) if name not in hidden}

    def _round(self, root: Object) -> None:
        waiting, seen = [root], set()
        while waiting:
            owner = waiting.pop(0)
            kind = "ks" if owner["kind"] == "Kustomization" else "hr"
            name = _unit(kind, owner)
            if name in seen:
                continue
            seen.add(name)
            build = self._kustomization if kind == "ks" else self._release
            result = self._waiting(kind, owner) or build(owner)
            if owner["spec"].get("suspend"):
                result = {**result, "state": "suspended"}
            self.owners[name], self.units[name] = owner, result
            self.objects[name] = result.get("objects", [])
            waiting += [child for child in self.objects[name] if _is_unit(child)]

    def _waiting(self, kind: str, owner: Object) -> Result | None:
        """The controller's reason not to reconcile yet: a dependency is not ready. A unit that was built is ready."""
        if not owner["spec"].get("dependsOn"):
            return None
        known = [
            {**other, "metadata": {**other["metadata"], "generation": 1}, "status": _status(self.units[name]["state"])}
            for name, other in self.owners.items()
            if other["kind"] == owner["kind"]
        ]
        controller = self.programs.kustomize if kind == "ks" else self.programs.helm
        answer = controller.ask(
            method="ready", kustomization=owner, release=owner, cluster=known, revision=REVISION, gates=self._gates()
        )
        return {"state": "blocked", "message": answer["error"]} if answer.get("error") else None

    def _gates(self) -> dict[str, bool]:
        """The feature gates that are on: the defaults of the version, and what the case says."""
        gates: dict[str, bool] = {"StrictPostBuildSubstitutions": self.programs.flux != "2.8"}
        return gates | self.case.get("gates", {})

    def _cluster(self) -> list[Object]:
        """The ConfigMaps and Secrets that exist: those of the case's `cluster.json` and all that was rendered."""
        found: dict[str, Object] = {}
        given = self.folder / "cluster.json"
        known = json.loads(given.read_text()) if given.is_file() else []
        for item in [*known, *(item for objects in self.objects.values() for item in objects)]:
            if item.get("apiVersion") == "v1" and item.get("kind") in ("ConfigMap", "Secret") and _acceptable(item):
                found["/".join((item["kind"], item["metadata"].get("namespace", ""), item["metadata"]["name"]))] = item
        return list(found.values())

    def _kustomization(self, owner: Object) -> Result:
        source = self._source(owner["spec"]["sourceRef"], owner)
        answer = self.programs.kustomize.ask(
            method="build",
            tree=str(self.folder / source.get("path", "repository")),
            rules=source.get("rules", "git"),
            ignore=source.get("ignore"),
            kustomization=owner,
            cluster=self._cluster(),
            gates=self._gates(),
        )
        if answer.get("error"):
            return {"state": "failed", "message": answer["error"]}
        result: Result = {"state": "rendered", "objects": answer["objects"]}
        if self.case.get("order"):
            result["order"] = answer["order"]
        return result

    def _plain(self, path: str) -> Result:
        answer = self.programs.kustomize.ask(
            method="plain", tree=str(self.folder / "repository"), path=path, rules="none"
        )
        if answer.get("error"):
            return {"state": "failed", "message": answer["error"]}
        return {"state": "rendered", "objects": answer["objects"]}

    def _source(self, reference: Object, owner: Object) -> dict[str, Any]:
        namespace = reference.get("namespace") or owner["metadata"]["namespace"]
        name = "/".join((reference["kind"], namespace, reference["name"]))
        found: dict[str, Any] = self.case.get("sources", {}).get(name, {})
        return found

    def _release(self, owner: Object) -> Result:
        with tempfile.TemporaryDirectory() as directory:
            archive = Path(directory) / "chart.tgz"
            request = self._chart(owner, archive)
            if "error" in request:
                return {"state": "failed", "message": request["error"]}
            answer = self.programs.helm.ask(
                method="release",
                release=owner,
                cluster=self._cluster(),
                upgrade=self.case.get("upgrade", True),
                kubernetes="v" + self.case.get("kubernetes", "1.37") + ".0",
                apis=self.case.get("apis", []),
                gates=self._gates(),
                **request,
            )
        if answer.get("error"):
            return {"state": "failed", "message": answer["error"]}
        hooks = [hook["object"] for hook in answer.get("hooks") or [] if self._runs(hook["events"], owner)]
        objects = [*(answer.get("crds") or []), *(answer.get("objects") or []), *hooks]
        for item in objects:
            _place(item, answer["namespace"], self.case.get("cluster_scoped", []))
        return {"state": "rendered", "objects": objects}

    def _runs(self, events: list[str], owner: Object) -> bool:
        """Whether a hook runs when the release is applied: a test hook only when tests are enabled."""
        action = owner["spec"].get("upgrade" if self.case.get("upgrade", True) else "install", {})
        if set(events) == {"test"}:
            return bool(owner["spec"].get("test", {}).get("enable"))
        return not action.get("disableHooks")

    def _chart(self, owner: Object, archive: Path) -> dict[str, Any]:
        """What helm-controller is given: a chart's archive as source-controller builds it, or an artifact's own."""
        spec = owner["spec"]
        if "chartRef" in spec:
            source = self._source(spec["chartRef"], owner)
            chart = self.folder / source["path"]
            if spec["chartRef"]["kind"] != "OCIRepository":
                return self._packaged(self.folder / source.get("tree", ""), source["path"], source, archive)
            status = {"artifact": {"revision": source["revision"], "url": "", "path": "", "lastUpdateTime": None}}
            artifact = {"spec": {"url": "", "interval": "1h"}, "status": status, "metadata": {"name": "source"}}
            return {"chart": str(chart), "source": artifact}
        wanted = spec["chart"]["spec"]
        reference = wanted["sourceRef"]
        source = self._source(reference, owner)
        if reference["kind"] == "HelmRepository":
            path = self.case["charts"][wanted["chart"]]
            return self._packaged(self.folder, path, {**wanted, "remote": True}, archive)
        return self._packaged(self.folder / source.get("path", "repository"), wanted["chart"], wanted, archive)

    def _packaged(self, tree: Path, path: str, wanted: dict[str, Any], archive: Path) -> dict[str, Any]:
        answer = self.programs.source.ask(
            tree=str(tree),
            path=path,
            output=str(archive),
            remote=wanted.get("remote", False),
            valuesFiles=wanted.get("valuesFiles", []),
            ignoreMissing=wanted.get("ignoreMissingValuesFiles", False),
            generation="1",
        )
        return {"error": answer["error"]} if answer.get("error") else {"chart": str(archive)}


def _status(state: str) -> Object:
    condition = {
        "type": "Ready",
        "status": "True" if state == "rendered" else "False",
        "reason": "Oracle",
        "message": "",
        "lastTransitionTime": "2026-01-01T00:00:00Z",
    }
    return {"observedGeneration": 1, "conditions": [condition], "lastAppliedRevision": REVISION}


def _acceptable(item: Object) -> bool:
    """Whether an API server would take the data of a ConfigMap or Secret."""
    return all(isinstance(value, str) for value in (item.get("data") or {}).values())


def _root(path: str) -> Object:
    return {
        "apiVersion": "kustomize.toolkit.fluxcd.io/v1",
        "kind": "Kustomization",
        "metadata": {"name": "flux-system", "namespace": "flux-system"},
        "spec": {
            "interval": "10m",
            "path": f"./{path}",
            "prune": True,
            "sourceRef": {"kind": "GitRepository", "name": "flux-system"},
        },
    }


def _unit(kind: str, owner: Object) -> str:
    return "/".join((kind, owner["metadata"].get("namespace", ""), owner["metadata"]["name"]))


def _is_unit(item: Object) -> bool:
    group, _, _ = str(item.get("apiVersion")).rpartition("/")
    return (group, item.get("kind")) in {
        ("kustomize.toolkit.fluxcd.io", "Kustomization"),
        ("helm.toolkit.fluxcd.io", "HelmRelease"),
    }


def _place(item: Object, namespace: str, cluster_scoped: list[str]) -> None:
    """Helm sends a namespaced object that names no namespace to the namespace of the release."""
    if item["kind"] not in CLUSTER_SCOPED and item["kind"] not in cluster_scoped:
        item["metadata"].setdefault("namespace", namespace)
