"""Names that no table can read are still names."""

from __future__ import annotations

from stopship.names import analyze


def test_a_character_without_a_known_sound_is_still_a_name() -> None:
    assert analyze("鴔").tokens
    assert analyze("鴔").exact_keys == analyze(" 鴔 ").exact_keys
