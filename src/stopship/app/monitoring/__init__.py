"""Customers that are screened again when the lists change."""
