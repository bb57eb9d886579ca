"""The key pair that a fresh repository seals for: its certificate goes into Git, its private key never does.

The controller would make a pair on its first start, too late for a repository that has sealed values from its first
commit. So it is made here, kept where only its owner reads it, and loaded into the cluster before the controller is.
"""

from __future__ import annotations

import base64
import binascii
import os
from collections.abc import Mapping
from pathlib import Path

import msgspec

from elysium.api.sealing_secrets import certificate_for
from elysium.errors import SealingError, UsageError
from elysium.kit.files import read_regular, write_atomically
from elysium.scaffold.editing import load_documents
from elysium.sealing.key_pairs import new_sealing_key, sealing_key_secret
from elysium.sealing.seal import first_certificate, public_key_of
from elysium.secrets import yaml_document
from elysium.sources.working import checkout_root

__all__ = ["SealingKey", "read_certificate", "sealing_key"]

_LARGEST = 1 << 20
_COMMENTS = (
    "The private key of the sealed-secrets controller. scripts/bootstrap_flux.sh loads it into the cluster. Whoever",
    "reads this file opens every sealed value: keep a copy in a safe place, and never in Git.",
)


class SealingKey(msgspec.Struct, frozen=True, kw_only=True):
    """A certificate and, where its private key is known, the file of the Secret that holds both.

    `text` is what has to be written there; empty when the file is there already.
    """

    certificate: str
    file: Path | None = None
    text: str = ""

    def __repr__(self) -> str:
        return f"SealingKey(file={self.file})"

    def save(self) -> None:
        """Write the private key where only its owner reads it. Raises UsageError when that cannot be done."""
        if self.file is None or not self.text:
            return
        try:
            self.file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            write_atomically(self.file, self.text.encode(), mode=0o600, fresh=True)
        except OSError as error:
            hint = "--sealing-key names another place; nothing was written"
            raise UsageError(error.strerror or "cannot be written", subject=str(self.file), hint=hint) from error


def read_certificate(file: Path) -> str:
    """The certificate of an existing controller, by itself. Raises SealingError when it cannot be sealed with."""
    text = certificate_for(str(file))
    try:
        public_key_of(text)
    except SealingError as error:
        raise SealingError(error.message, subject=f"--cert {file}", hint=error.hint) from error
    return first_certificate(text)


def sealing_key(cluster: str, repository: Path, place: Path | None) -> SealingKey:
    """The key at `place`, by default in the user's own data, made where there is none.

    Raises UsageError for a place inside of the repository, and for a file that is no such key.
    """
    file = (place or _own_data() / cluster / "sealing-key.yaml").absolute()
    inside = _checkout(repository.resolve())
    if inside in file.resolve().parents:
        hint = f"name a file with --sealing-key that is not in {inside}"
        raise UsageError("the private key must not be in the repository", subject=str(file), hint=hint)
    if os.path.lexists(file):
        return SealingKey(certificate=_certificate_in(file), file=file)
    private, certificate = new_sealing_key()
    text = yaml_document(sealing_key_secret(private, certificate), comments=_COMMENTS)
    return SealingKey(certificate=certificate, file=file, text=text)


def _checkout(repository: Path) -> Path:
    """The repository, or the git checkout that it is going to be a part of."""
    near = next(path for path in (repository, *repository.parents) if path.is_dir())
    return checkout_root(near) or repository


def _own_data() -> Path:
    """Where programs keep data of the user, by the XDG Base Directory Specification."""
    given = os.environ.get("XDG_DATA_HOME", "")
    return (Path(given) if given.startswith("/") else Path.home() / ".local" / "share") / "elysium"


def _certificate_in(file: Path) -> str:
    hint = "it is left alone; --sealing-key names another file"
    try:
        documents = load_documents(read_regular(file.resolve(), _LARGEST).decode("utf-8"))
    except OSError as error:
        raise UsageError(error.strerror or "cannot be read", subject=str(file), hint=hint) from error
    except UnicodeDecodeError as error:
        raise UsageError("this is no sealing key", subject=str(file), hint=hint) from error
    data = next((body.get("data") for body in documents if isinstance(body, Mapping)), None)
    encoded = data.get("tls.crt") if isinstance(data, Mapping) else None
    try:
        text = base64.b64decode(str(encoded or ""), validate=True).decode("utf-8")
    except (binascii.Error, ValueError) as error:
        raise UsageError("this is no sealing key", subject=str(file), hint=hint) from error
    if not text:
        raise UsageError("this is no sealing key", subject=str(file), hint=hint)
    public_key_of(text)
    return text
