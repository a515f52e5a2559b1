"""Migrations, run by Alembic; `store.database` finds them here."""
