"""What is dropped from running text, and what isn't."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stopship.sources.redaction import without_special_categories, worldly_title


@pytest.mark.parametrize(
    ("printed", "kept"),
    [
        ("Gender: male", ""),
        ("Gender [Male]. Review was concluded.", "Review was concluded."),
        ("Gender: Male INTERPOL notice: https://example.org/a", "INTERPOL notice: https://example.org/a"),
        (
            "A sample. Physical description: eye colour: brown; hair colour: black; height: 171cm. Arrested.",
            "A sample. Arrested.",
        ),
        ("Description: Height: 1.65 m. Weight: 85 kg. Black hair and eyes. White skin. Leader.", "Leader."),
        ("Ethnic Pashtun from Example Province. Speaks Urdu.", "Speaks Urdu."),
        ("Belongs to Kharoti (Taraki) tribe. Reviewed.", "Reviewed."),
        ("Family background: from the Example clan. Reviewed.", "Reviewed."),
        ("Religion: Example. Ethnicity: Example. Reviewed.", "Reviewed."),
        ("One foot lost in a landmine explosion. Reviewed.", "Reviewed."),
        ("The notice contains biometric information. Reviewed.", "Reviewed."),
        ("Physical Description: Eye Color: Brown; Hair: Brown. INTERPOL notice", "INTERPOL notice"),
        ("Sample; Height (ft/in): Unknown; Photo available", "Sample; Photo available"),
    ],
)
def test_a_sentence_that_describes_a_body_or_an_origin_goes(printed: str, kept: str) -> None:
    assert without_special_categories(printed) == kept


@pytest.mark.parametrize(
    "printed",
    [
        "Minister of Haj and Religious Affairs.",
        "Responsible for violence against ethnic minorities.",
        "Association of Muslim Scholars; Muslim Plaza Building.",
        "Deputy Chairperson of the Duma Committee on ethnic affairs.",
        "Sexual and gender-based violence.",
        "Tall 'Afar, Iraq",
        "Sent 12 tons by weight to a race track.",
        "Member of the Muslim Brotherhood. Head of the military build-up.",
    ],
)
def test_what_a_person_is_listed_for_stays(printed: str) -> None:
    assert without_special_categories(printed) == printed


@pytest.mark.parametrize(
    ("printed", "kept"),
    [
        ("Maulavi", ""),
        ("(a) Mullah, (b) Haji", ""),
        ("Haji Doctor", "Doctor"),
        ("Major General", "Major General"),
        ("Emirates manager", "Emirates manager"),
        ("Grand Ayatollah", "Grand"),
    ],
)
def test_titles_of_religion(printed: str, kept: str) -> None:
    assert worldly_title(printed) == kept


@given(st.text(max_size=200))
def test_nothing_is_added_and_doing_it_twice_changes_nothing(text: str) -> None:
    once = without_special_categories(text)
    assert len(once) <= len(text)
    assert without_special_categories(once) == once
    assert worldly_title(worldly_title(text)) == worldly_title(text)
