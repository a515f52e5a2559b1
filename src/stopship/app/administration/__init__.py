"""What administrators of a home do: accounts, keys, settings, the audit record, the state of the machine."""
