"""Documents of the four shapes that plans are found in: a template with an example, instructions, phases, a roadmap."""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).parent / "documents"
NAMES = ("planning-mode", "handbook", "staging-environments", "platform-roadmap")


def bytes_of(name: str) -> bytes:
    """A document as it lies on disk."""
    return (FOLDER / f"{name}.md").read_bytes()


def text_of(name: str) -> str:
    """A document as text."""
    return bytes_of(name).decode()
