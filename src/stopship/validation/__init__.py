"""Validation: how well names are found, measured with manipulated names and real negatives."""
