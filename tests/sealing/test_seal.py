"""Sealing, opening, and what cannot be used for it."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st

from elysium.errors import SealingError
from elysium.sealing.certificates import certificates_in
from elysium.sealing.key_pairs import KEY_LABEL, new_sealing_key, sealing_key_secret
from elysium.sealing.seal import label_of, seal_value, unseal_value
from elysium.sealing.sealed import Scope, fault_of_value
from tests.secrets.sealing_keys import certificate, expired_certificate, private_key

NAMES = st.text("abc-1", min_size=1, max_size=8)


@given(st.binary(max_size=5000), st.sampled_from(Scope), NAMES, NAMES)
def test_what_is_sealed_opens_again_in_every_scope(value: bytes, scope: Scope, namespace: str, name: str) -> None:
    label = label_of(scope, namespace, name)
    text = seal_value(certificate(), value, label)
    assert fault_of_value(text) == ""
    assert unseal_value(private_key(), text, label) == value
    assert len(text) == 4 * -(-(2 + 256 + len(value) + 16) // 3)


def test_the_scope_is_what_binds() -> None:
    assert label_of(Scope.STRICT, "web", "app") == b"web/app"
    assert label_of(Scope.NAMESPACE, "web", "app") == b"web"
    assert label_of(Scope.CLUSTER, "web", "app") == b""
    text = seal_value(certificate(), b"x", b"web/app")
    for label in (b"web/other", b"other/app", b"web", b"", b"webapp"):
        assert unseal_value(private_key(), text, label) is None


def test_the_same_value_never_looks_the_same() -> None:
    assert len({seal_value(certificate(), b"x", b"") for _ in range(5)}) == 5


def test_any_of_several_keys_opens() -> None:
    other, _ = new_sealing_key(bits=2048)
    text = seal_value(certificate(), b"x", b"")
    assert unseal_value(other, text, b"") is None
    assert unseal_value(other + private_key(), text, b"") == b"x"


@given(st.binary(max_size=600))
def test_what_is_no_sealed_value_does_not_open(data: bytes) -> None:
    assert unseal_value(private_key(), base64.b64encode(data).decode(), b"") is None
    assert unseal_value(private_key(), data.decode("latin-1"), b"") is None


def test_the_first_certificate_is_taken() -> None:
    _, other = new_sealing_key(bits=2048)
    text = seal_value(f"a bundle\n{certificate()}{other}", b"x", b"")
    assert unseal_value(private_key(), text, b"") == b"x"


def elliptic() -> str:
    key = ec.generate_private_key(ec.SECP256R1())
    name, now = x509.Name([]), datetime.now(UTC)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(1).not_valid_before(now).not_valid_after(now + timedelta(days=1))
    return builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM).decode()


BROKEN = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"


def test_a_certificate_that_cannot_be_used_says_why() -> None:
    cases = {
        "": "there is no certificate in this PEM text",
        private_key(): "there is no certificate in this PEM text",
        BROKEN: "the certificate cannot be read",
        elliptic(): "the certificate's key is not RSA, which is what sealed-secrets uses",
    }
    for pem, message in cases.items():
        with pytest.raises(SealingError) as caught:
            seal_value(pem, b"hunter2", b"")
        assert caught.value.message == message
        assert caught.value.hint


def test_an_expired_certificate_is_refused_in_the_words_of_kubeseal() -> None:
    with pytest.raises(SealingError) as caught:
        seal_value(expired_certificate(), b"x", b"")
    assert str(caught.value) == "failed to encrypt using an expired certificate on January 2, 2006"


def test_a_private_key_that_cannot_be_read_is_no_traceback() -> None:
    text = seal_value(certificate(), b"x", b"")
    with pytest.raises(SealingError):
        unseal_value("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----", text, b"")


def test_a_new_key_is_as_the_controller_makes_them() -> None:
    begin = datetime(2026, 11, 1, tzinfo=UTC)
    private, made = new_sealing_key(not_before=begin)
    (read,) = certificates_in(made) or ()
    assert (read.key, read.bits, read.not_before) == ("RSA", 4096, begin)
    assert read.not_after == begin + timedelta(days=3650)
    assert private.startswith("-----BEGIN RSA PRIVATE KEY-----")
    assert unseal_value(private, seal_value(made, b"x", b"a/b"), b"a/b") == b"x"
    assert seal_value(made, b"x", b"").startswith("Ag")


def test_the_secret_of_a_key_is_one_that_the_controller_finds() -> None:
    body = sealing_key_secret(private_key(), certificate())
    assert body["metadata"] == {
        "labels": {KEY_LABEL: "active"},
        "name": "sealed-secrets-key",
        "namespace": "kube-system",
    }
    assert body["type"] == "kubernetes.io/tls"
    assert {key: base64.b64decode(value).decode() for key, value in body["data"].items()} == {
        "tls.crt": certificate(),
        "tls.key": private_key(),
    }
