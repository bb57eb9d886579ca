"""The process `elysium`: what is around the command line, so that Ctrl-C never shows where the code was."""

from __future__ import annotations

import signal
import sys

__all__ = ["main"]

_INTERRUPTED = 130


def main() -> int:
    """Run the command line of this process; an interruption while the code is loaded ends it quietly too."""
    try:
        from elysium.cli.main import main as run  # noqa: PLC0415 - loading it takes a while

        code = run()
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    except KeyboardInterrupt:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        print("error: interrupted", file=sys.stderr)  # noqa: T201 - the last words
        return _INTERRUPTED
    return code


if __name__ == "__main__":
    sys.exit(main())
