"""What a component is: a folder with `component.toml`, which describes it, and `templates/`, which it is written from.

The description says what may be asked (parameters with types and reasons), what is written (files, entries in lists of
YAML files, values, sealed secrets), what has to be there first (`needs`), what others may rely on afterwards
(`offers`), and which requirements all of that fulfils. It holds no code: conditions and defaults are expressions of
sandboxed Jinja.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from enum import StrEnum
from pathlib import Path
from typing import Any

import msgspec

from elysium.errors import ScaffoldError
from elysium.kit.files import read_regular

__all__ = [
    "DESCRIPTION",
    "Component",
    "Entry",
    "FileTemplate",
    "Need",
    "Parameter",
    "ParameterType",
    "Refusal",
    "Secret",
    "SecretKey",
    "Value",
    "is_component_id",
    "read_component",
]

DESCRIPTION = "component.toml"
_LARGEST = 1 << 20
_MOST_PARTS = 500
_HINT = "docs/components.md describes the format"
_ID = re.compile(r"[a-z0-9][a-z0-9-]*(?:/[a-z0-9][a-z0-9-]*){0,2}")


class ParameterType(StrEnum):
    """The closed set of what an answer can be."""

    TEXT = "text"
    NAME = "name"
    BOOLEAN = "boolean"
    INTEGER = "integer"
    PORT = "port"
    QUANTITY = "quantity"
    HOST = "host"
    IMAGE = "image"
    CRON = "cron"
    DURATION = "duration"
    URL = "url"
    VERSION = "version"
    PATH = "path"
    EMAIL = "email"
    CHOICE = "choice"
    NAMES = "names"
    LIST = "list"
    PAIRS = "pairs"


class _Part(msgspec.Struct, frozen=True, kw_only=True, rename="kebab", forbid_unknown_fields=True):
    """A table of the description."""


class Parameter(_Part, frozen=True, kw_only=True):
    """Something that is asked. Without `default` it has to be answered; `optional` ones may be empty.

    `when` is an expression over the facts and the parameters before it: where it is false, the parameter has no
    meaning, and giving it is an error.
    """

    name: str
    type: ParameterType = ParameterType.TEXT
    help: str
    default: Any = None
    choices: tuple[str, ...] = ()
    minimum: int | None = None
    maximum: int | None = None
    when: str = ""
    optional: bool = False

    @property
    def key(self) -> str:
        """Its name in templates."""
        return self.name.replace("-", "_")


class Refusal(_Part, frozen=True, kw_only=True):
    """Answers that do not go together: where `refuse` is true, `parameter` is to blame, and `message` says why."""

    refuse: str
    parameter: str
    message: str
    hint: str = ""


class Need(_Part, frozen=True, kw_only=True):
    """Something that has to be offered by what is there; `component` gives it.

    With `along` it is written, too, unasked: without it, the component would not be complete.
    """

    offer: str
    component: str
    reason: str
    when: str = ""
    along: bool = False


class FileTemplate(_Part, frozen=True, kw_only=True):
    """A file: its path, the template it is made from, and when; with `each` one file per element, bound to `item`."""

    path: str
    template: str = ""
    when: str = ""
    each: str = ""
    executable: bool = False


class Entry(_Part, frozen=True, kw_only=True):
    """An item of a list in a YAML file that several components share, such as `resources` of a kustomization.yaml."""

    path: str
    value: str
    list: str = "resources"
    when: str = ""
    each: str = ""


class Value(_Part, frozen=True, kw_only=True):
    """A key that a shared YAML file gets where it has none."""

    path: str
    at: tuple[str, ...]
    value: Any
    when: str = ""


class SecretKey(_Part, frozen=True, kw_only=True):
    """One value of a Secret: generated, asked for, or composed by a template from the others."""

    key: str
    generate: int = 0
    ask: str = ""
    template: str = ""
    each: str = ""
    when: str = ""


class Secret(_Part, frozen=True, kw_only=True):
    """A Secret that is sealed into a file of its own, or into one that is there."""

    path: str
    name: str
    namespace: str
    keys: tuple[SecretKey, ...]
    type: str = ""
    when: str = ""


class Component(_Part, frozen=True, kw_only=True):
    """A component as its folder describes it. `id` is `KIND`, `KIND/NAME` or `KIND/presets/NAME`.

    `shares` is the id of a component beside it, whose templates serve where it has none of its own.
    """

    id: str = ""
    origin: str = ""
    directory: str = ""
    summary: str
    version: str
    fulfils: tuple[str, ...] = ()
    offers: tuple[str, ...] = ()
    notes: str = ""
    shares: str = ""
    needs: tuple[Need, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    rules: tuple[Refusal, ...] = ()
    files: tuple[FileTemplate, ...] = ()
    entries: tuple[Entry, ...] = ()
    values: tuple[Value, ...] = ()
    secrets: tuple[Secret, ...] = ()

    @property
    def command(self) -> str:
        """What a person types behind `elysium new`."""
        kind, _, rest = self.id.partition("/")
        preset = rest.removeprefix("presets/")
        return f"{kind} NAME --preset {preset}" if preset != rest else f"{kind} {rest or 'NAME'}"

    def template(self, name: str) -> str:
        """The text of one of its templates. Raises ScaffoldError when there is none of this name."""
        for folder in self._folders():
            path = (folder / name).resolve()
            if folder.resolve() in path.parents and path.is_file():
                return _text(path)
        hint = f"templates are in {self.id}/templates/"
        raise ScaffoldError(f"there is no template {name}", subject=f"component {self.id}", hint=hint)

    def _folders(self) -> tuple[Path, ...]:
        """Where its templates are, and those that it shares: never outside of its folder of components."""
        top = Path(self.directory).parents[self.id.count("/")]
        shared = (top / self.shares / "templates",) if self.shares else ()
        folders = (Path(self.directory) / "templates", *shared)
        return tuple(folder for folder in folders if folder.resolve().is_relative_to(top.resolve()))


def is_component_id(text: str) -> bool:
    """Whether a text can be the id of a component: up to three names with slashes between."""
    return bool(_ID.fullmatch(text))


def read_component(directory: Path, identifier: str, origin: str) -> Component:
    """The component in a folder. Raises ScaffoldError with the file and the place in it when it cannot be read."""
    file = directory / DESCRIPTION
    try:
        read = msgspec.convert(tomllib.loads(_text(file)), Component)
    except (ValueError, RecursionError) as error:
        raise ScaffoldError(f"this describes no component: {error}", subject=str(file), hint=_HINT) from error
    component = msgspec.structs.replace(read, id=identifier, origin=origin, directory=str(directory))
    _require_consistent(component, file)
    return component


def _require_consistent(component: Component, file: Path) -> None:
    names = Counter(parameter.name for parameter in component.parameters)
    parts = (component.parameters, component.files, component.entries, component.values, component.secrets)
    problem = "" if max(map(len, parts)) <= _MOST_PARTS else f"there are more than {_MOST_PARTS} parts of one kind"
    if not is_component_id(component.id):
        problem = "names of components and kinds have lower-case letters, digits and dashes"
    for parameter in component.parameters:
        if not is_component_id(parameter.name) or "/" in parameter.name:
            problem = f"parameter {parameter.name!r} needs a name of lower-case letters, digits and dashes"
        elif names[parameter.name] > 1:
            problem = f"parameter {parameter.name} stands twice"
        elif parameter.type is ParameterType.CHOICE and not parameter.choices:
            problem = f"parameter {parameter.name} is a choice without choices"
        elif parameter.name in _TAKEN:
            problem = f"parameter {parameter.name} has a name that is taken"
    for rule in component.rules:
        if rule.parameter not in names:
            problem = f"a rule blames {rule.parameter}, which is no parameter"
    if problem:
        raise ScaffoldError(problem, subject=str(file), hint=_HINT)


_TAKEN = ("name", "item", "component", "repository", "secret")


def _text(path: Path) -> str:
    try:
        data = read_regular(path, _LARGEST)
        if len(data) > _LARGEST:
            raise ScaffoldError("this is larger than a template can be", subject=str(path), hint="the limit is 1 MiB")
        return data.decode("utf-8")
    except OSError as error:
        raise ScaffoldError(error.strerror or "cannot be read", subject=str(path), hint=_HINT) from error
    except UnicodeDecodeError as error:
        raise ScaffoldError("this is no UTF-8 text", subject=str(path), hint=_HINT) from error
