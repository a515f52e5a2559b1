"""Reading rows of the Commerce Control List as they are printed; what isn't understood stays open."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stopship.rules.printed import read_row, unlisted_reason
from stopship.rules.selection import read_selection


@pytest.mark.parametrize(
    ("eccn", "control", "paragraphs"),
    [
        ("3A981", "CC applies to entire entry", "*"),
        ("3A904", "RS applies to the entire entry", "*"),
        ("4A003", "AT applies to entire entry (refer to 4A994 for controls on “digital computers”)", "*"),
        ("1A231", "NP applies to entire entry AT applies to entire entry", "*"),
        ("1C350", "CB applies to entire entry CB Column 2.", "*"),
        ("5A001", "NS applies to 5A001.a, b.5, .e, .f.3 and .h", "a b.5 e f.3 h"),
        (
            "5A001",
            "NS applies to 5A001.b (except .b.5), .c, .d, .f (except f.3), .g, and .j",
            "b -b.5 c d f -f.3 g j",
        ),
        (
            "3B001",
            "NS applies to 3B001.a.1 to a.3, b, e, f.2 to f.4, g to j",
            "a.1 a.2 a.3 b e f.2 f.3 f.4 g h i j",
        ),
        ("9E003", "SI applies to 9E003.a.1 through a.8, .h, .i, and .l", "a.1 a.2 a.3 a.4 a.5 a.6 a.7 a.8 h i l"),
        ("0A505", "AT applies to 0A505.a, .d, and .x", "a d x"),
        ("0A504", "RS applies to paragraph .i", "i"),
        ("1A613", "RS applies 1A613.y", "y"),
        ("1A004", "RS apply to 1A004.d", "d"),
        ("8A620", "NS applies to entire entry, except 8A620. b and .y", "* -b -y"),
        ("9A012", "NS applies to entire entry, except .a.1", "* -a.1"),
        (
            "9A610",
            "NS applies to entire entry except: 9A610.b; parts and components controlled in 9A610.x if being "
            "exported for use in an aircraft controlled in 9A610.b; and 9A610.y",
            "* -b ?x -y",
        ),
        ("1C351", "CB applies to items controlled by 1C351.d.15 and .16", "d.15 d.16"),
        ("5D992", "RS applies to “software” controlled by 5D992.z.1", "z.1"),
        # More than a list of paragraphs: limited to them, and open within.
        ("4A001", "MT applies to items in 4A001.a when the parameters in 4A101 are met or exceeded", "?a"),
        (
            "1C010",
            "NP applies to 1C010.a (aramid, b (carbon), and e.1 for materials that exceed 1C210",
            "?a ?b ?e.1",
        ),
        (
            "0A509",
            "CC applies to 0A509.a for items for ECCN 0A502 or ECCN 0A508, and 0A509.d",
            "?a ?d",
        ),
        (
            "3A001",
            "MT applies to 3A001.a.1.a when usable in “missiles”; and to 3A001.a.5.a when hermetically sealed; "
            "and 3A001.z.2",
            "?a.1.a ?a.5.a ?z.2",
        ),
        # May reach beyond the paragraphs that it names.
        ("2B009", "MT applies to: spin-forming machines; and flow-forming machines of 2B009.a", "?*"),
        ("1B101", "NP applies to winding machines described in 1B101.a AND to controls for these", "?*"),
        ("1C353", "CB applies to genetic elements of items controlled by 1C351.d.15 and .16", "?*"),
        ("1D607", "NS applies to entire entry, except “software” for 1C607.a.10, .a.11, .a.12, and .a.14", "?*"),
        ("6E001", "NS applies to “technology” for items controlled by 6A001 to 6A008", "?*"),
        ("4A001", "NP applies, unless a License Exception is available. See § 742.3(b) of the EAR", "?*"),
        ("9A999", "words that nobody has seen", "?*"),
    ],
)
def test_paragraphs(eccn, control, paragraphs):
    assert read_row(eccn, control, "NS Column 1").paragraphs == paragraphs


@pytest.mark.parametrize(
    ("chart", "reach"),
    [
        ("NS Column 1.", "NS1"),
        ("CC Column 1", "CC1"),
        ("NP Column 1 AT Column 1", "NP1 AT1"),
        ("RS Column 1, See § 742.6(a)(3) for license requirements.", "RS1"),
        ("Column 1.", "XX1"),
        ("Worldwide control. See § 742.4(a)(5) and (b)(10) of the EAR.", "*"),
        ("To or within any destination worldwide. See § 742.6(a)(6)(iii)(A) of the EAR.", "*"),
        ("A license is required for ALL destinations, except Canada, regardless of end use.", "* -CA"),
        ("A license is required for all destinations, as specified in § 742.13 of the EAR.", "*"),
        ("China, Russia, or Venezuela (see § 742.6(a)(7)).", "CN RU VE"),
        (
            "To or within the United Arab Emirates or destinations specified in Country Groups D:1, D:4, and D:5 "
            "of supplement no. 1 to part 740 of the EAR, excluding any destination also specified in Country "
            "Groups A:5 or A:6. See § 742.6(a)(6)(iii)(B) of the EAR.",
            "D:1 D:4 D:5 -A:5 -A:6 AE",
        ),
        ("To or within Macau or a destination specified in Country Group D:5 of supplement no. 1", "D:5 MO"),
        ("See § 746.1(b) for UN controls", "?D:5 ?fn:1"),
        ("Refer to § 742.15 of the EAR.", "?* -CA"),
        ("See § 742.6(a)(11) of the EAR.", "?*"),
        ("N/A.", "?*"),
        ("NS Column 1 but not on Sundays", "?*"),
    ],
)
def test_destinations(chart, reach):
    reason = "NS" if reach != "XX1" else "AT"
    assert read_row("3A001", f"{reason} applies to entire entry", chart).reach == reach.replace("XX", reason)


def test_a_row_of_one_cell_has_both_in_it():
    row = read_row("1C350", "CB applies to entire entry CB Column 2.", "CB applies to entire entry CB Column 2.")
    assert (row.reason, row.paragraphs, row.reach) == ("CB", "*", "CB2")


def test_a_reason_without_a_row_is_not_silent():
    assert unlisted_reason("5A980", "SL").reach == "*"
    assert unlisted_reason("0A982", "CC").reach == "* -CA"
    assert unlisted_reason("0A981", "CC").reach == "?*"
    assert unlisted_reason("9Z999", "SS").reach == "?*"


@given(st.text(alphabet="abcxyz.0159 ,()“”;ANDexcptniroft", max_size=60))
def test_reading_never_fails(words):
    row = read_row("5A001", f"NS applies to {words}", f"NS {words}")
    assert read_selection(row.paragraphs)
    assert read_selection(row.reach)
