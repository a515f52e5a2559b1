"""Stopship: may this item go to these parties, in this destination, on this date, and why?

In a notebook::

    import stopship

    home = stopship.open()
    home.check({"destination": "CN", "parties": [{"role": "end_user", "name": "Hikvision"}]})
    home.screen(customers)

Importing this loads nothing else; the layers below import `stopship.version`, never this module.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from stopship.version import __version__

if TYPE_CHECKING:
    from pathlib import Path

    from stopship.app.notebook import Home

__all__ = ["__version__", "open"]


def open(home: Path | str | None = None) -> Home:
    """Open a home: its lists, its settings and the rulebook, to check orders and to screen names and frames.

    Args:
        home: the directory; None takes `STOPSHIP_HOME`, else the platform's data directory. It need not exist:
            then the bundled starter list is used, which is not for real screening.

    Raises:
        SettingsError: it is a file, or its settings are wrong.
    """
    from stopship.app.notebook import open_home

    return open_home(home)
