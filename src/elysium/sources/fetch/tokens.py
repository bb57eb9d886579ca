"""Who one is to a registry (the source's Secret, else docker's configuration), and the token that it asks for."""

from __future__ import annotations

import base64
import re
from typing import Any
from urllib.parse import urlencode, urlsplit

import msgspec

from elysium.sources.fetch import logins
from elysium.sources.fetch.failure import FetchError
from elysium.sources.fetch.logins import Login
from elysium.sources.fetch.options import FetchSettings, text
from elysium.sources.fetch.web import Web
from elysium.sources.requests import Credentials

__all__ = ["Challenge", "authorize"]

_PARAMETER = re.compile(r'(\w+)="([^"]*)"')
_LIMIT = 1_000_000


class Challenge(msgspec.Struct, frozen=True, kw_only=True):
    """What a registry answers to an anonymous question (`WWW-Authenticate`)."""

    scheme: str = ""
    realm: str = ""
    service: str = ""
    scope: str = ""

    @classmethod
    def read(cls, header: str) -> Challenge:
        scheme, _, rest = header.partition(" ")
        fields = dict(_PARAMETER.findall(rest))
        return cls(
            scheme=scheme.lower(),
            realm=fields.get("realm", ""),
            service=fields.get("service", ""),
            scope=fields.get("scope", ""),
        )


def authorize(web: Web, challenge: Challenge, host: str, repository: str, credentials: Credentials) -> str:
    """The Authorization header that answers a challenge."""
    login = login_for(web.settings, host, credentials)
    if challenge.scheme == "basic":
        if login is None:
            raise FetchError(f"{host} wants a login", hint=_hint(web.settings, credentials))
        return _basic(login)
    if challenge.scheme != "bearer" or not urlsplit(challenge.realm).scheme.startswith("http"):
        raise FetchError(f"{host} wants a kind of login that is not known ({challenge.scheme or 'none named'})")
    scope = challenge.scope or f"repository:{repository}:pull"
    try:
        answer = _token(web, challenge.realm, {"service": challenge.service, "scope": scope}, login, credentials)
    except FetchError as error:
        raise FetchError(f"{host}: no token: {error.message}", hint=_hint(web.settings, credentials)) from error
    return f"Bearer {answer}"


def login_for(settings: FetchSettings, host: str, credentials: Credentials) -> Login | None:
    """User and password for a registry: from the source's Secret if its values are known, else from docker's files."""
    values = settings.secret(credentials.secret)
    if values.get("username"):
        return Login(user=text(values, "username"), password=text(values, "password"))
    if values.get(".dockerconfigjson"):
        return logins.from_config(values[".dockerconfigjson"], host)
    return logins.from_files(host)


def _token(web: Web, realm: str, query: dict[str, str], login: Login | None, credentials: Credentials) -> str:
    if login is not None and login.identity:
        form = {**query, "grant_type": "refresh_token", "refresh_token": login.identity, "client_id": "elysium"}
        reply = web.post(realm, credentials, form=urlencode(form).encode(), limit=_LIMIT)
    else:
        separator = "&" if "?" in realm else "?"
        headers = {"Authorization": _basic(login)} if login is not None else {}
        url = f"{realm}{separator}{urlencode(query)}"
        reply = web.get(url, credentials, headers=headers, limit=_LIMIT)
    try:
        answer: dict[str, Any] = msgspec.json.decode(reply.content, type=dict[str, Any])
    except msgspec.MsgspecError as error:
        raise FetchError("the token service answered no JSON") from error
    found = answer.get("token") or answer.get("access_token")
    if not isinstance(found, str):
        raise FetchError("the token service answered without a token")
    return found


def _basic(login: Login) -> str:
    return "Basic " + base64.b64encode(f"{login.user}:{login.password}".encode()).decode()


def _hint(settings: FetchSettings, credentials: Credentials) -> str:
    missing = settings.missing_secrets(credentials)
    if missing:
        return f"Flux uses the Secret {', '.join(missing)}, whose values are not here: log in with `docker login`"
    return "log in with `docker login`, or check the source's secretRef"
