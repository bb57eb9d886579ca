"""Reading what an application needs: from `app.toml`, from options, and which questions are left for a terminal."""

from __future__ import annotations

import datetime
import difflib
import re
import tomllib
from collections.abc import Mapping
from typing import Any

import msgspec

from elysium.errors import PlanError
from elysium.plans.deploying.application import METHODS, NAMES_OF_METHODS, Application
from elysium.plans.deploying.catalogue import entry_of
from elysium.scaffold import Parameter, ParameterType, RepositoryFacts, allowed, coerce

__all__ = ["Question", "application_of", "questions", "read_application", "with_facts"]


def _field(name: str, kind: ParameterType, help_: str, *, choices: tuple[str, ...] = ()) -> Parameter:
    return Parameter(name=name, type=kind, help=help_, optional=True, choices=choices)


_FIELDS = {
    field.name: field
    for field in (
        _field("name", ParameterType.NAME, "The name of the application."),
        _field("purpose", ParameterType.TEXT, "What is deployed, in one sentence."),
        _field("why", ParameterType.TEXT, "Why it is needed."),
        _field("owner", ParameterType.TEXT, "Who carries the plan out."),
        _field("due", ParameterType.TEXT, "Until when, as an ISO date."),
        _field("preset", ParameterType.NAME, "A ready composition, such as postgresql."),
        _field("documentation", ParameterType.URL, "The official documentation of its installation."),
        _field("method", ParameterType.CHOICE, "The deployment method, where it is decided.", choices=METHODS),
        _field("namespace", ParameterType.NAME, "The namespace it lives in."),
        _field("image", ParameterType.IMAGE, "The image with its tag or digest."),
        _field("chart", ParameterType.NAME, "The name of the chart."),
        _field("chart-repository", ParameterType.URL, "Where the chart is published."),
        _field("chart-version", ParameterType.VERSION, "The exact version of the chart."),
        _field("source-repository", ParameterType.URL, "The repository with the official manifests."),
        _field("source-version", ParameterType.TEXT, "The tag of the official manifests."),
        _field("source-path", ParameterType.TEXT, "The folder of the Kustomize base in that repository."),
        _field("port", ParameterType.PORT, "The port that the container listens on."),
        _field("cpu", ParameterType.QUANTITY, "The CPU that is reserved."),
        _field("memory", ParameterType.QUANTITY, "The memory that is reserved."),
        _field("memory-limit", ParameterType.QUANTITY, "The memory it is stopped at."),
        _field("replicas", ParameterType.INTEGER, "How many pods."),
        _field("storage", ParameterType.QUANTITY, "The size of the volume for what it keeps."),
        _field("storage-class", ParameterType.NAME, "The class of the volume."),
        _field("storage-path", ParameterType.TEXT, "Where the volume is mounted."),
        _field("secrets", ParameterType.LIST, "Keys of its secrets."),
        _field(
            "expose", ParameterType.NAMES, "Where it is reached from outside.", choices=("none", "tailscale", "traefik")
        ),
        _field("host", ParameterType.HOST, "Its public name."),
        _field("health", ParameterType.TEXT, "The path that answers when it is well."),
        _field("metrics-path", ParameterType.TEXT, "The path of its metrics."),
        _field("monitoring", ParameterType.BOOLEAN, "Whether Prometheus reads its metrics."),
        _field("clients", ParameterType.NAMES, "Namespaces whose pods may call it."),
    )
}
_TABLES = ("answers", "rejected")
_LARGEST = 1 << 20
_CLASS_VARIABLE = "STORAGE_CLASS"


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """Something that nobody has said yet: the key of the answer, the question, the usual answer, what is allowed."""

    key: str
    text: str
    default: str = ""
    allowed: str = ""


def read_application(text: str, file: str) -> dict[str, Any]:
    """The keys of an `app.toml`. Raises PlanError with the line and what is allowed."""
    if len(text) > _LARGEST:
        raise PlanError("this is larger than a description of an application", subject=file, hint="the limit is 1 MiB")
    try:
        read = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        hint = 'the keys are lines such as: image = "ghcr.io/example/wiki:1.2.3"'
        raise PlanError(f"this is no TOML: {error}", subject=_place(file, text, str(error)), hint=hint) from error
    return {key: _checked(key, value, f"{file}:{_line(text, key)}") for key, value in read.items()}


def application_of(given: Mapping[str, Any], options: Mapping[str, Any] | None = None) -> Application:
    """The application that a file and options say together; an option goes before the file. Raises PlanError.

    An option that is no key of an application is an answer to the component, which judges it.
    """
    merged, further = dict(given), {key: value for key, value in (options or {}).items() if not _is_key(key)}
    if further:
        merged["answers"] = {**merged.get("answers", {}), **further}
    for key, value in (options or {}).items():
        if key in further:
            continue
        checked = _checked(key, value, f"--{key}")
        merged[key] = {**merged.get(key, {}), **checked} if key in _TABLES else checked
    if not merged.get("name"):
        raise PlanError("the application has no name", hint="elysium plan new deploy-app NAME")
    return Application(**{key.replace("-", "_"): value for key, value in merged.items()})


