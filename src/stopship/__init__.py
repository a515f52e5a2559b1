"""Stopship: may this item go to these parties, in this destination, on this date, and why?"""

__version__ = "0.1.0"
