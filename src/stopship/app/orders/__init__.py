"""Many orders, from a file of them to a file of decisions."""
