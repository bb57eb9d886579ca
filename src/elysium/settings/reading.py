"""Read `elysium.toml`, and say exactly what is wrong with it."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import msgspec

from elysium.errors import SettingsError
from elysium.settings.judging import complaints, record_of
from elysium.settings.locating import entry_at_fault, line_of, lines_of_tables
from elysium.settings.policies import check_policies, mistake, number_lines
from elysium.settings.schema import Settings

__all__ = ["FILE_NAME", "place", "place_in", "read_settings"]

FILE_NAME = "elysium.toml"
_LARGEST = 1 << 20


def read_settings(root: Path, *, text: str | None = None) -> Settings:
    """The settings of the repository at `root`; the defaults when it has no `elysium.toml`.

    `text` is the file's content when it does not come from disk (another revision). Raises SettingsError with the line
    or the setting concerned.
    """
    content = _content(root) if text is None else text
    try:
        raw = tomllib.loads(content)
        number_lines(raw, content)
        _number_ignores(raw, content)
        settings = msgspec.convert(raw, Settings)
    except tomllib.TOMLDecodeError as error:
        raise _broken(error, content) from error
    except msgspec.ValidationError as error:
        raise mistake(error, content) or _wrong(raw, error, content) from error
    for path, message, hint in complaints(settings):
        raise SettingsError(message, subject=place(content, *path), hint=hint)
    check_policies(settings.policy, content)
    return settings


def place(text: str, *path: str | int) -> str:
    """The file and line of a setting, as errors name it; `text` is that of `elysium.toml`."""
    line = line_of(text, path)
    return f"{FILE_NAME}:{line}" if line else FILE_NAME


def place_in(root: Path, *path: str | int) -> str:
    """The same for the file in a directory."""
    return place(_content(root), *path)


def _broken(error: tomllib.TOMLDecodeError, content: str) -> SettingsError:
    message, _, where = str(error).partition(" (at ")
    line = where.removeprefix("line ").partition(",")[0]
    number = int(line) if line.isdigit() else len(content.splitlines())
    return SettingsError(message, subject=f"{FILE_NAME}:{number}", hint="mend the TOML syntax")


def _wrong(raw: dict[str, Any], error: msgspec.ValidationError, content: str) -> SettingsError:
    path = entry_at_fault(raw, error, Settings)
    said = str(error).partition(" - at ")[0]
    named = ".".join(str(step) for step in path if isinstance(step, str))
    message = said if not named or f"`{named}`" in said or "unknown field" in said else f"`{named}`: {said}"
    record = record_of(path)
    allowed = ", ".join(field.encode_name for field in msgspec.structs.fields(record) if field.name != "line")
    hint = f"allowed here: {allowed}" if "unknown field" in said or "missing" in said else ""
    return SettingsError(message, subject=place(content, *path), hint=hint or "docs/settings.md tells what each is")


def _number_ignores(raw: dict[str, Any], content: str) -> None:
    """Add to each accepted finding the line where it stands."""
    entries = raw.get("ignore")
    lines = lines_of_tables(content, "ignore") if entries else []
    for index, entry in enumerate(entries if isinstance(entries, list) else ()):
        if isinstance(entry, dict):
            if "line" in entry:
                hint = "write `# elysium: ignore RULE (reason)` beside the line"
                subject = place(content, "ignore", index, "line")
                raise SettingsError("`line` is no setting of an accepted finding", subject=subject, hint=hint)
            entry["line"] = lines[index] if index < len(lines) else line_of(content, ("ignore",))


def _content(root: Path) -> str:
    path = root / FILE_NAME
    try:
        data = path.read_bytes() if path.is_file() else b""
        if len(data) > _LARGEST:
            raise SettingsError("larger than 1 MiB", subject=FILE_NAME, hint="this cannot be a settings file")
        return data.decode()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(str(error), subject=FILE_NAME, hint="it must be readable UTF-8 text") from error
