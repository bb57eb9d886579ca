"""Read from an API server: the few questions that need no replay."""

from __future__ import annotations

import contextlib
import ssl
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx
import msgspec

from elysium.cluster.kubeconfig import Access
from elysium.errors import ClusterError
from elysium.kit import terminal

__all__ = ["Asker"]

_NAMES_ONLY = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1"
_PAGE = 500


class Asker:
    """Gets from one server, past every proxy, trusting only its own authority. A context manager."""

    def __init__(self, access: Access, *, seconds: float = 10) -> None:
        if not access.url.startswith("https://"):
            raise ClusterError("the address of an API server begins with https://", subject=access.url)
        headers = {"Authorization": f"Bearer {access.token}"} if access.token else {}
        self.url = access.url
        self._client = httpx.Client(
            base_url=access.url, headers=headers, verify=_trust(access), trust_env=False, timeout=seconds
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.close()

    def answers(self) -> bool:
        """Whether the server says that it is ready."""
        try:
            return self._client.get("/readyz").status_code == httpx.codes.OK
        except httpx.HTTPError:
            return False

    def version(self) -> str:
        """What `/version` says, such as `v1.36.3`."""
        return str(self._get("/version").get("gitVersion", ""))

    def get(self, path: str) -> dict[str, Any]:
        """What is at an API path, such as `/api/v1/nodes?limit=100`."""
        return self._get(path)

    def names(self, path: str) -> Iterator[tuple[str, str]]:
        """Namespace and name of every object of a collection; their content is not even sent."""
        query = {"limit": str(_PAGE)}
        while True:
            page = self._get(path, accept=_NAMES_ONLY, query=query)
            for item in page.get("items") or ():
                metadata = item.get("metadata") or {}
                yield metadata.get("namespace", ""), metadata.get("name", "")
            query["continue"] = (page.get("metadata") or {}).get("continue", "")
            if not query["continue"]:
                return

    def has(self, path: str) -> bool:
        """Whether an object is there."""
        return bool(self._get(path, absent_ok=True))

    def _get(
        self,
        path: str,
        *,
        accept: str = "application/json",
        absent_ok: bool = False,
        query: dict[str, str] | None = None,
    ) -> dict[str, Any]:
        try:
            answer = self._client.get(path, params=query, headers={"Accept": accept})
            if absent_ok and answer.status_code == httpx.codes.NOT_FOUND:
                return {}
            content = msgspec.json.decode(answer.content)
        except (httpx.HTTPError, msgspec.DecodeError) as error:
            raise self._error(str(error)) from error
        if answer.status_code != httpx.codes.OK:
            raise self._error(f"{path}: {content.get('message', answer.status_code)}")
        return dict(content)

    def _error(self, why: str) -> ClusterError:
        return ClusterError(
            f"the API server does not answer as one: {terminal.visible(why)[:300]}",
            subject=self.url,
            hint="look with `kubectl version` whether it runs and lets you in",
        )


def _trust(access: Access) -> ssl.SSLContext:
    context = ssl.create_default_context(cadata=access.authority or None)
    if access.certificate:
        with _pem(access.certificate + "\n" + access.key) as path:
            context.load_cert_chain(path)
    return context


@contextlib.contextmanager
def _pem(text: str) -> Iterator[Path]:
    """OpenSSL takes certificates of clients from files only."""
    with tempfile.NamedTemporaryFile("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        yield Path(file.name)
