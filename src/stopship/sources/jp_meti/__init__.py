"""METI's Foreign End User List (`jp_meti`)."""
