"""`python -m elysium`."""

from __future__ import annotations

import sys

from elysium.cli.main import main

sys.exit(main())
