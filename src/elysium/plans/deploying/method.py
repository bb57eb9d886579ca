"""Step 0: the deployment method, chosen by priority over what is known here (requirement 0.4.S0).

Planning works offline. What was not consulted is `unknown`, never rejected: a person looks it up and says why it is not
used (`--reject official-chart="none is published"`).
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from urllib.parse import urlsplit

import msgspec

from elysium.errors import PlanError
from elysium.plans.deploying.application import METHODS, NAMES_OF_METHODS, Application
from elysium.plans.deploying.catalogue import Chart, KnownCharts, entry_of, highest_version
from elysium.plans.deploying.lines import uncommented
from elysium.sources import urls

__all__ = ["Considered", "Method", "Verdict", "choose"]

_BITNAMI = Chart(repository="https://charts.bitnami.com/bitnami", name="postgresql")


class Verdict(StrEnum):
    """What became of a deployment method."""

    CHOSEN = "chosen"
    REJECTED = "rejected"
    NOT_NEEDED = "not needed"
    UNKNOWN = "unknown"


class Considered(msgspec.Struct, frozen=True, kw_only=True):
    """One of the five methods, what became of it, and why."""

    method: str
    verdict: Verdict
    reason: str


class Method(msgspec.Struct, frozen=True, kw_only=True):
    """The deployment method that is planned: the source, the chart or folder in it, the version, and the reason."""

    key: str
    source: str = ""
    name: str = ""
    version: str = ""
    reason: str = ""
    considered: tuple[Considered, ...] = ()

    @property
    def answers(self) -> dict[str, str]:
        """The same as answers of the component."""
        if self.key in ("official-chart", "community-chart"):
            found = {"chart": self.name, "chart-repository": self.source, "chart-version": self.version}
        elif self.key == "official-kustomize":
            found = {"source-repository": self.source, "source-path": self.name, "source-version": self.version}
        else:
            found = {}
        reason = " ".join(uncommented(self.reason).split())
        return {key: value for key, value in {**found, "reason": reason}.items() if value}


class _Found(msgspec.Struct, frozen=True, kw_only=True):
    """Something that an application can be deployed from, and who says so."""

    source: str
    name: str
    version: str = ""
    reason: str


def choose(application: Application, known: Sequence[KnownCharts]) -> Method:
    """Walk the methods by priority. Raises PlanError when nothing is known that the application could come from."""
    found = _candidates(application, known)
    key = application.method or _given(application, found) or _first(application, found)
    if not key:
        hint = "give image, or chart and chart-repository, or source-repository, in app.toml or as options"
        raise PlanError("nothing is known that it could be deployed from", subject=application.name, hint=hint)
    chosen = found.get(key) or _Found(source="", name="", reason="")
    if key in ("official-chart", "community-chart") and not (application.preset or chosen.version):
        hint = "give the exact version with chart-version: what is not pinned changes without a commit"
        raise PlanError(f"the version of the chart {chosen.name} is not known here", subject=chosen.source, hint=hint)
    reason = _reason(application, key, chosen)
    considered = tuple(_considered(method, key, reason, application, known) for method in METHODS)
    return Method(
        key=key, source=chosen.source, name=chosen.name, version=chosen.version, reason=reason, considered=considered
    )


def _candidates(application: Application, known: Sequence[KnownCharts]) -> dict[str, _Found]:
    entry = entry_of(_product(application))
    found: dict[str, _Found] = {}
    for method, chart in (
        ("official-chart", entry.official_chart if entry else None),
        ("community-chart", entry.community_chart if entry else None),
    ):
        if chart:
            found[method] = _of_catalogue(application, method, chart, known)
    for item in known:
        if item.versions and not _is_entry(item, found):
            version = application.chart_version or highest_version(item.versions)
            reason = f"{item.origin} holds a chart of this name"
            found.setdefault(
                "community-chart",
                _Found(source=item.repository, name=item.name, version=version, reason=reason),
            )
    return found | _named(application)


def _of_catalogue(application: Application, method: str, chart: Chart, known: Sequence[KnownCharts]) -> _Found:
    versions = tuple(version for item in known if _same(item.repository, chart.repository) for version in item.versions)
    version = application.chart_version or highest_version(versions)
    who = "its owner" if method == "official-chart" else "the community"
    return _Found(
        source=chart.repository, name=chart.name, version=version, reason=f"{who} publishes this chart (catalogue)"
    )


def _named(application: Application) -> dict[str, _Found]:
    """What a person names: a chart, manifests, or a preset, which is a chart or manifests that come along."""
    if application.preset:
        if application.preset == "postgresql":
            reason = "the best kept chart: it brings replication, TLS and metrics"
            return {"community-chart": _Found(source=_BITNAMI.repository, name=_BITNAMI.name, reason=reason)}
        return {"official-method": _Found(source="", name="", reason="manifests by the preset of this name")}
    if application.chart_repository:
        chart = Chart(repository=application.chart_repository, name=application.chart or application.name)
        method = application.method or _publisher(application, chart)
        reason = "the owner publishes it" if method == "official-chart" else "a chart of the community exists"
        return {
            method: _Found(source=chart.repository, name=chart.name, version=application.chart_version, reason=reason)
        }
    if application.source_repository:
        found = _Found(
            source=application.source_repository,
            name=application.source_path or "./",
            version=application.source_version,
            reason="the owner publishes manifests for Kustomize",
        )
        return {"official-kustomize": found}
    return {}


def _publisher(application: Application, chart: Chart) -> str:
    """Whose chart it is: the owner's where the catalogue says so, or where the address bears the application's name."""
    entry = entry_of(_product(application))
    official = entry.official_chart if entry else None
    if official and _same(official.repository, chart.repository):
        return "official-chart"
    place = urlsplit(chart.repository)
    words = {part for part in f"{place.netloc}/{place.path}".replace(".", "/").split("/") if part}
    return "official-chart" if application.name in words else "community-chart"


def _given(application: Application, found: dict[str, _Found]) -> str:
    named = _named(application)
    return next((method for method in METHODS if method in named and method in found), "")


def _first(application: Application, found: dict[str, _Found]) -> str:
    usable = [method for method in METHODS if method in found and method not in application.rejected]
    pinned = next((method for method in usable if found[method].version), "")
    if pinned or not application.image:
        return pinned or next(iter(usable), "")
    return "onechart"


def _reason(application: Application, key: str, chosen: _Found) -> str:
    if application.why and chosen.reason:
        return chosen.reason
    if key == "onechart":
        said = [application.rejected[method] for method in METHODS if method in application.rejected]
        return "; ".join(said).replace(";", ",") or "it exists as an image only, as far as is known here"
    if key == "official-method":
        return chosen.reason or "the official documentation describes how its image is run"
    return chosen.reason


def _considered(
    method: str, key: str, reason: str, application: Application, known: Sequence[KnownCharts]
) -> Considered:
    if method == key:
        return Considered(method=method, verdict=Verdict.CHOSEN, reason=reason)
    if method in application.rejected:
        return Considered(method=method, verdict=Verdict.REJECTED, reason=application.rejected[method])
    if METHODS.index(method) > METHODS.index(key):
        chosen = NAMES_OF_METHODS[key][0].lower() + NAMES_OF_METHODS[key][1:]
        return Considered(method=method, verdict=Verdict.NOT_NEEDED, reason=f"the preferred {chosen} is there")
    entry = entry_of(_product(application))
    if entry and entry.refusal(method):
        return Considered(method=method, verdict=Verdict.REJECTED, reason=entry.refusal(method))
    return Considered(method=method, verdict=Verdict.UNKNOWN, reason=_unseen(method, application, known))


def _unseen(method: str, application: Application, known: Sequence[KnownCharts]) -> str:
    """Why it is not known, and what would make it known."""
    if method in ("official-method", "official-kustomize"):
        where = f" ({application.documentation})" if application.documentation else ""
        return f"its documentation{where} was not consulted offline"
    entry = entry_of(_product(application))
    chart = (entry.official_chart if method == "official-chart" else entry.community_chart) if entry else None
    if chart:
        return f"the catalogue names {chart.name} of {chart.repository}, and nobody said why it is not used"
    looked = sum(item.listed for item in known)
    unread = len(known) - looked
    return (
        f"the catalogue does not know it, and of the repositories known here {looked} were looked into and "
        f"{unread} are declared only"
    )


def _product(application: Application) -> str:
    """What the application is, whatever it is called here."""
    return application.preset or application.name


def _is_entry(item: KnownCharts, found: dict[str, _Found]) -> bool:
    return any(_same(item.repository, other.source) for other in found.values())


def _same(one: str, other: str) -> bool:
    return urls.normal_chart_repository(one) == urls.normal_chart_repository(other)
