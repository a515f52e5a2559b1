"""Backups: all that can't be made again, in one file, and a home made of it."""

from stopship.app.backup.restore import Restored, restore
from stopship.app.backup.write import Written, append_line, keep_newest, scheduled_name, write_backup

__all__ = ["Restored", "Written", "append_line", "keep_newest", "restore", "scheduled_name", "write_backup"]
