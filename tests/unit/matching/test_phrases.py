"""General phrases and their single words: what one name has whole and the other in parts."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stopship.matching.evidence import Band
from stopship.matching.kernels import columns as k
from stopship.matching.prepare import prepare_name
from stopship.matching.score import DEFAULT_THRESHOLD, best_reading, score_pair
from stopship.model.values import Schema
from stopship.names.phrases import words_of_phrase


def how_they_meet(left: str, right: str) -> dict[str, str]:
    """Our tokens of each pair -> how it meets."""
    scored = best_reading(prepare_name(left, Schema.COMPANY), prepare_name(right, Schema.COMPANY))
    return {" ".join(scored.left.tokens[i].text for i in pair.left): pair.how for pair in scored.pairs}


def test_a_phrase_knows_the_words_that_it_is_written_with() -> None:
    assert words_of_phrase("sector:ship_management") == ("sector:ship", "filler:management")
    assert words_of_phrase("filler:trading") == ()  # its other spellings are phrases, it is not
    assert words_of_phrase("place:nowhere") == ()


def test_the_words_of_a_phrase_meet_the_phrase() -> None:
    met = how_they_meet("Topaz Research and Production", "Topaz Research and Production Enterprise")
    assert met["topaz"] == "same"
    assert met["research and production"] in ("synonym", "translated")


def test_one_word_of_a_phrase_meets_it_too() -> None:
    assert how_they_meet("Vega Management Holding", "Vega Ship Management Holding")["management"] == "translated"
    scored = best_reading(prepare_name("Vega Management Holding"), prepare_name("Vega Ship Management Holding"))
    assert scored.amounts[k.S_OVER_GENERAL] == pytest.approx(k.WORD_OF_PHRASE)


def test_other_words_do_not() -> None:
    met = how_they_meet("Vega Ship Repair", "Vega Ship Management")
    assert set(met) == {"vega"} or met.get("ship repair") is None


_GENERAL = st.sampled_from(
    ["ship", "management", "charitable", "foundation", "research", "and", "production", "enterprise", "aa", "aaaa"]
)
_NAMES = st.lists(_GENERAL, min_size=1, max_size=14).map(" ".join)


@given(_NAMES, _NAMES)
def test_there_is_room_for_all_that_may_meet(left: str, right: str) -> None:
    """The interpreted kernels would raise IndexError where the compiled ones would write beyond their arrays."""
    ours, theirs = prepare_name(left, Schema.COMPANY), prepare_name(right, Schema.COMPANY)
    one, other = best_reading(ours, theirs), best_reading(theirs, ours)
    assert one.score == pytest.approx(other.score)


@pytest.mark.slow
@settings(deadline=None)  # the first call may compile
@given(_NAMES, _NAMES)
def test_compiled_and_interpreted_agree_on_phrases(left: str, right: str) -> None:
    ours, theirs = prepare_name(left, Schema.COMPANY), prepare_name(right, Schema.COMPANY)
    assert score_pair(ours, theirs) == pytest.approx(best_reading(ours, theirs).score)


def test_initials_alone_are_a_signal_of_their_own() -> None:
    def amounts(left: str, right: str) -> tuple[float, ...]:
        return best_reading(prepare_name(left, Schema.PERSON), prepare_name(right, Schema.PERSON)).amounts

    assert amounts("F. Duarte", "DUARTE, Franklyn Leonardo")[k.S_INITIALS_ONLY] == 1
    assert amounts("Y.V. Prigozhin", "PRIGOZHIN, Yevgeny Viktorovich")[k.S_INITIALS_ONLY] == 1
    assert amounts("Romeo F. Le", "ROMEO")[k.S_INITIALS_ONLY] == 0
    assert amounts("G. Duarte", "DUARTE, Franklyn Leonardo")[k.S_INITIALS_ONLY] == 0


def test_a_first_given_name_too_many_is_seen_in_either_order() -> None:
    def amount(left: str, right: str) -> float:
        scored = best_reading(prepare_name(left, Schema.PERSON), prepare_name(right, Schema.PERSON))
        return scored.amounts[k.S_OVER_FIRST]

    assert amount("Lama Marwan Issa", "ISSA, Marwan") == amount("ISSA, Marwan", "Lama Marwan Issa") == 1
    assert amount("Marwan Ali Issa", "ISSA, Marwan") == 0
    assert amount("ISSA, Lama Marwan", "Marwan Issa") == 1


def test_a_slip_between_two_words_in_use_is_seen() -> None:
    scored = best_reading(prepare_name("Allen Barker", Schema.PERSON), prepare_name("Allen Parker", Schema.PERSON))
    assert scored.amounts[k.S_FUZZY_IN_USE] + scored.amounts[k.S_USUAL] >= 1


def test_a_number_is_never_cut_short() -> None:
    for left, right in (("Institute XXXVII", "Institute XXXVIII"), ("Ocean Star II", "Ocean Star III Shipping")):
        scored = best_reading(prepare_name(left, Schema.COMPANY), prepare_name(right, Schema.COMPANY))
        assert "cut" not in [pair.how for pair in scored.pairs]
        assert "number" in scored.contradictions


def test_initials_meet_words_in_capitals_and_nothing_else() -> None:
    def roles(left: str, right: str) -> tuple[str, str]:
        scored = best_reading(prepare_name(left, Schema.COMPANY), prepare_name(right, Schema.COMPANY))
        return scored.left.role, scored.right.role

    whole = "Zarbon Institute of Marine Physics"
    assert roles("ZIMP", whole) == ("capitals", "letters")
    assert roles(whole, "ZIMP Ltd") == ("letters", "capitals")
    # Two names with the same initials are two names, and a slip in initials makes other initials.
    other = prepare_name("Zambia Importers of Metal Products", Schema.COMPANY)
    assert best_reading(prepare_name(whole, Schema.COMPANY), other).left.role == "full"
    assert best_reading(prepare_name("ZIMB", Schema.COMPANY), prepare_name(whole, Schema.COMPANY)).score < 0.3


def test_initials_alone_never_confirm() -> None:
    scored = best_reading(prepare_name("ZIMP"), prepare_name("Zarbon Institute of Marine Physics"))
    assert scored.left.role == "capitals"
    assert scored.band in (Band.MEDIUM, Band.WEAK)


def test_two_spellings_of_one_general_word_are_the_same_word() -> None:
    assert how_they_meet("Zarbon Defense Holding", "Zarbon Defence Holding")["defense"] == "same"
    assert how_they_meet("Zarbon Centre", "Zarbon Center")["centre"] == "same"
    assert how_they_meet("Zarbon Devices", "Zarbon Device")["devices"] == "synonym"


def test_a_slip_beside_a_place_and_a_form_is_found() -> None:
    scored = best_reading(
        prepare_name("Hikvison USA Inc", Schema.COMPANY), prepare_name("Hikvision", Schema.COMPANY)
    )
    assert scored.amounts[k.S_NEARLY] == 1
    assert scored.score >= DEFAULT_THRESHOLD


def test_a_persons_name_in_use_is_no_name_cut_short() -> None:
    def ways(left: str, right: str, schema: Schema) -> set[str]:
        return {pair.how for pair in best_reading(prepare_name(left, schema), prepare_name(right, schema)).pairs}

    assert "cut" not in ways("Waleed Khalid El-Din", "WALEED, Khalid", Schema.PERSON)
    assert "cut" in ways("Zarbon Quixotr", "Zarbon Quixotronics", Schema.COMPANY)
