"""Sealed values and their scope, as far as they can be judged without a private key."""

from __future__ import annotations

import base64
import os

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from elysium.sealing.redaction import Redactor
from elysium.sealing.sealed import Scope, fault_of_value, key_bytes, scope_of

WIDE = "sealedsecrets.bitnami.com/cluster-wide"
NAMESPACE = "sealedsecrets.bitnami.com/namespace-wide"


def sealed(value: bytes, bits: int) -> str:
    """A value as kubeseal makes it."""
    key = rsa.generate_private_key(65537, bits).public_key()
    session = os.urandom(32)
    digest = hashes.SHA256()
    wrapped = key.encrypt(session, padding.OAEP(mgf=padding.MGF1(hashes.SHA256()), algorithm=digest, label=b"web/app"))
    text = AESGCM(session).encrypt(bytes(12), value, None)
    return base64.b64encode(len(wrapped).to_bytes(2, "big") + wrapped + text).decode()


@pytest.mark.parametrize("bits", [2048, 4096])
@pytest.mark.parametrize("value", [b"", b"x" * 5, b"x" * 4000])
def test_a_sealed_value_is_well_formed(bits: int, value: bytes) -> None:
    text = sealed(value, bits)
    assert fault_of_value(text) == ""
    assert key_bytes(text) * 8 == bits


def test_what_is_no_sealed_value_says_why() -> None:
    text = sealed(b"", 2048)
    assert "not Base64" in fault_of_value("hunter2!")
    assert "cut off" in fault_of_value(text[:-24])
    assert "does not begin" in fault_of_value(base64.b64encode(b"plain text of some length").decode())
    assert key_bytes("") == 0


def test_lines_do_not_matter() -> None:
    text = sealed(b"x", 2048)
    assert fault_of_value("\n".join(text[at : at + 64] for at in range(0, len(text), 64))) == ""


@pytest.mark.parametrize(
    ("annotations", "scope"),
    [
        (None, Scope.STRICT),
        ([], Scope.STRICT),
        ({WIDE: "false"}, Scope.STRICT),
        ({WIDE: True}, Scope.STRICT),
        ({NAMESPACE: "true"}, Scope.NAMESPACE),
        ({NAMESPACE: "true", WIDE: "true"}, Scope.CLUSTER),
    ],
)
def test_the_scope_is_what_the_annotations_say(annotations: object, scope: Scope) -> None:
    assert scope_of(annotations) is scope


def test_a_secret_with_odd_metadata_is_redacted_all_the_same() -> None:
    for odd in (5, "text", [1], None):
        shown = Redactor().secret({"kind": "Secret", "metadata": odd, "stringData": {"key": "a-secret-value"}})
        assert "a-secret-value" not in str(shown)
