"""Words and parameters of descriptions: spellings that mean the same meet, and numbers are no words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stopship.rules.item_words import fold, parameters, stem, words


@pytest.mark.parametrize(
    "alike",
    [
        ("camera", "cameras"),
        ("fibre", "fiber", "fibres", "fibers"),
        ("detector", "detection", "detecting", "detect", "detectors"),
        ("encrypted", "encryption"),
        ("analyser", "analyzers"),
        ("armour", "armor", "armored", "armoured"),
        ("spectrometer", "spectrometry", "spectrometers"),
        ("gyroscope", "gyros", "gyro"),
        ("axis", "axes"),
        ("lens", "lenses"),
        ("battery", "batteries"),
        ("aluminium", "aluminum"),
        ("modelling", "modeling"),
        ("computer", "computing", "computers"),
        ("centrifuge", "centrifuges"),
        ("imager", "imaging", "imagers"),
    ],
)
def test_forms_and_spellings_of_one_word_meet(alike):
    assert len({stem(word) for word in alike}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [("laser", "lathe"), ("radar", "radio"), ("gas", "glass"), ("valve", "value"), ("print", "sprint")],
)
def test_other_words_stay_apart(one, other):
    assert stem(one) != stem(other)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("thermal camera 640x512, 9 Hz", ["640x512", "9 Hz"]),
        ("640 × 480 sensor", ["640 × 480"]),
        ("5-axis mill, ±0.005 mm", ["5-axis", "±0.005 mm"]),
        ("five-axis mill", ["five-axis"]),
        ("10kHz inverter", ["10kHz"]),
        ("1,550 nm 6 kW 80 %", ["1,550 nm", "6 kW", "80 %"]),
        ("from -40 °C to 85°C", ["-40 °C", "85°C"]),
        ("ADC with 14 bit at 3 GHz", ["14 bit", "3 GHz"]),
        ("pulse of 10 µs", ["10 µs"]),
        ("9 Hz or 9 Hz", ["9 Hz"]),
        ("a 5G phone in 4K", []),
        ("camera", []),
    ],
)
def test_numbers_with_units_are_parameters(text, found):
    assert [parameter.text for parameter in parameters(text)] == found


def test_numbers_units_and_empty_words_are_no_words():
    assert [word.stem for word in words("The 640x512 camera with 9 Hz, new, 10kHz, model 12")] == ["camera"]


def test_what_looks_like_a_unit_may_be_a_name():
    assert [word.stem for word in words("5G H100 3D")] == ["5g", "h100", "3d"]


def test_a_compound_counts_as_its_parts_and_as_a_whole():
    assert [(w.stem, w.joined) for w in words("quad-copter")] == [
        ("quad", False),
        ("copt", False),
        ("quadcopt", True),
    ]


@given(st.text(max_size=60))
def test_any_text_is_read(text):
    assert all(word.stem and word.printed for word in words(text))
    parameters(text)


@given(st.text(alphabet=st.characters(codec="latin-1"), max_size=40))
def test_folding_twice_is_folding_once(text):
    assert fold(fold(text)) == fold(text)


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=14))
def test_every_word_has_a_stem(word):
    assert stem(word)
