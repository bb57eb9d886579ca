"""Requests to an API server as the tests of the control plane send them: past the replay, with any verb."""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable
from typing import Any

import httpx

from elysium.cluster import kubeconfig
from elysium.cluster.server import Server
from tests.cluster.traces import until

__all__ = ["Direct"]

Object = dict[str, Any]


class Direct:
    """Sends objects to a server and waits for what its controllers make of them."""

    def __init__(self, server: Server) -> None:
        access = kubeconfig.load(server.kubeconfig, "rehearsal")
        self._client = httpx.Client(
            base_url=access.url,
            headers={"Authorization": f"Bearer {access.token}"},
            verify=ssl.create_default_context(cadata=access.authority),
            trust_env=False,
        )

    def close(self) -> None:
        self._client.close()

    def get(self, path: str) -> Object:
        """An object or a collection; empty if it is not there."""
        answer = self._client.get(path)
        return {} if answer.status_code == httpx.codes.NOT_FOUND else dict(answer.raise_for_status().json())

    def items(self, path: str) -> list[Object]:
        return list(self.get(path).get("items") or [])

    def post(self, path: str, content: Object) -> Object:
        """The object as it was stored. An error says why the server refused it."""
        answer = self._client.post(path, json=content)
        assert answer.is_success, answer.text
        return dict(answer.json())

    def refusal(self, path: str, content: Object) -> str:
        """Why the server refuses an object; empty if it takes it."""
        answer = self._client.post(path, json=content)
        return "" if answer.is_success else str(answer.json()["message"])

    def merge(self, path: str, content: Object) -> Object:
        answer = self._client.patch(path, json=content, headers={"Content-Type": "application/merge-patch+json"})
        assert answer.is_success, answer.text
        return dict(answer.json())

    def delete(self, path: str) -> None:
        self._client.delete(path).raise_for_status()

    def namespace(self, name: str) -> str:
        """A new namespace; its path."""
        self.post("/api/v1/namespaces", {"metadata": {"name": name}})
        return f"/api/v1/namespaces/{name}"

    def becomes(self, path: str, expected: Callable[[Object], object], seconds: float = 15) -> Object:
        """The object once it is as expected."""
        last: Object = {}

        def arrived() -> bool:
            nonlocal last
            last = self.get(path)
            return bool(last and expected(last))

        try:
            until(arrived, seconds)
        except AssertionError:
            raise AssertionError(f"{path} after {seconds:g} s: {last.get('status')}") from None
        return last

    def gone(self, path: str, seconds: float = 15) -> float:
        """How long it took until nothing is there."""
        started = time.monotonic()
        until(lambda: not self.get(path), seconds)
        return time.monotonic() - started
