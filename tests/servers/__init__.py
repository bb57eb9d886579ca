"""Small real servers on the loopback, in threads of the test process: git, a Helm repository, an OCI registry, TLS."""

from __future__ import annotations

from .certificates import Authority
from .charts import chart_archive, index_of
from .files import FileServer
from .git import GitServer
from .registry import Registry
from .web import Server

__all__ = ["Authority", "FileServer", "GitServer", "Registry", "Server", "chart_archive", "index_of"]
