"""The bytes of an official list as it is handed in: one file, several, or a folder of them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from stopship.app.documents import read_bytes
from stopship.errors import ListFileError
from stopship.sources.archives import pack_archive, require_members
from stopship.sources.containers import MAX_UNPACKED, unpack
from stopship.sources.contract import SourceInfo


def read_list_files(paths: Sequence[Path], info: SourceInfo, *, most: int) -> tuple[bytes, str]:
    """One file as it is; several files, or a folder, as one archive of the set that the source consists of, or one
    after the other where the source is printed as pages.

    Args:
        paths: one file, one folder, or the files of a set. Names are compared without case; each may be gzipped.
        info: the catalogue line; `info.files` are the names of the set.
        most: bytes that one file may have.

    Returns:
        The bytes, and what to call them in messages.

    Raises:
        ListFileError: no such file, one that belongs to no set, one that is there twice, or one that is missing.
    """
    if not paths:
        raise ListFileError("no file was given", where="lists import")
    if len(paths) == 1 and not paths[0].is_dir():
        return read_bytes(paths[0], most=most, error=ListFileError), paths[0].name
    folder = paths[0] if len(paths) == 1 else None
    if info.pages:
        return _pages(sorted(folder.iterdir()) if folder is not None else paths, info, most=most)
    if not info.files:
        if folder is not None:
            raise ListFileError("this is a folder, not a file", where=str(folder), hint="Name the list's file")
        raise ListFileError(
            f"{info.id} is one file, and {len(paths)} were given",
            where="lists import",
            hint="Name the list's file",
        )
    where = folder.name or str(folder) if folder is not None else info.id
    members: dict[str, bytes] = {}
    for path in sorted(folder.iterdir()) if folder is not None else paths:
        name = path.name.casefold().removesuffix(".gz")
        if name not in info.files:
            if folder is not None:
                continue
            raise ListFileError(
                f"{path.name} is no file of {info.id}",
                where="lists import",
                hint=f"Its files: {', '.join(info.files)}",
            )
        if name in members:
            raise ListFileError(f"{name} is there twice", where=where, hint="Keep the one of the right day")
        members[name] = unpack(read_bytes(path, most=most, error=ListFileError), path.name)
        if sum(map(len, members.values())) > MAX_UNPACKED:
            raise ListFileError("the files together are larger than any list", where=where)
    require_members(members, info.files, where, f"the CSV form of the {info.title}")
    return pack_archive(members), where


def _pages(paths: Sequence[Path], info: SourceInfo, *, most: int) -> tuple[bytes, str]:
    """Pages one after the other, by name, so that the same files always give the same bytes."""
    pages: dict[bytes, str] = {}
    for path in sorted(paths, key=lambda each: each.name):
        if path.name.startswith("."):
            continue
        page = unpack(read_bytes(path, most=most, error=ListFileError), path.name)
        if not page.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<"):
            raise ListFileError(
                f"{path.name} is no page", where=info.id, hint="Several files must all be pages, saved as HTML"
            )
        if page in pages:
            raise ListFileError(f"{path.name} is the same page as {pages[page]}", where=info.id)
        pages[page] = path.name
        if sum(map(len, pages)) > MAX_UNPACKED:
            raise ListFileError("the pages together are larger than any list", where=info.id)
    if not pages:
        raise ListFileError("there is no page in the folder", where=info.id)
    return b"\n".join(page.removeprefix(b"\xef\xbb\xbf") for page in pages), " + ".join(pages.values())[:200]