def _is_key(name: str) -> bool:
    return name in _FIELDS or name in _TABLES


def with_facts(application: Application, facts: RepositoryFacts) -> Application:
    """The application with what the repository says where nobody said anything: the class of its volumes.

    A cluster without a default class leaves a claim without one pending for ever; many keep the name of the class that
    is meant among the variables of the cluster.
    """
    keeps = bool(application.storage) or application.preset == "postgresql"
    usual = facts.variables.get(_CLASS_VARIABLE, "")
    if not keeps or application.storage_class or facts.storage_class or not usual:
        return application
    return msgspec.structs.replace(application, storage_class=usual)


def questions(application: Application, facts: RepositoryFacts) -> tuple[Question, ...]:
    """What is still to be asked: nothing that a file, an option or the repository says already."""
    found = [
        _question("purpose", f"What is {application.name}, in one sentence?", application.purpose),
        _question("why", "Why is it needed?", application.why),
        _question("owner", "Who carries the plan out?", application.owner),
    ]
    if not application.preset:
        source = application.image or application.chart or application.source_repository or application.method
        found += [
            _question("image", "Which image, with its tag? (empty: a chart is looked for)", source),
            _question_of_version(application),
            _question("port", "On which port does it listen?", str(application.port or ""), "8080"),
            _question("storage", "How large is the volume for what it keeps? (empty: none)", application.storage),
            _question("secrets", "Which secrets does it need? (keys, separated by commas)", application.secrets),
            _question("expose", f"Where is it reached? ({_ways(facts)})", application.expose, "none"),
        ]
    return tuple(item for item in found if item is not None)


def _question_of_version(application: Application) -> Question | None:
    """Which version, where the catalogue knows the chart: versions are pinned by whoever plans."""
    entry = entry_of(application.name)
    chart = (entry.official_chart or entry.community_chart) if entry else None
    named = application.image or application.chart or application.source_repository or application.method
    if chart is None or named:
        return None
    text = f"Which version of the chart {chart.name} of {chart.repository}?"
    return _question("chart-version", text, application.chart_version)


def _ways(facts: RepositoryFacts) -> str:
    there = [name for name in ("tailscale", "traefik") if facts.has(f"ingress-class/{name}")]
    return ", ".join(["none", *there])


def _question(key: str, text: str, known: Any, default: str = "") -> Question | None:
    return None if known else Question(key=key, text=text, default=default, allowed=allowed(_FIELDS[key]))


def _checked(key: str, value: Any, place: str) -> Any:
    if key in _TABLES:
        return _table(key, value, place)
    field = _FIELDS.get(key)
    if field is None:
        near = difflib.get_close_matches(key, [*_FIELDS, *_TABLES], 1, 0.5)
        hint = f"perhaps {near[0]}" if near else "parameters of the component stand in the table [answers]"
        raise PlanError(f"an application has no key {key!r}", subject=place, hint=hint)
    if key == "due":
        return _date(value, place)
    try:
        return coerce(field, value)
    except ValueError as error:
        message = f"{key} {str(value)[:80]!r} is not allowed"
        raise PlanError(message, subject=place, hint=f"{key} is {allowed(field)}") from error


def _date(value: Any, place: str) -> str:
    try:
        return datetime.date.fromisoformat(str(value)).isoformat()
    except ValueError as error:
        hint = "due is a date such as 2027-01-31"
        raise PlanError(f"due {str(value)[:80]!r} is no date", subject=place, hint=hint) from error


def _table(key: str, value: Any, place: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise PlanError(f"{key} is no table", subject=place, hint=f"write [{key}] and below it KEY = VALUE")
    if key == "answers":
        return value
    for method, reason in value.items():
        if method not in METHODS:
            hint = f"the methods are {', '.join(METHODS)}"
            raise PlanError(f"there is no deployment method {method!r}", subject=place, hint=hint)
        if not isinstance(reason, str) or not reason.strip():
            hint = f'{method} = "why it is not used"'
            raise PlanError(f"{NAMES_OF_METHODS[method]} is rejected without a reason", subject=place, hint=hint)
    return value


def _line(text: str, key: str) -> int:
    found = re.search(rf"^[ \t]*\[?{re.escape(key)}\b", text, re.MULTILINE)
    return text.count("\n", 0, found.start()) + 1 if found else 1


def _place(file: str, text: str, message: str) -> str:
    found = re.search(r"line (\d+)", message)
    return f"{file}:{found[1] if found else text.count(chr(10)) + 1}"
