"""What is done to a whole file before it is handed to its reader: to its bytes, and to what they stand for.

`mutated(seed, number)` depends on nothing else: an input can be made again from its seed's name and its number.
"""

from __future__ import annotations

import csv
import gzip
import io
import random
import re
import zipfile
import zlib
from collections.abc import Callable
from typing import Any

import orjson
from benchmarks.lists.seeds import Seed, own, table, workbook

from stopship.sources.archives import pack_archive

_MARKS = (
    b'"', b"'", b"<", b">", b"&", b";", b",", b"\t", b"\r\n", b"\x00", b"\x1a", b"(", b")", b"-0- ", b"]]>",
    b"<!--", b"-->", b"<![CDATA[", b"<?x ", b"&#0;", b"&#xD800;", b"&#x10FFFF;", b"&lt;", b"&nbsp;", b"{",
    b"[", b"}", b"\xff\xfe", b"\xef\xbb\xbf", b"\xc3\x28", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\\ud800",
    b"\\u0000", b"1e999", b"<!DOCTYPE a [<!ENTITY b 'c'>]>", b"</", b"/>", b" xmlns='urn:x'",
    b" xmlns:a='b' a:c='d'", b"NaN", b"null",
)  # fmt: skip
VALUES = (
    "", " ", "0", "-1", "9" * 400, "1e309", "NaN", "null", "TRUE", "-0-", "n/a", "?", "...", "()", ", ; ,",
    "31/02/2020", "0000-00-00", "99/99/9999", "1 May 99999", "2020-13-45T99:99:99Z", "circa 0",
    "between 1 and 9999", "1957-05-05 to 1940", "Approximately ", "5 Smarch 1990", "Jan 0, 2020", "0/0/0",
    "a) b) c) 1) 2) i) ii)", "\u202eabc\u202c", "\U0001f6a2", "\ufeff", "\u2028\u2029",
    "e\u0301" * 50, "李" * 300, "ﷺ" * 40, "zq" * 5_000, " " * 20_000, "a.k.a. " * 500, "(" * 3_000,
    ")" * 3_000, "((a)" * 800, ";" * 3_000, "1/" * 2_000, "AKA AKA " * 400, "a " * 8_000, "A, " * 4_000,
    "- " * 4_000, "1) " * 2_000, '"' * 999, "'" * 999, "0" * 20_000, "DOB 1 Jan 1960; " * 300,
    "POB x; " * 400, "Passport 1 (" * 400, "née " * 400, "Annex IV", "Supplement No. 4", "See " * 900,
    "and " * 2_000, "formerly known as " * 300, "f/k/a" * 600, "a" + "\t" * 3_000 + "b", "=1+1", "\x0b\x0c",
    "Asset freeze|" * 400, "Art. " * 900, "12345678901234567890", "٣٤٥", "Ⅻ", "½", "1,000,000,000,000",
    "0x10",
)  # fmt: skip
_LETTERS = " (),;Aa-.\u0301\u0627\u4e00"
NAMES = ("", "a", "name", "Name", "id", "ns:b", "x" * 300, "ﷺ", "1", "Row", "td", "value")

Mutation = Callable[[Seed, random.Random], bytes]


def mutated(seed: Seed, number: int) -> bytes:
    """The input of this number: one to four changes of the seed, one after the other.

    Args:
        seed: a whole file.
        number: from 0; the same number always gives the same bytes.
    """
    chance = random.Random(f"{seed.source}/{seed.name}/{number}")
    shaped = _SHAPED.get(seed.form)
    data = seed.data
    if shaped is not None and chance.random() < 0.6:
        data = shaped(seed, chance)
    if data is seed.data or chance.random() < 0.2:
        for _ in range(chance.choice((1, 1, 1, 2, 4))):
            data = _bytes(data, chance)
    if chance.random() < 0.08:
        data = _packed(data, chance)
    elif chance.random() < 0.04:
        data = _encoded(data, chance)
    return data


# --- bytes --------------------------------------------------------------------------------------------------


