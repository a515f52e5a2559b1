"""Reference value sets of the advanced layout: what its numbers stand for."""

from __future__ import annotations

from dataclasses import dataclass, field

from stopship.sources.xml_stream import Element

SETS = {
    "AliasTypeValues/AliasType",
    "CountryValues/Country",
    "DetailReferenceValues/DetailReference",
    "FeatureTypeValues/FeatureType",
    "IDRegDocTypeValues/IDRegDocType",
    "LegalBasisValues/LegalBasis",
    "ListValues/List",
    "LocPartTypeValues/LocPartType",
    "NamePartTypeValues/NamePartType",
    "PartySubTypeValues/PartySubType",
    "PartyTypeValues/PartyType",
    "RelationTypeValues/RelationType",
    "SanctionsTypeValues/SanctionsType",
    "ScriptValues/Script",
}
"""The sets that are read. A list without one of them can't be understood."""

# ISO 15924 codes for the scripts as OFAC names them, where the set itself prints no code.
_SCRIPTS = {
    "arabic": "Arab",
    "armenian": "Armn",
    "bengali": "Beng",
    "chinese (simplified)": "Hans",
    "chinese (traditional)": "Hant",
    "chinese simplified": "Hans",
    "chinese traditional": "Hant",
    "cyrillic": "Cyrl",
    "devanagari": "Deva",
    "georgian": "Geor",
    "greek": "Grek",
    "hangul": "Hang",
    "hebrew": "Hebr",
    "japanese": "Jpan",
    "korean": "Kore",
    "latin": "Latn",
    "thai": "Thai",
}


@dataclass(slots=True)
class References:
    """Set name ("Country") -> number -> text; and what scripts, sub-types and countries print besides."""

    values: dict[str, dict[str, str]] = field(default_factory=dict)
    scripts: dict[str, str] = field(default_factory=dict)
    party_types: dict[str, str] = field(default_factory=dict)
    legal_bases: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, element: Element) -> References:
        """From the `ReferenceValueSets` element, its namespace taken off."""
        found = cls()
        for value_set in element:
            for item in value_set:
                key = f"{value_set.tag}/{item.tag}"
                if key not in SETS:
                    continue
                number, text = item.get("ID") or "", " ".join((item.text or "").split())
                found.values.setdefault(str(item.tag), {})[number] = text
                match item.tag:
                    case "Script":
                        code = item.get("ScriptCode") or _SCRIPTS.get(text.casefold(), "")
                        found.scripts[number] = code.title() if len(code) == 4 else ""
                    case "PartySubType":
                        found.party_types[number] = item.get("PartyTypeID") or ""
                    case "LegalBasis":
                        found.legal_bases[number] = item.get("LegalBasisShortRef") or text
        return found

    def missing(self) -> list[str]:
        """Sets that a list must have and that are not there."""
        return sorted(key for key in SETS if not self.values.get(key.partition("/")[2]))

    def text(self, kind: str, number: str | None) -> str:
        """What a number stands for; "" if it stands for nothing."""
        return self.values.get(kind, {}).get(number or "", "")

    def kind_of_party(self, sub_type: str | None) -> str:
        """ "Individual", "Entity", "Vessel" or "Aircraft": the sub-type, or its type where it is "Unknown"."""
        text = self.text("PartySubType", sub_type)
        if text.casefold() in ("", "unknown"):
            return self.text("PartyType", self.party_types.get(sub_type or ""))
        return text
