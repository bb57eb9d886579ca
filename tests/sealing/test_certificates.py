"""Certificates in PEM."""

from __future__ import annotations

from pathlib import Path

from elysium.sealing.certificates import certificates_in, has_certificate

FIXTURES = Path(__file__).parents[1] / "check" / "fixtures"


def test_a_certificate_says_how_long_it_is_valid_and_how_strong_it_is() -> None:
    text = (FIXTURES / "sealing-certificate" / "bad" / "etc" / "certs" / "pub-sealed-secrets.pem").read_text()
    found = certificates_in(text)
    assert found is not None
    assert [(item.key, item.bits, item.not_after.year) for item in found] == [("RSA", 4096, 2025)]


def test_indented_certificates_are_read_too() -> None:
    text = (FIXTURES / "certificate-expired" / "near-bundle.yaml").read_text()
    found = certificates_in(text)
    assert found is not None
    assert len(found) == 5


def test_what_cannot_be_read_is_none() -> None:
    assert certificates_in("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n") is None
    assert certificates_in("no certificate") == ()
    assert not has_certificate("no certificate")
