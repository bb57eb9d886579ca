"""Components that write what a repository needs: described, answered, proposed, merged with what is there, written."""

from __future__ import annotations

from elysium.scaffold.answers import Answers, answer, missing, read_answers, read_settings
from elysium.scaffold.changes import Action, Change
from elysium.scaffold.contents import Image, charts_in, images_in
from elysium.scaffold.description import Component, Parameter, ParameterType
from elysium.scaffold.evidence import deployed_offers, evident_offers
from elysium.scaffold.facts import RepositoryFacts, with_objects, with_offers
from elysium.scaffold.layout import laid_out, refuse_unapplied
from elysium.scaffold.library import Folder, Library
from elysium.scaffold.planning import Plan, plan
from elysium.scaffold.proposing import Proposal, companions, propose, unmet
from elysium.scaffold.secret_values import Asking, Placeholder, Sealing
from elysium.scaffold.types import allowed, coerce
from elysium.scaffold.writing import read_file, write_files

__all__ = [
    "Action",
    "Answers",
    "Asking",
    "Change",
    "Component",
    "Folder",
    "Image",
    "Library",
    "Parameter",
    "ParameterType",
    "Placeholder",
    "Plan",
    "Proposal",
    "RepositoryFacts",
    "Sealing",
    "allowed",
    "answer",
    "charts_in",
    "coerce",
    "companions",
    "deployed_offers",
    "evident_offers",
    "images_in",
    "laid_out",
    "missing",
    "plan",
    "propose",
    "read_answers",
    "read_file",
    "read_settings",
    "refuse_unapplied",
    "unmet",
    "with_objects",
    "with_offers",
    "write_files",
]
