"""`elysium completion`."""

from __future__ import annotations

import sys
from typing import Annotated, Literal

from cyclopts import Parameter

__all__ = ["completion"]


def completion(
    shell: Annotated[Literal["bash", "zsh", "fish"], Parameter(name="SHELL", help="The shell to complete in.")],
) -> int:
    """Print a completion script for a shell.

    For example:

    * `elysium completion bash > ~/.local/share/bash-completion/completions/elysium`
    * `elysium completion zsh > ~/.zfunc/_elysium`
    * `elysium completion fish > ~/.config/fish/completions/elysium.fish`
    """
    from elysium.cli.main import application

    sys.stdout.write(application().generate_completion(prog_name="elysium", shell=shell))
    return 0
