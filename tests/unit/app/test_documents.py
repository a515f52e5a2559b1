"""Order files: YAML scalars stay text, mistakes are one line with the place."""

from __future__ import annotations

from pathlib import Path

import pytest

from stopship.app.documents import parse_yaml, read_document
from stopship.app.orders.file import order_from_flags
from stopship.errors import OrderError


def test_yaml_scalars_stay_text() -> None:
    plain = parse_yaml("country: NO\neccn: 5E002\ndate: 1965\nx: on\ny:\nz: ~\nq: 'null'", "o", OrderError)
    assert plain == {
        "country": "NO",
        "eccn": "5E002",
        "date": "1965",
        "x": "on",
        "y": None,
        "z": None,
        "q": "null",
    }


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.yaml", b"", "empty"),
        ("a.yaml", b"   \n", "empty"),
        ("a.yaml", b"parties: [", "not YAML"),
        ("a.yaml", b"a: 1\na: 2\n", "stands twice"),
        ("a.yaml", b"a: &x [1]\nb: *x\n", "aliases"),
        ("a.yaml", b"a: \x00", "not YAML"),
        ("a.yaml", "a: Müller".encode("latin-1"), "not UTF-8"),
        ("a.yaml", "a: 1".encode("utf-16"), "UTF-16"),
        ("a.yaml", b"PK\x03\x04rest", "Office"),
        ("a.json", b"{", "not JSON"),
        ("a.json", b'{"a": 1, "a": 2}', "stands twice"),
        ("a.json", b'{\n"a": 1,,}', "at line 2, column 8"),
        ("a.json", b'{"a": 1,,}', "at column 9"),
        ("a.json", b'{"a": NaN}', "NaN is no number"),
        ("a.json", b'{"a": ' + b"1" * 5_000 + b"}", "thousands of digits"),
        ("a.json", b"[" * 100_000, "deeply"),
        ("a.yaml", b"[" * 100_000, "deeply"),
    ],
)
def test_unreadable_files_are_one_line(tmp_path: Path, name: str, content: bytes, words: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(OrderError) as caught:
        read_document(path)
    assert words in str(caught.value)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_missing_file_and_a_folder_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(OrderError, match="no such file"):
        read_document(tmp_path / "none.yaml")
    with pytest.raises(OrderError, match="folder"):
        read_document(tmp_path)


def test_flags_make_the_same_order_as_a_file() -> None:
    order = order_from_flags(
        ["end_user=Hikvision", "bank=A=B Bank"], ["6a993", "EAR99"], to="cn", end_use="traffic", country=None
    )
    assert [p.name for p in order.parties] == ["Hikvision", "A=B Bank"]
    assert [(i.eccn, i.description) for i in order.items] == [("6A993", ""), ("EAR99", "")]
    assert order.destination == "CN"
    for wrong in ("Hikvision", "end_user="):
        with pytest.raises(OrderError, match="ROLE=NAME"):
            order_from_flags([wrong], [], to=None, end_use=None, country=None)
    with pytest.raises(OrderError, match="ECCN"):
        order_from_flags(["bank=A"], ["6A99"], to=None, end_use=None, country=None)
