"""Add or replace values of the file of a SealedSecret: every comment, the order and the quotes of it stay.

The file says for whom to seal: its scope, namespace and name, as `kubeseal --merge-into` does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from elysium.errors import SealingError
from elysium.sealing.seal import seal_value
from elysium.sealing.sealed import ANNOTATIONS, GROUP, scope_of
from elysium.secrets.entries import Style, added, filled, indented, new_lines, replaced
from elysium.secrets.places import Place, require_keys, require_place
from elysium.secrets.writing import order_of
from elysium.secrets.yaml_text import Change, Node, applied, compose, is_empty, pair_of, text_of

__all__ = ["merged_text", "place_in", "type_in"]

_FIELD = "encryptedData"


def merged_text(text: str, *, values: Mapping[str, bytes], certificate: str, subject: str = "") -> str:
    """The text of a SealedSecret's file with these values sealed into it; `subject` is what errors call the file.

    Raises SealingError when it is no such file, or when one of its values cannot be replaced alone.
    """
    require_keys(values, subject=subject)
    root = _sealed_secret(text, subject)
    place = _place(root, subject)
    sealed = {key: seal_value(certificate, values[key], place.label) for key in sorted(values, key=order_of)}
    try:
        made = applied(text, _changes(text, root, sealed))
        _require_merged(made, sealed, subject)
    except SealingError as error:
        raise SealingError(error.message, subject=error.subject or subject, hint=error.hint) from error
    return made


def place_in(text: str, *, subject: str = "") -> Place:
    """The Secret that the file of a SealedSecret ends as."""
    return _place(_sealed_secret(text, subject), subject)


def type_in(text: str, *, subject: str = "") -> str:
    """The type of that Secret; empty when the file says none."""
    return text_of(_value(_value(_sealed_secret(text, subject), "spec"), "template"), "type")


def _sealed_secret(text: str, subject: str) -> Node:
    found = [
        node
        for node in compose(text, subject)
        if text_of(node, "kind") == "SealedSecret" and text_of(node, "apiVersion").startswith(f"{GROUP}/")
    ]
    if len(found) != 1:
        message = "this file holds no SealedSecret" if not found else f"this file holds {len(found)} SealedSecrets"
        raise SealingError(message, subject=subject, hint="name a file with exactly one SealedSecret")
    return found[0]


def _place(root: Node, subject: str) -> Place:
    metadata = _value(root, "metadata")
    annotations = _value(metadata, "annotations")
    scope = scope_of({name: text_of(annotations, name) for name in ANNOTATIONS})
    place = Place(name=text_of(metadata, "name"), namespace=text_of(metadata, "namespace"), scope=scope)
    return require_place(place, subject=subject)


def _changes(text: str, root: Node, sealed: Mapping[str, str]) -> Iterator[Change]:
    spec = pair_of(root, "spec")
    if spec is None or not _is_own_mapping(spec):
        raise SealingError("this SealedSecret has no spec", hint="write `spec:` into it")
    data = pair_of(spec[1], _FIELD)
    if data is None:
        yield from _new_field(text, root, spec, sealed)
        return
    if not _is_own_mapping(data):
        raise SealingError(f"spec.{_FIELD} is no mapping of its own", hint="write it out")
    style = Style.of(text, root, spec[1])
    if is_empty(data[1]):
        lines = [style.pair(*item) for item in sealed.items()]
        yield from filled(text, data, lines, style.inline(sealed), style)
        return
    known = {pair[0].value for pair in data[1].value}
    for pair in data[1].value:
        if pair[0].value in sealed:
            yield replaced(text, pair, sealed[pair[0].value])
    yield from added(text, data, {key: value for key, value in sealed.items() if key not in known}, style)


def _new_field(text: str, root: Node, spec: tuple[Node, Node], sealed: Mapping[str, str]) -> Iterator[Change]:
    """The edits for a SealedSecret without `encryptedData`: it comes first, where kubeseal writes it."""
    style = Style.of(text, root, root if is_empty(spec[1]) else spec[1])
    lines = [f"{_FIELD}:", *(f"  {style.pair(*item)}" for item in sealed.items())]
    inline = f"{style.text(_FIELD)}: {{{style.inline(sealed)}}}"
    if is_empty(spec[1]):
        yield from filled(text, spec, lines, inline, style)
    elif spec[1].flow_style:
        first = spec[1].value[0][0].start_mark.index
        yield Change(start=first, end=first, text=f"{inline}, ")
    else:
        yield new_lines(text, spec[0].end_mark.index, indented(lines, spec[1].value[0][0].start_mark.column), style)


def _is_own_mapping(pair: tuple[Node, Node]) -> bool:
    """Whether a mapping, or nothing, stands here and is not an alias of what stands elsewhere."""
    key, node = pair
    return bool(node.start_mark.index >= key.end_mark.index and (node.id == "mapping" or is_empty(node)))


def _require_merged(text: str, sealed: Mapping[str, str], subject: str) -> None:
    """What was written is read again: a file of a shape that nobody thought of is refused, not spoilt."""
    found = _value(_value(_sealed_secret(text, subject), "spec"), _FIELD)
    if any(text_of(found, key) != value for key, value in sealed.items()):
        hint = "write `spec.encryptedData` as one key and value a line"
        raise SealingError("this file cannot be edited in place", subject=subject, hint=hint)


def _value(mapping: Node | None, key: str) -> Node | None:
    pair = pair_of(mapping, key)
    return pair[1] if pair else None
