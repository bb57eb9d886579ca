"""`elysium secrets`."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from cyclopts import App, Group, Parameter

from elysium.cli.options import Many, Output
from elysium.errors import SealingError, UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from elysium.secrets import Inputs

__all__ = ["app"]

app = App(
    name="secrets",
    help="Make SealedSecrets without a cluster, and without plaintext on disk or in arguments.",
    help_format="plaintext",
    version_flags=[],
)
create = App(name="create", help="Make a Secret from files or standard input, and seal it.", help_format="plaintext")
app.command(create)

_LONGEST = 10 << 20
_INPUTS = Group("Values", sort_key=1)
_RESULT = Group("Result", sort_key=2)

_Scope = Literal["strict", "namespace-wide", "cluster-wide"]
_Form = Annotated[Literal["yaml", "json"], Output, Parameter(group=_RESULT, help="The form of the result.")]
_Name = Annotated[str, Parameter(name="NAME", help="The name of the Secret.")]
_Namespace = Annotated[
    str, Parameter(name=("--namespace", "-n"), group=_RESULT, help="The namespace.", show_default=False)
]
_Certificate = Annotated[
    str,
    Parameter(
        group=_RESULT,
        help="The controller's certificate (PEM); by default etc/certs/pub-sealed-secrets.pem of the repository.",
        show_default=False,
    ),
]


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class Values:
    """Where values come from: never from arguments, which the shell and the list of processes show."""

    from_file: Annotated[
        tuple[str, ...],
        Many,
        Parameter(
            group=_INPUTS,
            help="KEY=FILE, FILE (its name is the key) or a directory of files; - is standard input. Repeatable.",
        ),
    ] = ()
    from_env_file: Annotated[
        tuple[str, ...],
        Many,
        Parameter(group=_INPUTS, help="A file with KEY=VALUE lines. Repeatable.", allow_leading_hyphen=True),
    ] = ()
    from_stdin: Annotated[
        str, Parameter(group=_INPUTS, help="The key of the value on standard input.", show_default=False)
    ] = ""
    generate: Annotated[
        tuple[str, ...],
        Many,
        Parameter(group=_INPUTS, help="KEY[:LENGTH]: a random value of letters and digits, 32 long. Repeatable."),
    ] = ()

    def inputs(self, *files: str) -> Inputs:
        """The same to the API, with further files."""
        from elysium.secrets import Inputs

        return Inputs(
            files=(*self.from_file, *files),
            env_files=self.from_env_file,
            stdin=self.from_stdin,
            generate=self.generate,
        )


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class Target:
    """For whom the values are sealed, and where the result goes."""

    namespace: _Namespace = ""
    cert: _Certificate = ""
    scope: Annotated[
        _Scope, Parameter(group=_RESULT, help="Where the values may be opened: under which name and namespace.")
    ] = "strict"
    into: Annotated[
        str,
        Parameter(
            group=_RESULT,
            help="Put the values into this file of a SealedSecret, whose comments stay; it is made when missing.",
            show_default=False,
        ),
    ] = ""
    seal: Annotated[
        bool,
        Parameter(
            negative="--plain",
            group=_RESULT,
            help="Seal the values; --plain prints the Secret itself, as kubectl's dry run does.",
            show_default=False,
        ),
    ] = True
    output: _Form = "yaml"


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class Registry:
    """A login, but for the password."""

    docker_server: Annotated[
        str, Parameter(name=("--docker-server", "--server"), group=_INPUTS, help="The registry.")
    ] = "https://index.docker.io/v1/"
    docker_username: Annotated[
        str, Parameter(name=("--docker-username", "--username"), group=_INPUTS, help="The user.", show_default=False)
    ] = ""
    docker_email: Annotated[
        str, Parameter(name=("--docker-email", "--email"), group=_INPUTS, help="The address.", show_default=False)
    ] = ""
    docker_password_file: Annotated[
        str,
        Parameter(
            name=("--docker-password-file", "--password-file"),
            group=_INPUTS,
            help="The file of the password; - is standard input.",
            show_default=False,
            allow_leading_hyphen=True,
        ),
    ] = ""


_NOTHING = Values()
_PRINTED = Target()
_NO_LOGIN = Registry()


@create.command
def generic(
    name: _Name,
    /,
    *,
    values: Values = _NOTHING,
    type_: Annotated[str, Parameter(name="--type", group=_RESULT, help="The type.", show_default=False)] = "",
    target: Target = _PRINTED,
) -> int:
    """Seal values under keys of your choice.

    For example:

    * `elysium secrets create generic app -n web --from-file token=token.txt`
    * `pass show web/token | elysium secrets create generic app -n web --from-stdin token > app.yaml`
    * `elysium secrets create generic app -n web --generate password:40 --into app.yaml`
    """
    from elysium.secrets import read_values

    return _finish(name, read_values(values.inputs(), sys.stdin.buffer), type_, target)


@create.command(name="docker-registry")
def docker_registry(
    name: _Name,
    /,
    *,
    login: Registry = _NO_LOGIN,
    values: Values = _NOTHING,
    target: Target = _PRINTED,
) -> int:
    """Seal the login of a registry, for imagePullSecrets.

    For example:

    * `elysium secrets create docker-registry pull -n web --server ghcr.io --username me --password-file -`
    * `elysium secrets create docker-registry pull -n web --from-file .dockerconfigjson=config.json`
    """
    from elysium.secrets import read_values
    from elysium.secrets.kinds import DOCKER_TYPE, Login, registry_values

    password = (f"password={login.docker_password_file}",) if login.docker_password_file else ()
    found = read_values(values.inputs(*password), sys.stdin.buffer)
    told = Login(server=login.docker_server, username=login.docker_username, email=login.docker_email)
    return _finish(name, registry_values(told, found), DOCKER_TYPE, target)


@create.command
def tls(
    name: _Name,
    /,
    *,
    tls_cert: Annotated[
        str, Parameter(group=_INPUTS, help="The certificate (PEM), its chain after it.", show_default=False)
    ] = "",
    tls_key: Annotated[
        str,
        Parameter(
            group=_INPUTS,
            help="Its private key (PEM); - is standard input.",
            show_default=False,
            allow_leading_hyphen=True,
        ),
    ] = "",
    values: Values = _NOTHING,
    target: Target = _PRINTED,
) -> int:
    """Seal the certificate of a server with its private key; they are checked to belong together.

    For example:

    * `elysium secrets create tls web -n web --tls-cert web.pem --tls-key web.key`
    """
    from elysium.secrets import read_values
    from elysium.secrets.kinds import TLS_TYPE, require_pair

    named = (("tls.crt", tls_cert), ("tls.key", tls_key))
    found = read_values(values.inputs(*(f"{key}={file}" for key, file in named if file)), sys.stdin.buffer)
    require_pair(found)
    return _finish(name, found, TLS_TYPE, target)


@app.command
def seal(
    source: Annotated[
        str,
        Parameter(
            name="FILE",
            help="Manifests of Secrets, YAML or JSON; - for standard input.",
            allow_leading_hyphen=True,
        ),
    ] = "-",
    /,
    *,
    namespace: _Namespace = "",
    cert: _Certificate = "",
    scope: Annotated[
        _Scope | None,
        Parameter(group=_RESULT, help="The scope; by default what the manifest's annotations say.", show_default=False),
    ] = None,
    output: _Form = "yaml",
) -> int:
    """Seal the Secrets of manifests: what `kubeseal` does with them.

    For example:

    * `kubectl create secret generic app -n web --from-file token --dry-run=client -o yaml | elysium secrets seal -`
    * `elysium secrets seal secret.yaml --cert cert.pem --scope namespace-wide -o json`
    """
    from elysium.api import certificate_for, seal_manifests
    from elysium.sealing.sealed import Scope
    from elysium.secrets import Wish

    wish = Wish(certificate=certificate_for(cert, Path()), scope=Scope(scope) if scope else None, namespace=namespace)
    for body in seal_manifests(_stream(source), wish, subject="standard input" if source == "-" else source):
        _print(body, output)
    return 0


def _finish(name: str, values: Mapping[str, bytes], kind: str, target: Target) -> int:
    """Print the Secret, sealed or as it is, or seal it into a file."""
    from elysium.api import certificate_for, write_sealed
    from elysium.sealing.sealed import Scope
    from elysium.secrets import Place, plain_object, sealed_object

    place = Place(name=name, namespace=target.namespace, scope=Scope(target.scope))
    if not target.seal:
        if target.into:
            raise UsageError("a plaintext is never written to a file", hint="leave out --plain, or --into")
        _print_plain(plain_object(place, values, kind), target.output)
        return 0
    certificate = certificate_for(target.cert, *([Path(target.into).parent] if target.into else []), Path())
    if target.into:
        there = write_sealed(Path(target.into), place, values, certificate, kind)
        print(f"{'changed' if there else 'wrote'} {target.into}: {', '.join(sorted(values))}")
        return 0
    _print(sealed_object(place, values, certificate, {"type": kind} if kind else {}), target.output)
    return 0


def _stream(source: str) -> str:
    from elysium.secrets import read_file

    try:
        return read_file(source, sys.stdin.buffer, _LONGEST).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise SealingError("this is not UTF-8 text", subject=source, hint="give YAML or JSON") from None


def _print(body: Mapping[str, Any], form: str) -> None:
    from elysium.secrets import json_text, yaml_document

    print(yaml_document(body) if form == "yaml" else json_text(body, 2) + "\n", end="")


def _print_plain(body: Mapping[str, Any], form: str) -> None:
    from elysium.secrets import json_text, yaml_lines

    print("\n".join(yaml_lines(body)) if form == "yaml" else json_text(body, 4))
