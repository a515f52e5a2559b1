"""One file per signal: what two values say about each other."""
