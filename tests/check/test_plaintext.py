"""What is taken for a secret, and what is not."""

from __future__ import annotations

import pytest

from elysium.check.plaintext.formats import credential_format
from elysium.check.plaintext.judgement import for_scope, judge, key_class, suspicious
from elysium.model import Severity

SECRETS = [
    ("password", "hunter2"),
    ("DB_PASSWORD", "s3cr3tP@ss"),
    ("adminPassword", "SuperSecret123"),
    ("smtp_pass", "correct-horse-battery"),
    ("password", 12345678),
    ("token", "abcdef1234567890abcdef1234567890"),
    ("clientSecret", "a1b2c3d4-e5f6-7890-abcd-ef1234567890"),
    ("JWT_SECRET", "jZk3mQ8vXw2LpR7sT9yB4nC6"),
    ("encryptionKey", "f3a9c17be02d4586f3a9c17be02d4586"),
    ("SECRET_KEY_BASE", "8d2f1c9b7a6e5d4c3b2a19087f6e5d4c"),
    ("url", "postgres://immich:Zx81kQ@db/immich"),
]
PUBLIC = [
    ("password", ""),
    ("password", None),
    ("password", "${PASSWORD}"),
    ("password", "${PASSWORD:=}"),
    ("password", "${PASSWORD:-changeme}"),
    ("password", "${PASSWORD:=${OTHER_PASSWORD}}"),
    ("password", "admin"),
    ("password", "<password>"),
    ("password", "!secret mqtt_password"),
    ("password", "{env.PASSWORD}"),
    ("password", "%%PASSWORD%%"),
    ("password", "{{ .Values.password }}"),
    ("hashed_password", "$2b$12$abcdefghijklmnopqrstuv"),
    ("passwordKey", "admin-password-2"),
    ("existingSecret", "grafana-admin-2"),
    ("githubConfigSecret", "k8s-homelab-runner-secret"),
    ("secretKey", "S3_SECRET_KEY"),
    ("tokenUrl", "https://sso.example.com/oauth2/v2/token"),
    ("token", "file:/run/secrets/token-1"),
    ("credentials", "cloudflare-api-token-2"),
    ("keyPassword", "$(KEY_PASSWORD)"),
    ("password", "opaque-0123456789ab"),
]


@pytest.mark.parametrize(("key", "value"), SECRETS)
def test_a_secret_is_found_and_never_shown(key: str, value: object) -> None:
    found = judge(key, value)
    assert found is not None
    assert str(value) not in str(found)
    assert suspicious(f"  {key}: {value}\n")


@pytest.mark.parametrize(("key", "value"), PUBLIC)
def test_what_is_no_secret_is_left_alone(key: str, value: object) -> None:
    assert judge(key, value) is None


def test_a_plain_word_is_a_doubt() -> None:
    weak, strong = judge("password", "sunshine"), judge("password", "Tr0ub4dor&3")
    assert weak is not None
    assert strong is not None
    assert (weak.severity, strong.severity) == (Severity.WARNING, Severity.ERROR)


def test_the_default_of_a_variable_is_written_down_too() -> None:
    found = judge("password", "${DB_PASSWORD:=Tr0ub4dor&3}")
    assert found is not None
    assert (found.severity, found.length) == (Severity.WARNING, 11)


def test_what_is_for_development_is_a_warning() -> None:
    assert for_scope(Severity.ERROR, "apps/overlays/dev/values.yaml") is Severity.WARNING
    assert for_scope(Severity.ERROR, "deploy/default.env") is Severity.WARNING
    assert for_scope(Severity.ERROR, "local-stack/compose.yaml") is Severity.INFO
    assert for_scope(Severity.WARNING, "overlays/dev/values.yaml") is Severity.INFO
    assert for_scope(Severity.ERROR, "apps/local-ai/values.yaml") is Severity.ERROR
    assert for_scope(Severity.ERROR, "apps/default/values.yaml") is Severity.ERROR
    assert for_scope(Severity.ERROR, "apps/production/values.yaml") is Severity.ERROR


@pytest.mark.parametrize(
    ("key", "promise"),
    [
        ("adminPassword", "password"),
        ("DB_PASS", "password"),
        ("API_KEY", "token"),
        ("s3SecretAccessKey", "token"),
        ("auth", "secret"),
        ("passwordFile", ""),
        ("tokenTTL", ""),
        ("checksum/secret", ""),
        ("", ""),
    ],
)
def test_a_key_promises_by_its_end(key: str, promise: str) -> None:
    assert key_class(key) == promise


def test_the_words_around_a_private_key_are_none() -> None:
    body = "\n".join(["MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQ"] * 4)
    assert credential_format(f"-----BEGIN PRIVATE KEY-----\n{body}\n-----END PRIVATE KEY-----") == "a private key"
    assert credential_format("begins with -----BEGIN PRIVATE KEY----- and ends") == ""
