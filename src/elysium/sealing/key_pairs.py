"""A new key pair for the sealed-secrets controller, and the Secret that hands it to the controller.

The controller makes its own on the first start (RSA, 4096 bits, self-signed for ten years). One that is made before the
cluster lets a repository hold sealed values from its first commit.
"""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta
from typing import Any

__all__ = ["KEY_LABEL", "new_sealing_key", "sealing_key_secret"]

KEY_LABEL = "sealedsecrets.bitnami.com/sealed-secrets-key"
"""The label by which the controller finds its keys; `active` are those that it uses."""

_BITS = 4096
_VALID = timedelta(days=3650)
_PUBLIC_EXPONENT = 65537


def new_sealing_key(*, not_before: datetime | None = None, bits: int = _BITS) -> tuple[str, str]:
    """A private key (PKCS#1) and its certificate, both PEM, as the controller makes them.

    The private key is for the cluster and for a backup: it must never reach the repository.
    """
    from cryptography import x509  # noqa: PLC0415 - a tenth of a second that most runs can save
    from cryptography.hazmat.primitives import hashes, serialization  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric import rsa  # noqa: PLC0415

    key = rsa.generate_private_key(_PUBLIC_EXPONENT, bits)
    begin = (not_before or datetime.now(UTC)).replace(microsecond=0)
    nobody = x509.Name([])
    builder = x509.CertificateBuilder().subject_name(nobody).issuer_name(nobody).public_key(key.public_key())
    builder = builder.serial_number(x509.random_serial_number()).not_valid_before(begin).not_valid_after(begin + _VALID)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )
    certificate = builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    return private.decode(), certificate.decode()


def sealing_key_secret(
    private_key: str, certificate: str, *, name: str = "sealed-secrets-key", namespace: str = "kube-system"
) -> dict[str, Any]:
    """The Secret with a key pair: loaded before the controller starts, it is the key that the controller uses."""
    encoded = {"tls.crt": certificate, "tls.key": private_key}
    return {
        "apiVersion": "v1",
        "data": {key: base64.b64encode(text.encode()).decode() for key, text in encoded.items()},
        "kind": "Secret",
        "metadata": {"labels": {KEY_LABEL: "active"}, "name": name, "namespace": namespace},
        "type": "kubernetes.io/tls",
    }
