"""Records in Markdown: the rows of a table, or headings and list entries with lines such as `Severity: high`.

Every field knows where its value stands in the text, so that an edit replaces the value and nothing else.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from elysium.plans.document import markdown
from elysium.plans.document.labels import role_of_label
from elysium.plans.document.markdown import Block, BlockKind
from elysium.plans.registers.tables import read_table
from elysium.plans.registers.values import Field, Lines
from elysium.plans.types import Role
from elysium.plans.words import plain, slug

__all__ = ["Record", "fields_of", "read_records", "with_value"]

_KEY = re.compile(
    r"[ \t]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)?[*_]{0,2}(?P<key>[A-Za-z][A-Za-z -]{0,30})[*_]{0,2}:[*_]{0,2}(?:[ \t]+|$)"
)
_BULLET = re.compile(r"[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]")


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """A row, a heading or a list entry: its title, its fields by their known names, its lines (from 1)."""

    title: str
    fields: dict[str, Field]
    line: int
    end: int

    def value(self, name: str) -> str:
        """The value of a field, without formatting of its ends; empty where there is none."""
        return self.fields[name].value if name in self.fields else ""


def read_records(text: str, names: Mapping[str, str], topic: str = "") -> tuple[Record, ...]:
    """Every record of a document. `names` has the known name for each word that people write above a column or before a
    colon, in lower case with dashes. Entries of a list right below a heading that says `topic` are records, too, even
    if they have no field. The heading of the whole document is none.
    """
    lines = Lines(text)
    blocks = markdown.read_blocks(text)
    found: list[Record] = []
    for number, block in enumerate(blocks):
        if block.kind is BlockKind.OTHER:
            found += _rows(block, lines, names)
        elif block.kind is BlockKind.HEADING:
            found += _below(block, _until_heading(blocks, number + 1), lines, names, topic)
    return tuple(found)


def with_value(text: str, field: Field, value: str) -> str:
    """The text with another value in the place of a field's; everything else stays byte for byte."""
    kept = " ".join(value.split())
    kept = kept.replace("|", "\\|") if field.cell else kept
    return text[: field.start] + kept + text[field.end :]


def fields_of(blocks: Iterable[Block], lines: Lines, names: Mapping[str, str]) -> dict[str, Field]:
    """The fields in paragraphs and lists; of two with one name the first counts."""
    found: dict[str, Field] = {}
    for block in blocks:
        if block.kind in (BlockKind.PARAGRAPH, BlockKind.LIST):
            for name, field in _lines_with_fields(block.line, block.end, lines, names):
                found.setdefault(name, field)
    return found


def _rows(block: Block, lines: Lines, names: Mapping[str, str]) -> Iterator[Record]:
    header, rows = read_table(block, lines)
    columns = [names.get(slug(name), "") for name in header]
    if "title" not in columns or len([column for column in columns if column]) < 2:
        return
    for row in rows:
        fields = {column: cell for column, cell in zip(columns, row, strict=False) if column}
        if title := fields.get("title"):
            yield Record(title=plain(title.value), fields=fields, line=title.line, end=title.line + 1)


def _until_heading(blocks: Sequence[Block], first: int) -> list[Block]:
    return list(
        itertools.takewhile(lambda block: block.kind is not BlockKind.HEADING, itertools.islice(blocks, first, None))
    )


def _below(
    heading: Block, blocks: Sequence[Block], lines: Lines, names: Mapping[str, str], topic: str
) -> Iterator[Record]:
    """What stands below one heading: fields of its own make it a record, otherwise entries of lists may be some."""
    plain_blocks = (block for block in blocks if not _has_entries(block, lines, names))
    own = fields_of(plain_blocks, lines, names) if heading.level > 1 else {}
    if own:
        end = max(block.end for block in blocks)
        yield Record(title=plain(heading.text), fields=own, line=heading.line, end=end)
        return
    meant = bool(topic) and topic in heading.text.lower()
    for number, block in enumerate(blocks):
        counts = meant and not _is_work(blocks[number - 1] if number else None)
        for entry in block.entries:
            fields = dict(_lines_with_fields(entry.text_end, entry.end, lines, names))
            if fields or counts:
                yield Record(title=" ".join(entry.text.split()), fields=fields, line=entry.line, end=entry.end)


def _is_work(above: Block | None) -> bool:
    """Whether what stands above a list says that it is about something else than records: `Tasks:`."""
    role = role_of_label(above.text) if above and above.kind is BlockKind.PARAGRAPH else None
    return role not in (None, Role.RISK)


def _has_entries(block: Block, lines: Lines, names: Mapping[str, str]) -> bool:
    """Whether a list consists of records: its entries have fields below them."""
    return any(any(_lines_with_fields(entry.text_end, entry.end, lines, names)) for entry in block.entries)


def _lines_with_fields(begin: int, end: int, lines: Lines, names: Mapping[str, str]) -> Iterator[tuple[str, Field]]:
    number = begin
    while number < end:
        found = _KEY.match(lines.text_of(number))
        name = names.get(slug(found["key"]), "") if found else ""
        if not found or not name:
            number += 1
            continue
        last = number
        while last + 1 < end and _continues(lines.text_of(last + 1)):
            last += 1
        yield name, lines.field(number, found.end(), last)
        number = last + 1


def _continues(line: str) -> bool:
    """Whether a line goes on with the value before: it is neither empty, nor an entry, nor another field."""
    return bool(line.strip()) and not _BULLET.match(line) and not _KEY.match(line) and not line.startswith("<!--")
