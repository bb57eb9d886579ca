"""The values of a draft of kind `cluster-adoption`: the components, their names, and where they are served."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from elysium.errors import UsageError
from elysium.plans.kinds.ground import Ground
from elysium.plans.types import PlannedComponent

__all__ = ["components", "values"]

_LANGUAGES = {"api": "python", "web": "node-static", "admin": "node-static"}
_NAME = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_DEFAULTS = {
    "api": "api",
    "charts": "api,web,admin",
    "worker": "worker",
    "release-prefix": "",
    "health-path": "/health/",
    "cluster": "local",
    "domain": "example.com",
}


def components(name: str, answers: Mapping[str, str]) -> tuple[PlannedComponent, ...]:
    """Images and charts of each component, then what they stand on, in the order of the phases."""
    charts, languages = _charts(answers), _languages(answers)
    api = _answer(answers, "api")
    prefix = _answer(answers, "release-prefix")
    named = {"release-prefix": prefix} if prefix else {}
    part_of = {"part-of": answers["part-of"]} if answers.get("part-of") else {}
    images = (_component("image", chart, lang=languages.get(chart, "python")) for chart in charts)
    return (
        _component("infra", "naming", **named, **part_of),
        *images,
        *(_component("chart", chart) for chart in charts),
        _component("infra", "kind"),
        _component("infra", "environments", charts=",".join(charts), **named, **part_of),
        _component("workflow", "ci", charts=",".join(charts)),
        _component("runbook", api, **named),
        _component("infra", "risk-register"),
    )


def values(name: str, ground: Ground, answers: Mapping[str, str]) -> dict[str, Any]:
    """What the template needs. Raises UsageError for names that are none."""
    facts = ground.facts
    charts = _charts(answers)
    project = facts.project or name
    return {
        "api": _answer(answers, "api"),
        "charts": charts,
        "pages": tuple(chart for chart in charts if chart != _answer(answers, "api")),
        "worker": _answer(answers, "worker"),
        "languages": _languages(answers),
        "prefix": _answer(answers, "release-prefix") or project,
        "part_of": answers.get("part-of", "") or project,
        "health": _answer(answers, "health-path"),
        "cluster": _answer(answers, "cluster"),
        "domain": _answer(answers, "domain"),
        "there": facts.charts,
        "image_paths": {
            image: facts.images[image].folder
            for image in charts
            if image in facts.images and facts.images[image].folder
        },
    }


def _component(kind: str, name: str, **answers: str) -> PlannedComponent:
    return PlannedComponent(
        kind=kind, name=name, answers={key.replace("_", "-"): each for key, each in answers.items()}
    )


def _answer(answers: Mapping[str, str], key: str) -> str:
    return answers.get(key, "") or _DEFAULTS[key]


def _charts(answers: Mapping[str, str]) -> tuple[str, ...]:
    api = _answer(answers, "api")
    found = tuple(dict.fromkeys((api, *filter(None, map(str.strip, _answer(answers, "charts").split(","))))))
    for chart in found:
        if not _NAME.fullmatch(chart):
            raise UsageError(f"{chart!r} is no name of a component", hint="charts=api,web,admin")
    return found


def _languages(answers: Mapping[str, str]) -> dict[str, str]:
    found = dict(_LANGUAGES)
    for pair in filter(None, map(str.strip, answers.get("languages", "").split(","))):
        name, sign, language = (part.strip() for part in pair.partition("="))
        if not sign or not name or not language:
            raise UsageError(f"this names no language: {pair!r}", hint="languages=api=python,web=node-static")
        found[name] = language
    return found
