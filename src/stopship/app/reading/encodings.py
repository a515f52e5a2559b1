"""Which encoding a text file is in: what it says itself, UTF-8 where it is valid, else a careful guess or none.

A wrong guess turns names into other names, and those match nothing. So a guess is made only where the text comes
out as words of the languages that the encoding is for; where two encodings would do, the user is asked.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from stopship.app.reading.streams import ByteStream
from stopship.errors import SettingsError, TableError

CHOICES = "cp1252, cp1250, cp1251, cp1254, gb18030, big5, shift_jis, euc_kr"
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SIGNS = "€‚„…‰‹›‘’“”•–—™ ©«»®°´·º¿¡§&"
_WESTERN = "ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜßàáâãäåæçèéêëìíîïñòóôõöøùúûüÿŒœŠšŽžŸªº"
_CENTRAL = "ĄąĆćĘęŁłŃńÓóŚśŹźŻżÁáČčĎďÉéĚěÍíŇňŘřŠšŤťÚúŮůÝýŽžÖöÜüŐőŰűÄäÔôĹĺĽľŔŕÇçËëß"
_ONLY_CENTRAL = set("ĄąĆćĘęŁłŃńŚśŹźŻżČčĎďĚěŇňŘřŤťŮůŐőŰűĽľ")
"""Letters that are others in cp1252 and in Turkish cp1254: without one of them the text may be either."""
_CYRILLIC = "".join(map(chr, range(0x410, 0x450))) + "ЁёЂђЃѓЄєЅѕІіЇїЈјЉљЊњЋћЌќЎўЏџҐґ№"


@dataclass(frozen=True, slots=True)
class Encoding:
    """An encoding by its Python name, and whether it was guessed from the text."""

    name: str
    guessed: bool = False

    @property
    def note(self) -> str | None:
        """What the user should know: nothing where the file itself says what it is."""
        if not self.guessed:
            return None
        return f"The text is not UTF-8; it was read as {self.name} (guessed). Another one: --encoding NAME"


def encoding_of(stream: ByteStream, given: str | None, sample: bytes | None = None) -> Encoding:
    """The encoding of a text file.

    Args:
        stream: its bytes; only the head is looked at.
        given: the user's word; holds without looking.
        sample: a part of the file that isn't UTF-8, where the head is.

    Raises:
        SettingsError: there is no such encoding.
        TableError: the text isn't UTF-8, and what it is can't be told.
    """
    if given is not None:
        try:
            "".encode(given)
            name = codecs.lookup(given).name
        except (LookupError, UnicodeError, ValueError):
            raise SettingsError(
                f"there is no encoding {given!r}",
                where="--encoding",
                hint=f"Known are utf-8, {CHOICES} and others",
            ) from None
        return Encoding(name)
    if (marked := marked_encoding(stream)) is not None:
        return marked
    if sample is None:
        if is_utf8(stream.head):
            return Encoding("utf-8")
        sample = stream.head
    if b"\0" in sample:
        return Encoding("utf-8")  # not a text file in any of these: the reader says so, and where
    for guess in (_guess_han, _guess_letters):
        if (found := guess(sample)) is not None:
            return Encoding(found, guessed=True)
    bad = _first_bad(stream.head)
    where = f" (line {stream.head[:bad].count(10) + 1})" if bad is not None else ""
    what = f"byte {stream.head[bad]:#04x} is" if bad is not None else "the text is"
    raise TableError(
        f"{what} not UTF-8{where}, and the encoding can't be told from the text",
        where=stream.where,
        hint=f"Save the file as UTF-8, or name the encoding with --encoding, e.g. {CHOICES}",
    )


def marked_encoding(stream: ByteStream) -> Encoding | None:
    """The encoding that the mark at the beginning of the file names; None where there is none."""
    return next((Encoding(name) for mark, name in _MARKS if stream.head.startswith(mark)), None)


def is_utf8(data: bytes) -> bool:
    """Whether it is UTF-8, perhaps cut inside of the last character."""
    return _first_bad(data) is None


def _first_bad(data: bytes) -> int | None:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(data)
    except UnicodeDecodeError as bad:
        return bad.start
    return None


def _guess_han(sample: bytes) -> str | None:
    """Simplified Chinese: pairs of bytes, nearly all of them of the 6,763 characters of GB 2312.

    Korean (EUC-KR) looks like Chinese whose words begin with a to n only: then nothing is guessed. Japanese
    (EUC-JP) has kana in rows 4 and 5.
    """
    pairs = re.findall(rb"[\x81-\xfe][\x40-\x7e\x80-\xfe]", sample)
    if len(pairs) < 2 or len(b"".join(pairs)) < 0.98 * sum(byte >= 0x80 for byte in sample):
        return None
    if not _decodes(sample, "gb18030"):
        return None
    common = [pair for pair in pairs if 0xB0 <= pair[0] <= 0xF7 and pair[1] >= 0xA1]
    kana = sum(pair[0] in (0xA4, 0xA5) for pair in pairs)
    late = sum(0xC9 <= pair[0] <= 0xD7 for pair in common)
    signs = sum(pair[0] in (0xA1, 0xA3) for pair in pairs)
    good = len(common) + signs >= 0.95 * len(pairs) and kana <= 0.02 * len(pairs)
    return "gb18030" if good and late >= 0.2 * len(common) and common else None


def _guess_letters(sample: bytes) -> str | None:
    """One byte a letter: Western European, Central European or Cyrillic, if the words come out as such."""
    for name, letters, looks in (
        ("cp1251", _CYRILLIC, _all_cyrillic),
        ("cp1252", _WESTERN, _mostly_ascii),
        ("cp1250", _CENTRAL, _central),
    ):
        text = _decodes(sample, name)
        if text is None:
            continue
        others = [c for c in text if not c.isascii()]
        known = sum(c in letters for c in others)
        signs = sum(c in _SIGNS for c in others)
        if known + signs == len(others) and known >= 0.6 * len(others) and looks(text):
            return name
    return None


def _mostly_ascii(text: str, together: int = 2) -> bool:
    """Whether the letters beyond ASCII stand one or two at a time in words of ASCII letters, none of them where
    case changes in the middle of a word."""
    words = [word for word in re.findall(r"[^\W\d_]+", text) if not word.isascii()]
    odd = sum(bool(re.search(rf"[^\x00-\x7f]{{{together + 1}}}", w)) or not _one_case(w) for w in words)
    return odd <= 0.02 * len(words)


def _central(text: str) -> bool:
    """The same with letters that only Central European languages have (three together: `Żółkiew`)."""
    return not _ONLY_CENTRAL.isdisjoint(text) and _mostly_ascii(text, 3)


def _all_cyrillic(text: str) -> bool:
    """Whether words beyond ASCII are Cyrillic from end to end, and long enough to be words."""
    words = [word for word in re.findall(r"[^\W\d_]+", text) if not word.isascii()]
    good = sum(len(word) >= 3 and _one_case(word) and not re.search(r"[a-zA-Z]", word) for word in words)
    return good >= 0.6 * len(words) and all(_one_case(word) for word in words[:50]) and bool(words)


def _one_case(word: str) -> bool:
    return word.isupper() or word[1:].islower() or len(word) == 1


def _decodes(sample: bytes, name: str) -> str | None:
    try:
        # A sample may be cut inside of a character; a final decode would take that for an error.
        return codecs.getincrementaldecoder(name)().decode(sample)
    except UnicodeDecodeError:
        return None
