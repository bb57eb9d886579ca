"""`elysium plan`: the commands about plans. Each imports what it needs when it runs."""

from __future__ import annotations

from collections.abc import Callable

from cyclopts import App

from elysium.cli.planning import apply, effect, exchange, lint, new, say, verify

__all__ = ["app"]

app = App(
    name="plan",
    help="Plans whose every item can be checked by a machine: write, verify, carry out, undo.",
    help_format="plaintext",
    version_flags=[],
)

_COMMANDS: dict[str, Callable[..., int]] = {
    "new": new.new,
    "lint": lint.lint,
    "verify": verify.verify,
    "status": verify.status,
    "diff": effect.diff,
    "apply": apply.apply,
    "rollback": effect.rollback,
    "import": exchange.import_,
    "export": exchange.export,
    "attest": say.attest,
    "decide": say.decide,
    "registers": lint.registers,
}

for _position, (_name, _command) in enumerate(_COMMANDS.items()):
    app.command(_command, name=_name, sort_key=_position)
