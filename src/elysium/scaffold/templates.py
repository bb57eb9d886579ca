"""Templates: Jinja in a sandbox, with the marks of ERB, so that `{{ }}` of Helm and GitHub and `[[ ]]` of shells stay.

`<%= x %>` is a value, `<% if x %>` a statement, `<%# … %>` a comment. What is not defined is an error. A component may
come from anybody: nothing but the given values can be reached, and what is written is bounded.
"""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from types import CodeType
from typing import Any

from jinja2 import FunctionLoader, StrictUndefined, TemplateError, Undefined
from jinja2.environment import TemplateExpression
from jinja2.runtime import Context, Macro
from jinja2.sandbox import ImmutableSandboxedEnvironment

from elysium.errors import ScaffoldError
from elysium.evaluate.quantities import parse_quantity
from elysium.kit.quoting import double_quoted
from elysium.scaffold.editing.writing import block, flow

__all__ = ["Asked", "Templates"]

_LARGEST = 4 << 20
_CALLED = {
    "has",
    "items",
    "keys",
    "values",
    "get",
    "startswith",
    "endswith",
    "split",
    "partition",
    "rpartition",
    "removeprefix",
    "removesuffix",
    "_short_range",
    "isdigit",
}


class _Sandbox(ImmutableSandboxedEnvironment):
    """Nothing is called but what reads, and nothing grows by multiplication."""

    intercepted_binops = frozenset({"*", "**", "%"})

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        if operator == "**" or not all(isinstance(side, (int, float)) for side in (left, right)):
            raise ValueError(f"{operator} is for numbers, and powers are not")
        return super().call_binop(context, operator, left, right)

    def compile(
        self, source: Any, name: str | None = None, filename: str | None = None, *rest: Any, **more: Any
    ) -> Any:
        """A text that was parsed before is not parsed again."""
        if isinstance(source, str) and not rest and not more:
            return _code(source, name, filename)
        return super().compile(source, name, filename, *rest, **more)

    def is_safe_callable(self, obj: Any) -> bool:
        return getattr(obj, "__name__", "") in _CALLED or isinstance(obj, Macro)


class Asked(dict[str, str]):
    """Has every value of a Secret, and remembers which ones a template looked at."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def __missing__(self, name: str) -> str:
        self.names.add(name)
        return "x"


class Templates:
    """Renders texts of one component; `load` gives the template of a name, for those that include or import others."""

    def __init__(self, component: str, load: Callable[[str], str] | None = None) -> None:
        self._component = component
        self._environment = _environment(load)

    def text(self, template: str, values: Mapping[str, Any], where: str) -> str:
        """A template with its values. Raises ScaffoldError with the place when it cannot be rendered."""
        if "<%" not in template:
            return template
        try:
            parts, size = [], 0
            for part in self._environment.from_string(template).generate(**values):
                size += len(part)
                if size > _LARGEST:
                    raise self._error("writes more than 4 MiB", where)
                parts.append(part)
            return "".join(parts)
        except TemplateError as error:
            line = getattr(error, "lineno", None)
            raise self._error(str(error.message or error), f"{where}:{line}" if line else where) from error
        except ScaffoldError:
            raise
        except Exception as error:  # a template is code of somebody: it may raise anything
            raise self._error(str(error) or type(error).__name__, where) from error

    def value(self, expression: str, values: Mapping[str, Any], where: str) -> Any:
        """The value of an expression. Raises ScaffoldError with the place when it has none."""
        try:
            found = _compiled(expression)(**values)
            if isinstance(found, Undefined):
                str(found)  # says what is not defined
            return found
        except TemplateError as error:
            raise self._error(f"{error.message or error} in `{expression}`", where) from error
        except Exception as error:  # as above
            raise self._error(f"{str(error) or type(error).__name__} in `{expression}`", where) from error

    def holds(self, expression: str, values: Mapping[str, Any], where: str) -> bool:
        """Whether a condition is true; an empty one is."""
        return not expression or bool(self.value(expression, values, where))

    def _error(self, message: str, where: str) -> ScaffoldError:
        return ScaffoldError(message, subject=f"component {self._component}, {where}", hint="mend the component")


def _environment(load: Callable[[str], str] | None = None) -> _Sandbox:
    found = _Sandbox(
        block_start_string="<%",
        block_end_string="%>",
        variable_start_string="<%=",
        variable_end_string="%>",
        comment_start_string="<%#",
        comment_end_string="%>",
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        undefined=StrictUndefined,
        loader=FunctionLoader(load) if load else None,
        autoescape=False,
    )
    found.filters.clear()
    found.filters.update(_FILTERS)
    found.globals.clear()
    found.globals["range"] = _short_range
    return found


@lru_cache(4096)
def _compiled(expression: str) -> TemplateExpression:
    """An expression is asked again for every parameter that depends on it."""
    return _bare().compile_expression(expression, undefined_to_none=False)


@lru_cache(4096)
def _code(source: str, name: str | None, filename: str | None) -> CodeType:
    """The same text is the same code for every component, and parsing takes longer than rendering."""
    return ImmutableSandboxedEnvironment.compile(_bare(), source, name, filename)


@cache
def _bare() -> _Sandbox:
    return _environment()


def _short_range(*bounds: int) -> range:
    found = range(*bounds)
    if len(found) > 1000:
        raise ValueError("a range of more than 1000")
    return found


def _block(value: Any, indent: int = 0) -> str:
    """A structure in lines of YAML, every one indented; without the last line end."""
    return "\n".join(" " * indent + line if line else "" for line in block(value))


def _built_in(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _built_in(inner) for key, inner in value.items()}
    return [_built_in(inner) for inner in value] if isinstance(value, (list, tuple)) else value


def _amount(value: str) -> int:
    """A quantity as a number that can be compared: billionths of its unit; 0 for none."""
    found = parse_quantity(value)
    return found.nano if found else 0


def _slug(value: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", value.lower()).strip("-")[:63].strip("-")


def _snake(value: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", value.lower()).strip("_")


def _quote(value: Any) -> str:
    """A text in double quotes, with what JSON and YAML escape alike."""
    return double_quoted(str(value))


def _indent(value: str, width: int) -> str:
    """Every line but the first and the empty ones moved to the right."""
    first, *rest = value.split("\n")
    return "\n".join([first, *(" " * width + line if line else line for line in rest)])


_FILTERS = {
    "yaml": flow,
    "block": _block,
    "json": lambda value: json.dumps(_built_in(value), ensure_ascii=False),
    "slug": _slug,
    "snake": _snake,
    "quote": _quote,
    "indent": _indent,
    "amount": _amount,
    "uuid": lambda value: str(uuid.uuid5(uuid.NAMESPACE_URL, str(value))),
    "lower": lambda value: str(value).lower(),
    "upper": lambda value: str(value).upper(),
    "join": lambda value, separator="": separator.join(str(item) for item in value),
    "sort": sorted,
    "length": len,
    "replace": lambda value, old, new: str(value).replace(old, new),
    "title": lambda value: str(value).title(),
    "int": int,
    "string": str,
    "default": lambda value, other="": value or other,
    "first": lambda value: next(iter(value)),
    "last": lambda value: value[-1],
    "trim": lambda value: str(value).strip(),
    "list": list,
}