def _bytes(data: bytes, chance: random.Random) -> bytes:
    if not data:
        return data
    place, other = sorted((chance.randrange(len(data)), chance.randrange(len(data))))
    short = min(other, place + 400)
    match chance.randrange(10):
        case 0:
            return data[:place]
        case 1:
            return data[:place] + data[short:]
        case 2:
            return data[:other] + data[place:]
        case 3:
            noise = chance.randbytes(chance.randrange(1, 9))
            return data[:place] + noise + data[place + len(noise) :]
        case 4:
            return data[:place] + chance.choice(_MARKS) * chance.randrange(1, 4) + data[place:]
        case 5:
            return data[:place] + data[place:short] * chance.randrange(2, 30) + data[place:]
        case 6:
            flipped = bytearray(data)
            for _ in range(chance.randrange(1, 20)):
                flipped[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
            return bytes(flipped)
        case 7:
            pieces = [data[:place], data[place:short], data[short:]]
            chance.shuffle(pieces)
            return b"".join(pieces)
        case 8:
            value = chance.choice(VALUES).encode("utf-8")
            return data[:place] + value + data[place:]
        case _:
            return _numbers(data, chance)


def _numbers(data: bytes, chance: random.Random) -> bytes:
    found = list(re.finditer(rb"\d+", data))
    if not found:
        return data + b"0"
    match = chance.choice(found)
    value = chance.choice((b"", b"0", b"-1", b"9" * 30, b"9" * 5_000, b"1e9", b"0" * 50, b"2147483648", b"10000"))
    return data[: match.start()] + value + data[match.end() :]


def _packed(data: bytes, chance: random.Random) -> bytes:
    match chance.randrange(7):
        case 0:
            return gzip.compress(data, mtime=0)
        case 1:
            return gzip.compress(gzip.compress(data, mtime=0), mtime=0)
        case 2:
            return gzip.compress(data, mtime=0)[: chance.randrange(1, 400)]
        case 3:
            return gzip.compress(data[:90], mtime=0) + gzip.compress(data[90:], mtime=0)
        case 4:
            return _zip({"a": _zip({"b": data})})
        case 5:
            return _zip({chance.choice(("../a.xml", "/a", "c:\\a", "a.xml", "A.csv", "")): data, "b": b""})
        case _:
            return _bytes(gzip.compress(data, mtime=0), chance)


def _zip(members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name or "x", (1980, 1, 1, 0, 0, 0)), data)
    return buffer.getvalue()


def _encoded(data: bytes, chance: random.Random) -> bytes:
    text = data.decode("utf-8", "replace")
    match chance.randrange(6):
        case 0:
            return text.encode("utf-16")
        case 1:
            return text.encode("utf-16-le")
        case 2:
            return text.encode("cp1252", "replace")
        case 3:
            return text.encode("utf-8-sig")
        case 4:
            return text.encode("utf-7")
        case _:
            return text.encode("utf-32")


# --- markup -------------------------------------------------------------------------------------------------


def _markup(seed: Seed, chance: random.Random) -> bytes:
    from lxml import etree, html

    page = seed.form == "html"
    root: Any = html.document_fromstring(seed.data) if page else etree.fromstring(seed.data)
    for _ in range(chance.choice((1, 1, 2, 3, 8))):
        elements = [one for one in root.iter() if isinstance(one.tag, str)]
        one = chance.choice(elements)
        _change(root, one, chance.choice(elements), chance)
    shown: bytes = html.tostring(root, encoding="utf-8") if page else etree.tostring(root, encoding="utf-8")
    return shown


def _change(root: Any, one: Any, other: Any, chance: random.Random) -> None:
    from copy import deepcopy

    parent = one.getparent()
    match chance.randrange(10):
        case 0 if parent is not None:
            parent.remove(one)
        case 1 if parent is not None:
            for _ in range(chance.choice((1, 1, 3, 50))):
                parent.insert(chance.randrange(len(parent) + 1), deepcopy(one))
        case 2:
            one.tag = other.tag
        case 3:
            one.text = _value(chance, markup=True)
        case 4 if one is not root and other is not root:
            one.text, other.text = other.text, one.text
        case 5:
            for key in list(one.attrib):
                one.set(key, _value(chance, markup=True))
        case 6 if one.attrib:
            del one.attrib[chance.choice(list(one.attrib))]
        case 7:
            one.set("rowspan" if chance.random() < 0.3 else "new", chance.choice(("0", "-1", "9" * 9, "2", "x")))
        case 8 if other not in list(one.iterancestors()) and one is not other and one is not root:
            if one not in list(other.iterancestors()):
                other.append(one)
        case _:
            one.tail = _value(chance, markup=True)


def _value(chance: random.Random, *, markup: bool = False) -> str:
    value = chance.choice(VALUES)
    if chance.random() < 0.2:
        value = "".join(
            chr(chance.choice((32, 40, 41, 44, 59, 65, 97, 45, 46, 0x301, 0x627, 0x4E00))) for _ in range(99)
        )
    return re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", "", value) if markup else value


# --- tables -------------------------------------------------------------------------------------------------


def _cells(rows: list[list[str]], chance: random.Random) -> list[list[str]]:
    for _ in range(chance.choice((1, 1, 2, 3, 8))):
        row = chance.choice(rows)
        match chance.randrange(8):
            case 0:
                rows.remove(row)
            case 1:
                rows.extend([list(row) for _ in range(chance.choice((1, 3, 40)))])
            case 2 if row:
                del row[chance.randrange(len(row))]
            case 3 if row:
                row.insert(chance.randrange(len(row)), _value(chance))
            case 4:
                chance.shuffle(row)
            case 5:
                column = chance.randrange(max(map(len, rows)) or 1)
                for each in rows:
                    if len(each) > column:
                        del each[column]
            case 6:
                chance.shuffle(rows)
            case _ if row:
                row[chance.randrange(len(row))] = _value(chance)
        if not rows:
            rows.append([""])
    return rows


