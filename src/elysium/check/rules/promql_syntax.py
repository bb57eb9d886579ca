"""PromQL that Prometheus cannot parse.

The Prometheus operator parses the rules of a PrometheusRule and leaves the whole object out if one is wrong (its
webhook refuses the object), so none of its alerts exists. The parser is Prometheus' own, with the features switched on
that flags can switch on: unknown functions, types that do not fit (`rate(x)` without a range) and regular expressions
count.

Panels of Grafana dashboards show an error instead of data. Variables of Grafana are replaced by values first; where one
stands for a part of the expression itself, or the data source is another one, nothing is said.
"""

from __future__ import annotations

from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.findings import about_object
from elysium.check.locate import in_object
from elysium.check.rule import Rule, Topic
from elysium.evaluate.promql import Query, queries
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="promql-syntax",
    severity=Severity.ERROR,
    summary="PromQL that Prometheus cannot parse",
    topic=Topic.MONITORING,
    profiles=("default", "pre-commit"),
)


def check(context: Context) -> Iterator[Finding]:
    """One finding for each expression."""
    for index in context.objects.values():
        found = list(queries(index))
        if not found:
            continue
        texts = list(dict.fromkeys(query.text for query in found))
        errors = dict(zip(texts, context.ask("promql.check", {"expressions": texts})["errors"], strict=True))
        for query in found:
            if errors[query.text]:
                yield _finding(context, query, errors[query.text])


def _finding(context: Context, query: Query, error: str) -> Finding:
    at = in_object(context, query.item, query.path)
    said = error.removeprefix("unknown position: ").replace("parse error: ", "")
    message = f"{query.item}: the expression of {query.title.strip()} cannot be parsed: {said}"
    if query.is_rule:
        hint = "the Prometheus operator leaves the whole object out; mend the PromQL"
        return about_object(RULE, query.item, at, message, hint=hint)
    return about_object(RULE, query.item, at, message, hint="mend the query", severity=Severity.WARNING)
