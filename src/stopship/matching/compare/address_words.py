"""The words of addresses in Latin letters: kinds of streets, units, floors, blocks, PO boxes, what is no place.

All of it is applied to lower-case ASCII text; addresses in Cyrillic letters are read by their romanization.
"""

from __future__ import annotations

import re


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_OF_THEIR_OWN = _set("strand terrace path crescent court row circle close gardens bypass")
# Kinds of streets. What translators render freely (Lu is Road, Street or Avenue) is a road, which may be anything.
_CLASSES = {
    "road": "road rd lu dao malu dajie dadao way drive dr parkway caddesi cadde cad cd jalan jl "
    "persiaran lorong weg vej place link camino ut",
    "highway": "highway hwy expressway shosse sh trakt carretera carr autopista",
    "street": "street st str jie sokak sk sok sokagi ulitsa ul ulica vulitsa vulytsia vul rue calle "
    "rua via strasse straat gata gatan utca thanon soi marg",
    "avenue": "avenue ave av prospekt prospect pr prosp prkt pr-t prt avenida avda boulevard blvd "
    "bulvar bulvari blv boul bld viale corso allee laan",
    "lane": "lane ln pereulok per provulok prov alley xiang hutong nong proezd callejon cerrada privada kucheh",
    "square": "square sq pl ploshchad ploshcha meydani maydan platz plein",
    **{word: word for word in _OF_THEIR_OWN},
    "embankment": "embankment naberezhnaya naberezhna nab quay quai",
}
STREET_CLASS = {word: name for name, words in _CLASSES.items() for word in words.split()}
# Pairs of classes that translations mix up: a road may be a street or an avenue.
LOOSE_CLASSES = (frozenset(["road", "street"]), frozenset(["road", "avenue"]), frozenset(["road", "highway"]))
TYPES_BEFORE = _set(  # "ulitsa Lenina", "rue de Lyon"
    "ulitsa ul rue calle via avenida avda av prospekt pr prosp prkt pr-t prt pereulok per shosse sh avenue "
    "boulevard naberezhnaya naberezhna nab proezd rua carrera cra cr kra jalan jl persiaran lorong ulica "
    "vul vulitsa vulytsia provulok prov straat bld plaza viale corso boul ploshchad ploshcha pl trakt "
    "bulvar carretera camino callejon cerrada privada transversal diagonal impasse chemin route cours allee"
)
TYPES_AFTER = frozenset(STREET_CLASS) - _set(
    "rue calle rua via avenida avda jalan jl persiaran lorong carretera carr camino autopista viale corso "
    "quai cr callejon cerrada privada thanon vul vulitsa vulytsia"
)
TYPES = TYPES_AFTER | TYPES_BEFORE
JOINED_TYPE = re.compile(  # Josefstrasse, Seestr, Keizersgracht
    r"([a-z][a-z-]{2,})(?:-?(strasse|str|straat|gatan))\Z|([a-z]{2,}(?:gasse|weg|allee|platz|damm|ufer|gracht|laan|"
    r"kade|plein|katu))\Z"
)
# Types before which a street may be a number or begin with one: ulitsa 8 Marta, Calle 12, Avenida 5 de Mayo.
NUMBERED_BEFORE = _set(
    "ulitsa ul vul vulitsa vulytsia calle carrera cra kra avenida avda av transversal diagonal prospekt pr "
    "per pereulok jalan lorong"
)
NUMBERED_AFTER = _set("sokak sk sok sokagi caddesi cadde cad cd")  # 1523 Sokak
DIRECTIONS = {
    "n": "north", "s": "south", "e": "east", "w": "west", "nth": "north", "sth": "south", "norte": "north",
    "sur": "south", "este": "east", "oeste": "west", "mid": "middle",
}  # fmt: skip
DIRECTION_WORDS = _set("north south east west middle central upper lower")
PINYIN_DIRECTION = {"dong": "east", "xi": "west", "nan": "south", "bei": "north", "zhong": "middle"}
ORDINAL = re.compile(r"(\d{1,3})(?:st|nd|rd|th|-(?:ya|aya|y|i|iy|oy|go))\Z")  # 5th Avenue, 1-ya Frunzenskaya
PINYIN_TYPES = _set("lu jie dajie dadao road rd street st avenue ave")
CALLE = re.compile(r"(?:^|(?<=,)|(?<=, ))c\.\s+(?!p\b)(?=[a-z\d])")  # C. Hidalgo 5
# "Zhongshan Donglu", "Chichunlu"
PINYIN_GLUED = re.compile(r"([a-z]*?)(dong|xi|nan|bei|zhong)?(lu|dajie|dadao|jie)\Z")
BUILDING_WORDS = _set(
    "tower towers centre center ctr building bldg bld plaza mansion house block court complex park arcade "
    "mall wing phase estate floor fl menara wisma apartmani apt plazasi hani merkezi ticaret bina edificio "
    "torre office suite residence hotel business industrial zone free commercial warehouse factory village "
    "villa"
)
# What a part is no place by, and words of places that say only of what kind they are.
DISTRICT_WORDS = _set(
    "district dist raion rayon rajon r-n rn okrug ao subdistrict township town village selo pos poselok "
    "ward qu ku county mahallesi mahalle mah mh colonia col delegacion barrio fraccionamiento fracc area "
    "zone sector phase block quarter section neighborhood neighbourhood street road municipality subd mkr "
    "mikroraion"
)
PLACE_FILLERS = _set(
    "city province region oblast obl respublika republic republika state the of and g gor gorod m district "
    "no number p o c cp zip postcode old new near opposite behind next to tel fax sar special "
    "administrative n t i shi sheng de la el los las del pod entrance"
)
TOWN_WORDS = _set("g gor gorod m city of p")  # g. Moskva
STOP = _set(
    "no number nr nro num near opposite opp of the at and zone area district city shi qu d dom bud budynok"
)

