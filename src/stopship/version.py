"""The version of this program, for the layers that write it on what they make."""

__version__ = "0.1.0"
