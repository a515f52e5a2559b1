"""Who owns whom: files that are taken in, and what of them is in use."""
