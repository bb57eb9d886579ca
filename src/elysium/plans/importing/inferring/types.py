"""What a recogniser looks at, and what it tells."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from elysium.plans.types import Item, ItemPlace

__all__ = ["Entry", "Inferred", "Recogniser", "Subject"]


class Subject(msgspec.Struct, frozen=True, kw_only=True):
    """The application that a plan is about, as far as its words tell: empty where the plan is about none.

    `directory` holds its manifests, `patches` are files of its overlay, `secrets` the names of its sealed secrets,
    `repositories` are addresses of charts by the first word that names each. `roots` are the first folders of every
    path of the document: what begins with one of them is a path, too. `known` are full paths by names of files.
    `flux` is whether the document speaks of Flux: what its repository becomes can be rendered.
    """

    name: str = ""
    namespace: str = ""
    directory: str = ""
    patches: tuple[str, ...] = ()
    secrets: tuple[str, ...] = ()
    repositories: dict[str, str] = {}
    roots: frozenset[str] = frozenset()
    known: dict[str, str] = {}
    flux: bool = False


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One item with its surroundings.

    `text` is its Markdown in one line, `title` that without formatting, `label` what stands before a colon in it and
    `rest` what follows. `spans` are its pieces of code with the place of each in the text. `directory` is where a file
    without a folder lies; `above` are the titles of the items and the label around it, the nearest last. `option` is
    whether it is one of what an open decision chooses from.
    """

    item: Item
    place: ItemPlace
    text: str
    title: str
    label: str
    rest: str
    spans: tuple[tuple[str, int], ...]
    directory: str
    above: tuple[str, ...]
    subject: Subject
    option: bool = False

    @property
    def section(self) -> str:
        """The key of the section around it."""
        return self.place.section.key if self.place.section else ""


class Inferred(msgspec.Struct, frozen=True, kw_only=True):
    """What the words of an item tell for certain. `checks` are words of verbs; `manual` asks for an attestation."""

    checks: tuple[tuple[str, ...], ...] = ()
    files: tuple[str, ...] = ()
    impact: tuple[str, ...] = ()
    manual: bool = False
    decision: bool = False
    decided: str = ""
    deferred: str = ""
    due: str = ""


Recogniser = Callable[[Entry], Inferred | None]
"""One pattern: what it tells of an item, or None."""
