"""Seal values and Secrets for the holder of a certificate's key. No cluster is asked, no plaintext is written."""

from __future__ import annotations

import contextlib
import json
import os
import re
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from elysium.engine import EnginePool
from elysium.errors import SealingError
from elysium.kit.files import write_atomically
from elysium.sealing.certificates import CERTIFICATE_PATH
from elysium.secrets import Place, Wish, merged_text, place_in, sealed_manifest, sealed_object, type_in, yaml_document

__all__ = ["certificate_for", "seal_manifests", "write_sealed"]

_LARGEST = 10 << 20
_LINE = re.compile(r"line (\d+)")


def certificate_for(given: str, *near: Path) -> str:
    """The PEM text in a file, or the one that the repository around one of these places keeps in `etc/certs`.

    Raises SealingError when there is none. Whether it can be used is seen when something is sealed.
    """
    kept = [(_checkout(place.absolute()) or place) / CERTIFICATE_PATH for place in near]
    path = Path(given) if given else next((path for path in kept if path.is_file()), Path(CERTIFICATE_PATH))
    try:
        if not given and not path.is_file():  # a pipe in its place would be waited for
            raise FileNotFoundError
        with path.open("rb") as file:
            return file.read(_LARGEST).decode("utf-8", "replace")
    except FileNotFoundError:
        hint = f"give --cert FILE, or keep the certificate in {CERTIFICATE_PATH}; `kubeseal --fetch-cert` prints it"
        message = "there is no such certificate" if given else "the repository keeps no certificate"
        raise SealingError(message, subject=str(path), hint=hint) from None
    except OSError as error:
        raise SealingError(error.strerror or "it cannot be read", subject=str(path), hint="give --cert FILE") from None


def seal_manifests(text: str, wish: Wish, *, subject: str = "manifest") -> list[dict[str, Any]]:
    """The SealedSecrets of the Secrets in a stream of YAML or JSON, read as Kubernetes reads it.

    Raises SealingError for what is no Secret, or not complete; nothing of a plaintext is in its message.
    """
    documents = [body for body in _documents(text, subject) if body is not None]
    if not documents:
        raise SealingError("there is no Secret", subject=subject, hint="give manifests of kind Secret")
    several = len(documents) > 1
    return [
        sealed_manifest(body, wish, subject=f"{subject}, document {number}" if several else subject)
        for number, body in enumerate(documents, 1)
    ]


def write_sealed(file: Path, place: Place, values: Mapping[str, bytes], certificate: str, kind: str = "") -> bool:
    """Seal values into the file of a SealedSecret; one that is not there is made. Whether it was there.

    Comments, order and quotes of a file stay. It says for whom to seal, so it has to say the same as `place`. A file is
    replaced whole or not at all and keeps its mode; links are not followed.
    """
    mode = _mode(file)
    if mode is None:
        body = sealed_object(place, values, certificate, {"type": kind} if kind else {})
        write_atomically(file, yaml_document(body).encode(), 0o644)
        return False
    text = _text(file)
    _require_same(place_in(text, subject=str(file)), place, str(file))
    if kind and kind != type_in(text, subject=str(file)):
        hint = f"name another file, or write `type: {kind}` into its spec.template"
        raise SealingError("it is of another type", subject=str(file), hint=hint)
    made = merged_text(text, values=values, certificate=certificate, subject=str(file))
    write_atomically(file, made.encode(), mode)
    file.chmod(mode)
    return True


def _documents(text: str, subject: str) -> list[Any]:
    """The documents of a stream. What the reader says may quote a value: only the line is told."""
    if text.lstrip().startswith("{"):
        with contextlib.suppress(ValueError, RecursionError):
            return list(_json_documents(text))
    with EnginePool(workers=1) as pool:
        answer = pool.ask("yaml.decode", {"text": text})
    if answer.error is None:
        return list(msgspec.json.decode(answer.result)["documents"])
    line = _LINE.search(answer.error.message)
    hint = "`elysium check` says what is wrong with a file"
    raise SealingError("this is not YAML", subject=f"{subject}:{line[1]}" if line else subject, hint=hint)


def _json_documents(text: str) -> Iterator[Any]:
    """JSON documents one after the other, as kubeseal writes several. Raises ValueError for anything else."""
    decoder, rest = json.JSONDecoder(), text.strip()
    while rest:
        body, end = decoder.raw_decode(rest)
        yield body
        rest = rest[end:].lstrip()


def _require_same(found: Place, wanted: Place, subject: str) -> None:
    for field in ("name", "namespace", "scope"):
        told, asked = getattr(found, field), getattr(wanted, field)
        if told != asked:
            hint = "values are bound to what the file says: name another file, or the same Secret"
            raise SealingError(f'its {field} is "{told}", not "{asked}"', subject=subject, hint=hint)


def _text(file: Path) -> str:
    with file.open("rb") as stream:
        data = stream.read(_LARGEST + 1)
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise SealingError("this is not UTF-8 text", subject=str(file), hint="name a SealedSecret's file") from None


def _checkout(folder: Path) -> Path | None:
    """The nearest directory above with a `.git`."""
    return next((parent for parent in (folder, *folder.parents) if (parent / ".git").exists()), None)


def _mode(file: Path) -> int | None:
    """The mode of a regular file; None when nothing is there. Raises SealingError when it cannot be written safely."""
    folder = file.parent.absolute()
    root = _checkout(folder)
    hint = "name the file itself, in a directory that is there"
    if root is not None and not folder.resolve().is_relative_to(root.resolve()):
        raise SealingError("a link leads out of the repository", subject=str(file), hint=hint)
    if not folder.is_dir():
        raise SealingError("there is no such directory", subject=str(folder), hint=hint)
    if not os.path.lexists(file):
        return None
    found = file.lstat().st_mode
    if not stat.S_ISREG(found):
        raise SealingError("this is no regular file", subject=str(file), hint=hint)
    return stat.S_IMODE(found)
