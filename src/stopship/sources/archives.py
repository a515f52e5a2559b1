"""Sources that a publisher prints as several files: one archive (ZIP) of all of them is one file to the rest.

Everything that is read from a foreign archive is bounded, nothing is written anywhere, and names are compared
without case. What `pack_archive` makes depends on names and contents alone: the same files give the same bytes,
and so the same snapshot.
"""

from __future__ import annotations

from collections.abc import Mapping

from stopship.errors import ListFileError
from stopship.sources import containers

MAX_MEMBERS = 64
"""Files in one archive. OFAC's set has four."""

_AGAIN = "Download it again"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_NESTED = (*_ZIP, b"\x1f\x8b", b"7z\xbc\xaf\x27\x1c", b"Rar!", b"\xfd7zXZ\x00", b"BZh", b"\x28\xb5\x2f\xfd")
_EPOCH = (1980, 1, 1, 0, 0, 0)


def is_archive(data: bytes) -> bool:
    """Whether the bytes begin as a ZIP archive does."""
    return data.startswith(_ZIP)


def read_archive(data: bytes, where: str) -> dict[str, bytes]:
    """The files of a ZIP archive by name, in lower case and without folders.

    Args:
        data: the archive.
        where: its name, for messages.

    Raises:
        ListFileError: damaged, encrypted, empty, more than `MAX_MEMBERS` files or, unpacked, more than
            `containers.MAX_UNPACKED` bytes; a path that leads out of the archive, an archive inside of it, or two
            files whose names differ only in case.
    """
    import zipfile
    import zlib
    from io import BytesIO

    members: dict[str, bytes] = {}
    room = containers.MAX_UNPACKED
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            entries = [entry for entry in archive.infolist() if not _is_clutter(entry.filename)]
            if len(entries) > MAX_MEMBERS:
                raise ListFileError(
                    f"the archive has {len(entries):,} files, more than the {MAX_MEMBERS} that are read",
                    where=where,
                )
            for entry in entries:
                name = _plain_name(entry.filename, where)
                if entry.flag_bits & 0x1:
                    raise ListFileError(
                        f"{name} in the archive is encrypted", where=where, hint="Hand it in without a password"
                    )
                with archive.open(entry) as packed:
                    content = packed.read(room + 1)
                room -= len(content)
                if room < 0:
                    raise ListFileError(
                        f"the archive has more than {containers.MAX_UNPACKED // (1024 * 1024)} MB when unpacked, "
                        "no list is that large",
                        where=where,
                    )
                if content.startswith(_NESTED):
                    raise ListFileError(
                        f"{name} in the archive is packed itself", where=where, hint="Unpack it first"
                    )
                if name in members:
                    raise ListFileError(
                        f"the archive holds {name} twice", where=where, hint="Keep one of them, then pack it again"
                    )
                members[name] = content
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError):
        raise ListFileError(
            "the archive is damaged, cut short or packed in an unknown way", where=where, hint=_AGAIN
        ) from None
    if not members:
        raise ListFileError("the archive holds no file", where=where, hint=_AGAIN)
    return members


def pack_archive(members: Mapping[str, bytes]) -> bytes:
    """One archive of several files, the same bytes for the same names and contents.

    Names are put in lower case and in order; nothing is compressed (a snapshot is compressed as a whole, and how
    well deflate packs differs from machine to machine); dates are left at the format's first day.
    """
    import zipfile
    from io import BytesIO

    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(members, key=str.lower):
            entry = zipfile.ZipInfo(name.lower(), _EPOCH)
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, members[name])
    return buffer.getvalue()


def require_members(members: Mapping[str, bytes], wanted: tuple[str, ...], where: str, title: str) -> None:
    """Refuse a set of files that is not complete.

    Raises:
        ListFileError: files are missing; the line names them and those that are there.
    """
    missing = [name for name in wanted if name.lower() not in members]
    if missing:
        there = [name for name in wanted if name.lower() in members]
        found = f"; there {'is' if len(there) == 1 else 'are'} only {_listed(there)}" if there else ""
        raise ListFileError(
            f"{title} is not complete: {_listed(missing)} {'is' if len(missing) == 1 else 'are'} missing{found}",
            where=where,
            hint=f"Hand in all of {_listed(list(wanted))}, of the same day",
        )


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _is_clutter(path: str) -> bool:
    """Folders, and what macOS adds to every archive."""
    return path.endswith("/") or path.startswith("__MACOSX/") or path.rpartition("/")[2] == ".DS_Store"


def _plain_name(path: str, where: str) -> str:
    parts = path.split("/")
    if "\\" in path or ":" in parts[0] or any(part in ("", ".", "..") for part in parts) or "\x00" in path:
        raise ListFileError(
            f"the archive holds a path that leads out of it: {path[:80]!r}",
            where=where,
            hint="Don't use it; download it again from the publisher",
        )
    return parts[-1].lower()
