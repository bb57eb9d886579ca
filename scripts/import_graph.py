"""The import graph of the packages, as a Mermaid diagram for ARCHITECTURE.md."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "elysium"
BLOCK = re.compile(r"```mermaid\n.*?```", re.DOTALL)


def renewed(text: str) -> str:
    """The page `text` with its diagram as the imports are now."""
    return BLOCK.sub(lambda _: f"```mermaid\n{diagram()}```", text, count=1)


def diagram() -> str:
    """Arrows from a package to each one that it imports, without those that follow from the others."""
    imports = {package: _imported(package) for package in _packages()}
    lines = [
        f"    {package} --> {other}\n"
        for package in sorted(imports)
        for other in sorted(imports[package])
        if not any(other in _reachable(between, imports) for between in imports[package] - {other})
    ]
    return "graph TD\n" + "".join(lines)


def _packages() -> list[str]:
    return sorted({path.stem if path.is_file() else path.name for path in PACKAGE.iterdir()} & _importable())


def _importable() -> set[str]:
    folders = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    return folders | {path.stem for path in PACKAGE.glob("*.py") if not path.stem.startswith("_")}


def _imported(package: str) -> set[str]:
    files = sorted((PACKAGE / package).rglob("*.py")) or [PACKAGE / f"{package}.py"]
    return {name for path in files for name in _names(path)} & set(_packages()) - {package}


def _names(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("elysium."):
            yield str(node.module).split(".")[1]
        elif isinstance(node, ast.ImportFrom) and node.module == "elysium":
            yield from (alias.name for alias in node.names)


def _reachable(package: str, imports: dict[str, set[str]]) -> set[str]:
    return {name for direct in imports[package] for name in {direct, *_reachable(direct, imports)}}
