"""Logins of registries and certificates of servers."""

from __future__ import annotations

import pytest

from elysium.errors import SealingError
from elysium.sealing.key_pairs import new_sealing_key
from elysium.secrets.kinds import DOCKER_KEY, Login, registry_values, require_pair
from tests.secrets.sealing_keys import certificate, private_key

LOGIN = Login(server="ghcr.io", username="me")


def test_a_login_is_written_as_kubectl_writes_it() -> None:
    expected = '{"auths":{"ghcr.io":{"username":"me","password":"p\\u0026\\"é","auth":"bWU6cCYiw6k="}}}'
    assert registry_values(LOGIN, {"password": 'p&"é\n'.encode()}) == {DOCKER_KEY: expected.encode()}
    known = Login(server="ghcr.io", username="me", email="a@b.c")
    made = registry_values(known, {"password": b"p"})[DOCKER_KEY]
    assert made == b'{"auths":{"ghcr.io":{"username":"me","password":"p","email":"a@b.c","auth":"bWU6cA=="}}}'


def test_a_whole_file_of_logins_stays_as_it_is() -> None:
    whole = {DOCKER_KEY: b'{"auths": {}}'}
    assert registry_values(Login(server="", username=""), whole) == whole


@pytest.mark.parametrize(
    ("login", "given", "message"),
    [
        (LOGIN, {}, "a registry's login has a password, and nothing else"),
        (LOGIN, {"password": b"hunter2", "a": b""}, "a registry's login has a password, and nothing else"),
        (LOGIN, {"password": b"\r\n"}, "the password is empty"),
        (LOGIN, {"password": b"hunter2\xff"}, "the password is not UTF-8 text"),
        (Login(server="ghcr.io", username=""), {"password": b"hunter2"}, "a registry's login has a server and a user"),
        (LOGIN, {DOCKER_KEY: b"hunter2"}, ".dockerconfigjson holds no logins"),
        (LOGIN, {DOCKER_KEY: b'{"auths": ["hunter2"]}'}, ".dockerconfigjson holds no logins"),
        (LOGIN, {DOCKER_KEY: b"[" * 100_000}, ".dockerconfigjson holds no logins"),
    ],
)
def test_what_is_no_login_is_refused(login: Login, given: dict[str, bytes], message: str) -> None:
    with pytest.raises(SealingError) as caught:
        registry_values(login, given)
    assert caught.value.message == message
    assert caught.value.hint
    assert "hunter2" not in f"{caught.value}{caught.value.hint}"


def test_a_certificate_and_its_key_belong_together() -> None:
    own, other = certificate().encode(), private_key().encode()
    require_pair({"tls.key": other, "tls.crt": own})
    require_pair({"tls.key": other, "tls.crt": own + new_sealing_key(bits=2048)[1].encode()})
    stranger = new_sealing_key(bits=2048)[0].encode()
    with pytest.raises(SealingError, match=r"^tls: private key does not match public key$"):
        require_pair({"tls.crt": own, "tls.key": stranger})


@pytest.mark.parametrize("key", [b"", b"hunter2", b"-----BEGIN PRIVATE KEY-----\nAA\n-----END PRIVATE KEY-----\n"])
def test_what_is_no_pair_is_refused(key: bytes) -> None:
    with pytest.raises(SealingError, match=r"^tls: failed to find a certificate and a private key in the PEM data$"):
        require_pair({"tls.crt": certificate().encode(), "tls.key": key})
    with pytest.raises(SealingError, match=r"^a TLS Secret has tls\.crt and tls\.key$"):
        require_pair({"tls.crt": b""})
