"""A list and its mapping in one: what a snapshot of a custom list keeps, so that it can be read again years later.

A ZIP archive of two members, `mapping.yml` and `list`, stored without compression and without times: the same two
files always give the same bytes, and any program that opens ZIP archives shows them.
"""

from __future__ import annotations

import io
import zipfile

from stopship.errors import ListFileError
from stopship.sources.containers import MAX_UNPACKED, unpack
from stopship.sources.custom.mapping import MAX_BYTES, ListMapping, read_mapping

MAPPING, LIST = "mapping.yml", "list"
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest that the format can say
_HINT = "Import it with: stopship lists import custom FILE --mapping MAPPING.yml"


def pack(data: bytes, mapping: bytes, where: str) -> bytes:
    """The list (gzip undone) and its mapping as one archive.

    Raises:
        ListFileError: the list is empty, damaged, or too large when unpacked.
    """
    inside = unpack(data, where)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, content in ((MAPPING, mapping), (LIST, inside)):
            member = zipfile.ZipInfo(name, _EPOCH)
            member.create_system = 3  # the same bytes on every system
            archive.writestr(member, content)
    return out.getvalue()


def is_package(data: bytes) -> bool:
    """Whether these are the bytes of `pack`: the first member of the archive is the mapping."""
    return data[:4] == b"PK\x03\x04" and data[30 : 30 + len(MAPPING)] == MAPPING.encode("ascii")


def open_package(data: bytes, where: str) -> tuple[bytes, bytes]:
    """Mapping and list of a package, as bytes.

    Raises:
        ListFileError: it is none, it is damaged, or a member is larger than it may be.
    """
    return _member(data, MAPPING, MAX_BYTES, where), _member(data, LIST, MAX_UNPACKED, where)


def mapping_of(data: bytes, where: str) -> ListMapping:
    """The mapping of a package.

    Raises:
        ListFileError: as `open_package`, or the mapping can't be read.
    """
    return read_mapping(_member(data, MAPPING, MAX_BYTES, where), MAPPING)


def _member(data: bytes, name: str, most: int, where: str) -> bytes:
    if not is_package(data):
        raise ListFileError("there is no mapping with it", where=where, hint=_HINT)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            info = archive.getinfo(name)
            if info.file_size > most or info.compress_type != zipfile.ZIP_STORED:
                raise ListFileError(
                    f"its member {name} has more than {most:,} bytes, or is compressed", where=where
                )
            return archive.read(info)
    except (zipfile.BadZipFile, KeyError, EOFError, OSError, ValueError, NotImplementedError, RuntimeError):
        raise ListFileError("the list with its mapping is cut off or damaged", where=where, hint=_HINT) from None
