"""Edits of YAML texts in place: comments, order, quoting, indentation, anchors and line breaks stay as they are.

Nothing that exists is written again. A parser says where things stand; an edit puts characters there or takes them
away, reads the result again, and refuses with an EditError when anything else would mean something new. All functions
are pure.
"""

from __future__ import annotations

from elysium.scaffold.editing.appending import add_document
from elysium.scaffold.editing.data import load_documents, select
from elysium.scaffold.editing.errors import EditError
from elysium.scaffold.editing.items import has_item, insert_item, remove_item
from elysium.scaffold.editing.values import set_value

__all__ = [
    "EditError",
    "add_document",
    "has_item",
    "insert_item",
    "load_documents",
    "remove_item",
    "select",
    "set_value",
]
