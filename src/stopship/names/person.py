"""The parts of a person's name: initials, titles, particles and names."""

from __future__ import annotations

from collections.abc import Sequence

from stopship.names.phrases import Kind, person_book
from stopship.names.token import Token, simple
from stopship.names.tokenize import Word


def tag_person(plain: Sequence[Word]) -> tuple[Token, ...]:
    """Tagged tokens of the name of a person."""
    book = person_book()
    texts: list[str] = []
    for word in plain:
        if word.letters and len(word.text) <= 4:
            texts.extend(word.text)
        else:
            texts.append(word.text)
    tokens: list[Token] = []
    at = 0
    while at < len(texts):
        if len(texts[at]) == 1 and texts[at].isalpha():
            tokens.append(Token(texts[at], Kind.INITIAL, texts[at]))
            at += 1
            continue
        phrase = book.at(texts, at)
        if phrase is None:
            tokens.append(simple(texts[at], roman=False))
            at += 1
            continue
        tokens.append(Token("".join(phrase.words), phrase.kind, phrase.key))
        at += len(phrase.words)
    if tokens and all(t.kind in (Kind.TITLE, Kind.PARTICLE) for t in tokens):
        return tuple(simple(t.text, roman=False) for t in tokens)
    return tuple(tokens)
