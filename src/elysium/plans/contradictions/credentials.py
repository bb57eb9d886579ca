"""Credentials in the repository, in a document that forbids them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from elysium.plans.contradictions.reading import Reading
from elysium.plans.contradictions.types import Contradiction, between
from elysium.plans.contradictions.vocabulary import code_spans

__all__ = ["detect"]

_FORBIDDEN = re.compile(r"\bnever\b[* ]+commit (?:any )?(?:plain ?text |unencrypted )?secrets?", re.IGNORECASE)
_CREDENTIAL = re.compile(r"^(?![/~$])(?:[\w.-]+/)+(?:kubeconfig|[\w.-]*\.kubeconfig|id_(?:rsa|ed25519)|[\w.-]*\.key)$")


def detect(reading: Reading) -> Iterator[Contradiction]:
    """Paths inside of the repository that are credentials by their name."""
    rule = next((line for line in reading.prose if _FORBIDDEN.search(line.text)), None)
    if rule is None:
        return
    for line in reading.prose:
        if any(_CREDENTIAL.match(span) for span in code_spans(line.text)):
            yield between(
                "credentials", "no secret may be committed, and this file of the repository is one", rule, line
            )
