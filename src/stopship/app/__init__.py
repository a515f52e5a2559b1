"""The application: where a home, its lists, the rulebook and the screener are wired together for an interface."""
