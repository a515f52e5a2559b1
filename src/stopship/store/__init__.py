"""What changes from run to run and must not be lost: a database, SQLite in the home unless another is named.

`database` opens it and brings it up to date; each subject is one module with its tables and what is asked of them.
"""

from stopship.store.database import Database, sqlite_url

__all__ = ["Database", "sqlite_url"]
