"""Official lists on this machine: fetched, taken in, compared, carried, pruned."""
