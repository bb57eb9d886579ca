"""An API server from the programs of `KUBEBUILDER_ASSETS`: etcd and kube-apiserver, without controllers."""

from __future__ import annotations

import contextlib
import os
import secrets
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from elysium.cluster import certificates, kubeconfig
from elysium.cluster.asking import Asker
from elysium.cluster.command import Command, environment
from elysium.cluster.kubeconfig import Access
from elysium.cluster.server import Server
from elysium.cluster.waiting import Logs
from elysium.cluster.watching import WATCHDOG
from elysium.errors import ClusterError
from elysium.kit import files

__all__ = ["PROGRAMS", "from_assets"]

PROGRAMS = ("etcd", "kube-apiserver")
_PAUSE = 0.05


@contextlib.contextmanager
def from_assets(assets: Path, directory: Path, *, seconds: float = 60, lock: int | None = None) -> Iterator[Server]:
    """Start the two programs in `directory`, which must be empty and is removed at the end.

    They are killed when this process ends, however it ends. They inherit the descriptor `lock`. Raises ClusterError
    when a program is missing, or with what they said when they are not ready in time.
    """
    missing = [name for name in PROGRAMS if not os.access(assets / name, os.X_OK)]
    if missing:
        raise ClusterError(
            f"no {missing[0]} here", subject=f"KUBEBUILDER_ASSETS={assets}", hint="unset it, or run setup-envtest again"
        )
    with _reserved_port() as port, (directory / "log").open("w+b") as log:
        access = _prepare(directory, port)
        with _running(_commands(assets, directory, port), directory, log, lock) as process:
            version = _await(process, access, Logs(log, directory / "log"), seconds)
            yield Server(
                url=access.url,
                kubeconfig=directory / "kubeconfig",
                version=version,
                controllers=False,
                log=directory / "log",
            )


@contextlib.contextmanager
def _reserved_port() -> Iterator[int]:
    """A port that nobody else gets: it stays bound, and the API server is told to share it with us."""
    with socket.socket() as placeholder:
        placeholder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        placeholder.bind(("127.0.0.1", 0))
        yield placeholder.getsockname()[1]


def _prepare(directory: Path, port: int) -> Access:
    """Keys, certificates, a token for the administrator, and the kubeconfig with it."""
    token = secrets.token_hex(32)
    made = certificates.make(directory)
    access = Access(
        url=f"https://127.0.0.1:{port}", authority=made.certificate.read_text(encoding="utf-8"), token=token
    )
    files.write_atomically(directory / "tokens.csv", f'{token},admin,admin,"system:masters"\n'.encode())
    kubeconfig.write(directory / "kubeconfig", access)
    return access


def _commands(assets: Path, directory: Path, port: int) -> tuple[Command, Command]:
    """The command lines. For etcd sockets instead of ports: relative names, since their paths must be short, which look
    like addresses, since etcd asks for those.
    """
    storage, peers = "unix://etcd.sock:0", "unix://peers.sock:0"
    etcd = (
        str(assets / "etcd"),
        f"--data-dir={directory / 'etcd'}",
        f"--listen-client-urls={storage}",
        f"--advertise-client-urls={storage}",
        f"--listen-peer-urls={peers}",
        f"--initial-advertise-peer-urls={peers}",
        f"--initial-cluster=default={peers}",
        "--unsafe-no-fsync",
    )
    server = (
        str(assets / "kube-apiserver"),
        f"--etcd-servers={storage}",
        "--bind-address=127.0.0.1",
        f"--secure-port={port}",
        "--permit-port-sharing=true",
        f"--tls-cert-file={directory / 'server.crt'}",
        f"--tls-private-key-file={directory / 'server.key'}",
        f"--token-auth-file={directory / 'tokens.csv'}",
        "--authorization-mode=RBAC",
        "--anonymous-auth=false",
        "--disable-admission-plugins=ServiceAccount",
        "--service-account-issuer=https://kubernetes.default.svc",
        f"--service-account-key-file={directory / 'accounts.pub'}",
        f"--service-account-signing-key-file={directory / 'accounts.key'}",
        "--service-cluster-ip-range=10.96.0.0/12,fd00:96::/108",
        "--endpoint-reconciler-type=none",
        "--allow-privileged=true",
    )
    return etcd, server


@contextlib.contextmanager
def _running(
    commands: tuple[Command, ...], directory: Path, log: IO[bytes], lock: int | None
) -> Iterator[subprocess.Popen[bytes]]:
    hold = () if lock is None else ("--hold", str(lock))
    programs = [argument for command in commands for argument in ("--", *command)]
    process = subprocess.Popen(
        [*WATCHDOG, "--remove", str(directory), *hold, *programs],
        cwd=directory,
        env=environment(),
        stdin=subprocess.PIPE,
        stdout=log,
        stderr=log,
        start_new_session=True,
        pass_fds=() if lock is None else (lock,),
    )
    try:
        yield process
    finally:
        assert process.stdin is not None
        process.stdin.close()
        process.wait()


def _await(process: subprocess.Popen[bytes], access: Access, logs: Logs, seconds: float) -> str:
    deadline = time.monotonic() + seconds
    with Asker(access) as asker:
        while not asker.answers():
            if process.poll() is not None:
                raise logs.failure("etcd or kube-apiserver ended before it was ready")
            if time.monotonic() > deadline:
                raise logs.failure(f"kube-apiserver was not ready within {seconds:g} s")
            time.sleep(_PAUSE)
        return asker.version()