def _table(seed: Seed, chance: random.Random) -> bytes:
    delimiter = "\t" if seed.form == "tsv" else ","
    text = seed.data.decode("utf-8-sig", "replace")
    rows = _cells(list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)), chance)
    return table(rows, chance.choice((delimiter, delimiter, delimiter, ";")))


def _workbook(seed: Seed, chance: random.Random) -> bytes:
    if chance.random() < 0.3:
        return _inside(seed.data, chance)
    return workbook(_cells([list(row) for row in seed.rows], chance))


def _inside(data: bytes, chance: random.Random) -> bytes:
    """A member of the archive changed, with its checksum mended."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = {entry.filename: archive.read(entry) for entry in archive.infolist()}
    name = chance.choice(list(members))
    members[name] = _bytes(members[name], chance)
    return _zip(members)


def _archive(seed: Seed, chance: random.Random) -> bytes:
    members = dict(seed.members)
    for _ in range(chance.choice((1, 1, 2))):
        if not members:
            break
        name = chance.choice(list(members))
        match chance.randrange(6):
            case 0:
                del members[name]
            case 1:
                members[chance.choice(("x.csv", "sdn.xml", "sdn_comments.csv"))] = members.pop(name)
            case 2:
                members[name] = _bytes(members[name], chance)
            case _:
                text = members[name].decode("utf-8", "replace")
                rows = list(csv.reader(io.StringIO(text, newline="")))
                members[name] = table(_cells(rows or [[""]], chance))
    return pack_archive(members)


def _package(seed: Seed, chance: random.Random) -> bytes:
    if seed.members:
        return own(_json_lines(seed.members[0][1], chance), "list.jsonl")
    rows = _cells([list(row) for row in seed.rows], chance)
    return own(workbook(rows) if seed.name.endswith("xlsx") else table(rows) or b" ", seed.name)


# --- JSON ---------------------------------------------------------------------------------------------------


def _json(seed: Seed, chance: random.Random) -> bytes:
    return orjson.dumps(_tree(orjson.loads(seed.data), chance))


def _lines(seed: Seed, chance: random.Random) -> bytes:
    return _json_lines(seed.data, chance)


def _json_lines(data: bytes, chance: random.Random) -> bytes:
    records = [_loaded(line) for line in data.split(b"\n") if line.strip()]
    changed = _tree(records, chance)
    if not isinstance(changed, list):
        changed = [changed]
    return b"\n".join(orjson.dumps(record) for record in changed) or b"{}"


def _loaded(line: bytes) -> Any:
    try:
        return orjson.loads(line)
    except orjson.JSONDecodeError:
        return line.decode("utf-8", "replace")  # a bad line of the seed


def _tree(plain: Any, chance: random.Random) -> Any:
    for _ in range(chance.choice((1, 1, 2, 3, 8))):
        places: list[tuple[Any, Any]] = []
        stack = [plain]
        while stack:
            one = stack.pop()
            keys: Any = one.keys() if isinstance(one, dict) else range(len(one)) if isinstance(one, list) else ()
            for key in keys:
                places.append((one, key))
                stack.append(one[key])
        if not places:
            return plain
        holder, key = chance.choice(places)
        match chance.randrange(8):
            case 0:
                del holder[key]
            case 1 if isinstance(holder, dict):
                holder[chance.choice(NAMES)] = holder.pop(key)
            case 2:
                holder[key] = [holder[key]] * chance.choice((0, 1, 2, 60))
            case 3:
                holder[key] = {chance.choice(NAMES): orjson.loads(orjson.dumps(holder[key]))}
            case 4:
                holder[key] = chance.choice((None, True, 0, -1, 1e300, 2**62, [], {}, [[]], [{}], ""))
            case 5:
                from_, at = chance.choice(places)
                known = from_.get(at) if isinstance(from_, dict) else from_[at] if at < len(from_) else None
                holder[key] = orjson.loads(orjson.dumps(known))
            case _:
                holder[key] = _value(chance)
    return plain


_SHAPED: dict[str, Mutation] = {
    "xml": _markup,
    "html": _markup,
    "csv": _table,
    "tsv": _table,
    "xlsx": _workbook,
    "zip": _archive,
    "package": _package,
    "json": _json,
    "jsonl": _lines,
}


def fingerprint(data: bytes) -> str:
    """A short name for an input that is kept."""
    return f"{zlib.crc32(data):08x}"
