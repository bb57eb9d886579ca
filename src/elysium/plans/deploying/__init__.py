"""Plans of kind deploy-app: what an application needs, the deployment method, and the document that follows."""

from __future__ import annotations

from elysium.plans.deploying.application import METHODS, NAMES_OF_METHODS, Application, planned_component
from elysium.plans.deploying.catalogue import KnownCharts, versions_in_index
from elysium.plans.deploying.drafting import draft
from elysium.plans.deploying.effect import Effect, step_of
from elysium.plans.deploying.method import Considered, Method, Verdict, choose
from elysium.plans.deploying.reading import Question, application_of, questions, read_application, with_facts

__all__ = [
    "METHODS",
    "NAMES_OF_METHODS",
    "Application",
    "Considered",
    "Effect",
    "KnownCharts",
    "Method",
    "Question",
    "Verdict",
    "application_of",
    "choose",
    "draft",
    "planned_component",
    "questions",
    "read_application",
    "step_of",
    "versions_in_index",
    "with_facts",
]
