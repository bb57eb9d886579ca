"""`elysium plan`: the commands about plans. Each imports what it needs when it runs."""

from __future__ import annotations

from collections.abc import Callable

from cyclopts import App

from elysium.cli.commands import plan_apply, plan_effect, plan_exchange, plan_lint, plan_new, plan_say, plan_verify

__all__ = ["app"]

app = App(
    name="plan",
    help="Plans whose every item can be checked by a machine: write, verify, carry out, undo.",
    help_format="plaintext",
    version_flags=[],
)

_COMMANDS: dict[str, Callable[..., int]] = {
    "new": plan_new.new,
    "lint": plan_lint.lint,
    "verify": plan_verify.verify,
    "status": plan_verify.status,
    "diff": plan_effect.diff,
    "apply": plan_apply.apply,
    "rollback": plan_effect.rollback,
    "import": plan_exchange.import_,
    "export": plan_exchange.export,
    "attest": plan_say.attest,
    "decide": plan_say.decide,
    "registers": plan_lint.registers,
}

for _position, (_name, _command) in enumerate(_COMMANDS.items()):
    app.command(_command, name=_name, sort_key=_position)
