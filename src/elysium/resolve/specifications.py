"""The parts of Flux's objects that decide what is rendered, as types.

Fields that Elysium passes on untouched to the engine (patches, images) stay in the object itself.
"""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec

__all__ = [
    "ChartReference",
    "ChartTemplate",
    "Dependency",
    "HelmReleaseSpec",
    "KustomizationSpec",
    "ObjectRef",
    "SourceReference",
    "ValuesReference",
    "flux_object",
]


_T = TypeVar("_T")


class _Lenient(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Unknown fields are ignored: the schema rule reports them."""


class ObjectRef(_Lenient, frozen=True):
    """A reference by name, with a namespace that defaults to the referrer's."""

    name: str
    namespace: str = ""


class SourceReference(_Lenient, frozen=True):
    """`sourceRef` of a Kustomization or a chart."""

    kind: str
    name: str
    namespace: str = ""


ChartReference = SourceReference


class Dependency(_Lenient, frozen=True):
    """`dependsOn[]`."""

    name: str
    namespace: str = ""
    ready_expr: str = ""


class SubstituteReference(_Lenient, frozen=True):
    """`postBuild.substituteFrom[]`."""

    kind: str
    name: str
    optional: bool = False


class PostBuild(_Lenient, frozen=True):
    """`spec.postBuild`."""

    substitute: dict[str, str] = {}
    substitute_from: tuple[SubstituteReference, ...] = ()
    substitute_strategy: str = ""


class Decryption(_Lenient, frozen=True):
    """`spec.decryption`."""

    provider: str = ""
    secret_ref: ObjectRef | None = None


class KustomizationSpec(_Lenient, frozen=True):
    """`spec` of a Flux Kustomization."""

    source_ref: SourceReference
    path: str = ""
    suspend: bool = False
    prune: bool = False
    wait: bool = False
    depends_on: tuple[Dependency, ...] = ()
    post_build: PostBuild | None = None
    decryption: Decryption | None = None
    target_namespace: str = ""


class ValuesReference(_Lenient, frozen=True):
    """`spec.valuesFrom[]` of a HelmRelease."""

    kind: str
    name: str
    values_key: str = "values.yaml"
    target_path: str = ""
    optional: bool = False
    literal: bool = False


class ChartSpec(_Lenient, frozen=True):
    """`spec.chart.spec` of a HelmRelease, which equals `spec` of a HelmChart."""

    chart: str
    source_ref: SourceReference
    version: str = "*"
    values_files: tuple[str, ...] = ()
    ignore_missing_values_files: bool = False
    reconcile_strategy: str = "ChartVersion"


class ChartTemplate(_Lenient, frozen=True):
    """`spec.chart` of a HelmRelease."""

    spec: ChartSpec


class Action(_Lenient, frozen=True):
    """`spec.install` and `spec.upgrade`, as far as they change what is rendered."""

    crds: str = ""
    disable_hooks: bool = False
    disable_schema_validation: bool = False
    disable_open_api_validation: bool = msgspec.field(default=False, name="disableOpenAPIValidation")


class Test(_Lenient, frozen=True):
    """`spec.test`."""

    enable: bool = False


class Target(_Lenient, frozen=True):
    """`target` of a patch, and the fields by which it selects."""

    group: str = ""
    version: str = ""
    kind: str = ""
    namespace: str = ""
    name: str = ""
    label_selector: str = ""
    annotation_selector: str = ""


class Patch(_Lenient, frozen=True):
    """`patches[]` of a post renderer."""

    patch: str
    target: Target | None = None


class Image(_Lenient, frozen=True):
    """`images[]` of a post renderer."""

    name: str
    new_name: str = ""
    new_tag: str = ""
    digest: str = ""


class KustomizeRenderer(_Lenient, frozen=True):
    """`postRenderers[].kustomize`."""

    patches: tuple[Patch, ...] = ()
    images: tuple[Image, ...] = ()


class PostRenderer(_Lenient, frozen=True):
    """`postRenderers[]`: only checked here; the engine takes them as they were written."""

    kustomize: KustomizeRenderer | None = None


class CommonMetadata(_Lenient, frozen=True):
    """`spec.commonMetadata`: only checked here."""

    labels: dict[str, str] = {}
    annotations: dict[str, str] = {}


class HelmReleaseSpec(_Lenient, frozen=True):
    """`spec` of a HelmRelease. Exactly one of `chart` and `chart_ref` is set."""

    chart: ChartTemplate | None = None
    chart_ref: ChartReference | None = None
    release_name: str = ""
    target_namespace: str = ""
    storage_namespace: str = ""
    suspend: bool = False
    depends_on: tuple[Dependency, ...] = ()
    values: dict[str, Any] | None = None
    values_from: tuple[ValuesReference, ...] = ()
    install: Action = Action()
    upgrade: Action = Action()
    test: Test = Test()
    post_renderers: tuple[dict[str, Any], ...] = ()
    post_render_strategy: str = ""
    common_metadata: dict[str, Any] | None = None

    def __post_init__(self) -> None:
        msgspec.convert(self.post_renderers, tuple[PostRenderer, ...])
        msgspec.convert(self.common_metadata, CommonMetadata | None)


def flux_object(spec: Any, kind: type[_T]) -> _T:
    """Read a `spec` as its type. Raises msgspec.ValidationError, which names the field, when the API server would
    refuse it. A field that is null counts as absent, as there; but inside a release's values null means something.
    """
    if not isinstance(spec, dict):
        return msgspec.convert(spec if spec is not None else {}, kind, strict=True)
    if "None" not in repr(spec):  # nothing to leave out, which this tells faster than a look at every field
        return msgspec.convert(spec, kind, strict=True)
    written = {key: value if key == "values" else _without_nulls(value) for key, value in spec.items()}
    return msgspec.convert({key: value for key, value in written.items() if value is not None}, kind, strict=True)


def _without_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_nulls(item) for key, item in value.items() if item is not None}
    return [_without_nulls(item) for item in value] if isinstance(value, list) else value
