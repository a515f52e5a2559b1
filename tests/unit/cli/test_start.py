"""The command line answers at once: what is heavy is loaded by the commands that need it."""

from __future__ import annotations

import subprocess
import sys


def test_help_loads_nothing_heavy() -> None:
    code = (
        "import sys; from stopship.cli import run; code = run(['--help']);"
        "heavy = ('numpy', 'numba', 'pyarrow', 'orjson', 'yaml', 'pandas', 'stopship.matching', 'stopship.app');"
        "print([name for name in heavy if name in sys.modules], code, file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr == "[] 0\n"
    assert "check" in done.stdout
