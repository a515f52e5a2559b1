"""Forms of Greek, Arabic and Persian words by rule: what is left without endings, articles and prefixes."""

from __future__ import annotations

from functools import lru_cache

from stopship.names import abjad
from stopship.names.normalize import strip_marks

_GREEK = (
    "ατος", "ατα", "ατων", "ους", "εως", "εων", "εις", "ης", "ας", "ες", "ος", "ου", "ον", "οι", "ων", "ις", "ως",
    "η", "α", "ο", "ι", "ε", "ω", "υ",
)  # fmt: skip
_LEAST_GREEK = 3
# Endings, and the letters that must be left: a short stem with -i is a name more often than the word (Ghazi, gas).
_ARABIC_ENDINGS = {"يه": 4, "يات": 3, "ات": 3, "ون": 3, "ين": 3, "هاي": 3, "ها": 3, "ه": 4, "ي": 4}
_ARTICLES = ("ال", "لل", "بال", "")
_LEAST_ARABIC = 3
_LEAST_BARE = 2  # letters after an article


def even_greek(word: str) -> str:
    """A Greek word in lower case without accents, the last s like others."""
    return strip_marks(word).casefold().replace("ς", "σ")


# Of a genitive the article says "of".
_ARTICLES_SILENT = "ο η το οι τα τον την τη στο στη στην στον στα στις τους τις"
_ARTICLES_OF = "του της των"
GREEK_ARTICLES = {even_greek(article): "" for article in _ARTICLES_SILENT.split()} | {
    even_greek(article): "of" for article in _ARTICLES_OF.split()
}


def even_abjad(word: str) -> str:
    """A word of Arabic or Persian without vowel marks, one letter for each of its forms."""
    return abjad.even(word)


_GREEK_ENDINGS = tuple(even_greek(ending) for ending in _GREEK)


@lru_cache(maxsize=4096)
def greek_stems(word: str) -> frozenset[str]:
    """All stems that a Greek word may have, the whole word among them."""
    word = even_greek(word)
    found = {word}
    for ending in _GREEK_ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _LEAST_GREEK:
            found.add(word[: -len(ending)])
    return frozenset(found)


def greek_dictionary_stems(word: str) -> frozenset[str]:
    """The stem by which a Greek word in the form of a dictionary is told."""
    word = even_greek(word)
    for ending in ("ους", "εις", "οι", "ος", "ης", "ες", "ων", "ου", "ας", "η", "α", "ο", "ι"):
        ending = even_greek(ending)
        if word.endswith(ending) and len(word) - len(ending) >= _LEAST_GREEK:
            return frozenset((word, word[: -len(ending)]))
    return frozenset((word,))


@lru_cache(maxsize=4096)
def abjad_stems(word: str) -> frozenset[str]:
    """All stems that a word of Arabic or Persian may have, the whole word among them: without article, "and",
    "for" and "by" before it, and without endings."""
    word = even_abjad(word)
    found = {word}
    for start in ("", "و"):
        rest = word.removeprefix(start)
        for article in _ARTICLES:
            bare = rest.removeprefix(article)
            if rest.startswith(article) and len(bare) >= (_LEAST_BARE if article else _LEAST_ARABIC):
                found.add(bare)
    for one in ("ل", "ب"):
        if word.startswith(one) and len(word) > _LEAST_ARABIC + 1:
            found.add(word[1:])
    for stem in tuple(found):
        for ending, least in _ARABIC_ENDINGS.items():
            bare = stem.removesuffix(ending)
            if bare != stem and len(bare) >= least:
                found.add(bare)
                if ending == "ات":
                    found.add(bare + "ه")
    return frozenset(found)


def abjad_dictionary_stems(word: str) -> frozenset[str]:
    """The form by which a word of Arabic or Persian in the table is told."""
    word = even_abjad(word)
    bare = word.removeprefix("ال")
    return frozenset((bare if len(bare) >= _LEAST_ARABIC else word,))