UNIT_CODE = r"(?:[a-z]{0,2}\d[\w/&.-]*\w|[a-z]{0,2}\d|[a-z]\d?\b)"
GLUED_UNIT = re.compile(r"\b(?:r(?=\d{3,4}\b)|(?:rm|room|flat|unit|ste|apt|of)(?=\d))")  # Rm4, R1618
LONE_CODE = re.compile(r"\d{1,4}[a-z]?")
UNIT = re.compile(
    r"\b(?:units?|flats?(?:/rms?)?|rooms?|rms?|offices?|suites?|ste|apartments?|apts?|appt|app|shops?|workshops?|"
    r"pomeshch\w*|pomishch\w*|pom|komn\w*|kimn\w*|kvartira|kabinet|kab|kv|kom|ofis|of(?=[.\s]+\d)|daire|oficina|despacho|depto|"
    r"dpto|interior|int|local|bodega|bureau|buro|door|"
    r"stall|booth|shi(?=\s\d)|ic kapi no|d(?=:\s*\d))\b[.:#\s]*(?:no\b[.:\s]*|n(?=[.:]?\s*\d)[.:]?\s*)?"
    rf"({UNIT_CODE}(?:\s*(?:and|&)\s*\d\w*)?)"
)
# #05-01: floor 5, unit 1; without its # where it can be no range of numbers
HASH_UNIT = re.compile(
    r"#\s?([a-z]?\d{1,3})-(\d{1,4}[a-z]?(?:/\d{1,4})*)\b|(?<![\w/-])(\d{2})-(0\d[a-z]?(?:/0\d)*)\b(?!-)"
)
_FLOOR_WORD = "(?:floor|etazh|poverkh|fl|piso|kat|stock|og|etage|storey)"
FLOOR = re.compile(  # 16/F, 16F, 16th Floor, 2. OG; but in "D. 12 Floor 31" the floor is 31
    r"\b(\d{1,3}|g|ug|lg|m|ground)\s*/\s*f\b\.?|\b(\d{1,3})\s?f(?:l|loor)?\b\.?(?!\s*\d)"
    rf"|\b(\d{{1,3}})(?:st|nd|rd|th|-y|-i|er|do|to|o)\s*[.-]?\s*{_FLOOR_WORD}\b\.?"
    rf"|\b(\d{{1,3}})\s*[.-]?\s*{_FLOOR_WORD}\b\.?(?!\s*\d)"
    r"|\b(?:floor|level|lvl|fl|et|etazh|poverkh|piso|kat|tingkat|tkt)\b[.:\s]*(?:no\b[.:\s]*)?(\d{1,3})\b"
    r"|\b(ground|first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth)\s+floor\b"
)
FLOOR_WORDS = {
    "ground": "g", "first": "1", "second": "2", "third": "3", "fourth": "4", "fifth": "5", "sixth": "6",
    "seventh": "7", "eighth": "8", "ninth": "9", "tenth": "10",
}  # fmt: skip
# Buildings that share one number of a street.
_STREET_FOLLOWS = r"(?!(?:\s+[a-z\']+){1,3}\s+(?:road|rd|street|st|strand|avenue|ave|lane|highway)\b)"
BLOCK = re.compile(  # in "MW Tower 111 Bonham Strand" the number is the street's
    r"\b(?:block|blk|blok|tower|building|bldg|bld|torre|phase|wing|haus|menara|edificio)\b[.:#\s]*(?:no\b[.:\s]*|"
    rf"number\s+)?(\d{{1,3}}[a-z]?|[a-z])(?![\w/&'-]){_STREET_FOLLOWS}"
    r"|\b([a-z]|\d{1,2})\s+(?:building|block|tower)\b"
)
KORPUS = re.compile(
    r"\bkorp(?:us)?\b[.\s]*(\d{1,3}[a-z]?|[a-z])\b|(?:(?<=\d)|(?<=\d[a-z]))\s*,?\s*\bk[.\s]*(\d{1,2}[a-z]?)\b|"
    r"(?<=\d)k(\d{1,2})\b"
)
STROENIE = re.compile(
    r"(?:(?<=\d)|(?<=\d[a-z])|(?<=,))\s*,?\s*\bstr(?:oenie|oyeniye)?\b[.\s]*(\d{1,3}[a-z]?)\b"
    r"|\b(?:stroenie|stroyeniye)[.\s]*(\d{1,3}[a-z]?)\b"
)
BOX = re.compile(
    r"(?:\bp\.?\s?o\.?\s*-?b(?:ox)?\b|\bpost(?:al)?(?:\s+office)?\s*box\b|\bpobox\b|\bbox\b|\bpostfach\b|\bpostbus\b|"
    r"\bapartado(?:\s+(?:postal|aereo))?\b|\bboite\s+postale\b|\bb\.p\.|\bcasella\s+postale\b|\bcaixa\s+postal\b|"
    r"\ba/ya\b|\bposta\s+kutusu\b|\bp\.k\.)[.:#\s]*(?:no\b[.:\s]*|n(?=[.:]?\s*\d)[.:]?\s*|number\s+)?"
    r"(\d{1,6}(?:[/-]\d{1,5})*(?:(?<=\d{3})\s\d{3}\b(?!\s*\d))?)"
)
CARE_OF = re.compile(
    r"(?<![\w/])(?:c\s*/\s*o|(?:in\s+)?care\s+of)\b[.:\s]*((?:(?!\s\d)[^,;()]){3,120}"
    r"(?:,\s*(?:inc|ltd|llc|limited|s\.?a|gmbh|co\.?,?\s*ltd)\b\.?)?)",
    re.IGNORECASE,
)
_AFTER_NO = "".join(f"(?<!{word})" for word in ("no ", "no. ", "no.", "no: ", "#", "numero ", "exterior "))
POSTCODE = re.compile(
    r"\b(?P<uk>[a-z]{1,2}\d[a-z\d]?\s?\d[a-z]{2})\b|\b(?P<ca>[a-z]\d[a-z]\s?\d[a-z]\d)\b|"
    r"\b(?P<nl>\d{4}\s?[a-z]{2})\Z|(?<=\s)(?P<jp>\d{3}-\d{4})\b|"
    rf"{_AFTER_NO}\b(?P<digits>\d{{5,6}})(?:-\d{{4}})?\b(?!-\d)(?![^,;]*\b(?:st|street|road|rd|ave|"
    r"avenue|lane|ln|way|drive|dr|court|ct|boulevard|blvd|circle|terrace|parkway|sokak|sk|caddesi|cad)\b)|\b(?P<ir>\d{10}|\d{5}-\d{5})\b"
)
NUMBER = re.compile(
    r"(?<![\w/])(\d{1,5})\s?([a-z]?)(?![a-z\d])(?:\s*[-–]\s*(\d{1,4})([a-z]?)(?![a-z\d]))?(?:/\w+)?"
)
# Carrera 34 #35-51: the plate 51 on the stretch of Carrera 34 that begins at Calle 35.
COLOMBIAN = re.compile(
    r"\b(calle|cl|cll|carrera|cra|cr|kra|kr|transversal|tv|diagonal|dg|avenida|av)\b[.\s]*(\d{1,3}(?:\s?[a-h])?)(?!\w)\s*"
    r"(sur|norte|este|oeste|bis)?[,\s]*(?:no|nro|num|n)?[.:#\s]*(\d{1,3}(?:\s?[a-h])?)(?!\w)\s*[-\s]\s*(\d{1,3})\b"
)
BUILDING_NUMBER = re.compile(r"(?:no|nr|nro|d|dom|bud|numero|nomer|plaque|plot)\s+(\d{1,5}.*)")
# What ends the name of a quarter before a street that no comma parts from it: Maslak Mah. Buyukdere Cad.
QUARTER_ENDS = _set("mah mahallesi mahalle mh colonia raion rayon r-n district village")
US_STATES = _set(
    "al ak az ar ca co ct de fl ga hi id il in ia ks ky la me md ma mi mn ms mo mt ne nv nh nj nm ny nc nd "
    "oh ok or pa ri sc sd tn tx ut vt va wa wv wi wy dc"
)
COLOMBIAN_TYPE = {
    "cl": "calle", "cll": "calle", "cra": "carrera", "cr": "carrera", "kra": "carrera", "kr": "carrera",
    "tv": "transversal", "dg": "diagonal", "av": "avenida",
}  # fmt: skip
# 4-3-1 Shinohara-honmachi; 10-2 Nihombashi, 2-chome
JAPANESE = re.compile(r"\b(?:(\d{1,2})\s?-?\s?(?:chome|jo)\b|[a-z]+-(?:ku|shi|cho|machi|gun)\b|japan\b|tokyo\b)")
JAPANESE_CHOME = re.compile(r"\b(\d{1,2})\s?-?\s?chome\b,?\s*")
JAPANESE_NUMBER = re.compile(r"\b(\d{1,4})(?:\s?-\s?(\d{1,4}))?(?:\s?-\s?(\d{1,4}))?\b(?!-?(?:chome|f\b|fl))")
