"""Names: scripts, normal forms, transliteration, tokens and what they say. Knows nothing of lists."""

from stopship.names.analyze import AnalyzedName, Reading, analyze
from stopship.names.normalize import NORMALIZER_VERSION, clean
from stopship.names.phrases import Kind
from stopship.names.token import Token
from stopship.names.tokenize import normalize

__all__ = ["NORMALIZER_VERSION", "AnalyzedName", "Kind", "Reading", "Token", "analyze", "clean", "normalize"]
