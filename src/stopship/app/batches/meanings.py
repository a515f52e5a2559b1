"""What the columns of a file probably mean, by their headings. A guess: a person says whether it holds."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence

from stopship.bulk.columns import READ
from stopship.errors import SettingsError

# Headings as exports of business software have them, in English, German, French, Spanish, Italian, Dutch, Polish,
# Chinese, Japanese and Russian, and SAP's technical names. Letters and digits only.
_HEADINGS: Mapping[str, str] = {
    "name": """
        name name1 fullname companyname company customername customer suppliername supplier vendorname vendor
        accountname account partnername businesspartner businesspartnername organisation organization
        organisationname organizationname entityname entity legalname partyname party consignee consigneename
        firma firmenname firmierung unternehmen kundenname kunde lieferant lieferantenname geschaeftspartner
        geschaftspartner empfaenger nom raisonsociale societe client fournisseur nombre razonsocial empresa cliente
        proveedor ragionesociale azienda nome bedrijf bedrijfsnaam klant naam nazwa firmanazwa klient
        名称 公司名称 企业名称 客户名称 单位名称 姓名 会社名 企業名 取引先名 氏名
        наименование название имя компания
    """,
    "id": """
        id number no nr customerid customerno customernumber accountid accountnumber partnerid vendorid vendorno
        supplierid externalid reference ref key code kunnr lifnr partner kundennummer kundennr debitor
        debitorennummer kreditor lieferantennummer geschaeftspartnernummer codeclient numeroclient codigo codice
        klantnummer numer 编号 客户编号 代码 番号 コード код номер
    """,
    "schema": """
        schema type entitytype partytype kind customertype category art typ partnerart kundenart kategorie
        type_entite tipo soort rodzaj 类型 種別 тип
    """,
    "country": """
        country countrycode countryname nation iso iso2 isocountry countryofregistration countryofincorporation
        nationality land1 land laendercode landercode laenderkennzeichen landerkennzeichen landkz staat
        nationalitaet nationalitat pays codepays pais paese kraj 国家 国别 国 国名 страна
    """,
    "address": """
        address fulladdress streetaddress postaladdress addressline addressline1 street adresse anschrift strasse
        stras straße direccion indirizzo adres 地址 住所 адрес
    """,
    "birth_date": """
        birthdate dateofbirth dob birthday born geburtsdatum geboren geburtstag datedenaissance fechadenacimiento
        datadinascita geboortedatum dataurodzenia 出生日期 生年月日 датарождения
    """,
    "registration_date": """
        registrationdate incorporationdate dateofincorporation dateofregistration founded foundingdate
        gruendungsdatum grundungsdatum registrierungsdatum datedecreation 成立日期 注册日期 設立日 датарегистрации
    """,
}


def _plain(heading: str) -> str:
    """Letters and digits of a heading in lower case, without accents."""
    apart = unicodedata.normalize("NFKD", heading.lower())
    return re.sub(r"[\W_]", "", "".join(c for c in apart if not unicodedata.combining(c)))


_BY_HEADING = {_plain(heading): meaning for meaning, text in _HEADINGS.items() for heading in text.split()}


def guessed_meanings(columns: Sequence[str]) -> dict[str, str]:
    """What is read -> the column that it probably stands in, at most one each.

    A heading that is called exactly so wins; else the one that stands earliest in our list of headings.
    """
    ranks = {heading: rank for rank, heading in enumerate(_BY_HEADING)}
    found: dict[str, tuple[int, str]] = {}
    for column in columns:
        plain = _plain(column)
        meaning = _BY_HEADING.get(plain)
        if meaning is None:
            continue
        rank = -1 if column.strip().lower() == meaning else ranks[plain]
        if meaning not in found or rank < found[meaning][0]:
            found[meaning] = (rank, column)
    return {meaning: found[meaning][1] for meaning in READ if meaning in found}


def chosen_meanings(chosen: Iterable[tuple[str, str]]) -> dict[str, str]:
    """What is read -> the column that it stands in, from what was chosen for each column (empty: nothing).

    Raises:
        SettingsError: two columns are said to be the same, none is the name, or one something that is not read;
            `where` says what it is about.
    """
    found: dict[str, str] = {}
    for column, meaning in chosen:
        if not meaning:
            continue
        if meaning not in READ:
            raise SettingsError(f"{meaning[:40]!r} is not read", where="columns", hint=f"Known: {', '.join(READ)}")
        if meaning in found:
            raise SettingsError(
                f"two columns can't both be the {meaning.replace('_', ' ')}: {found[meaning]!r} and {column!r}",
                where=meaning,
                hint="Choose one of them",
            )
        found[meaning] = column
    if "name" not in found:
        raise SettingsError("no column is the name", where="name", hint="Choose the column that holds the names")
    return {meaning: found[meaning] for meaning in READ if meaning in found}
