"""The form of the quick check: from its fields to an order, and where in the form a mistake is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from stopship.errors import OrderError
from stopship.model.values import Direction, Role, Schema

SCHEMAS = tuple(schema.value for schema in Schema)
ROLES = tuple(role.value for role in Role if role is not Role.OWNER)
DIRECTIONS = tuple(direction.value for direction in Direction)
FIELDS = (
    "name", "schema", "country", "role", "born", "id_type", "id_value", "address",
    "eccn", "description", "destination", "end_use", "direction", "date",
)  # fmt: skip
_PLACES = (
    (r"parties\[0\]\.(birth|registration)_date", "born"),
    (r"parties\[0\]\.identifiers.*type", "id_type"),
    (r"parties\[0\]\.identifiers", "id_value"),
    (r"parties\[0\]\.(name|schema|country|role|address)", None),
    (r"parties\[0\]", "name"),
    (r"items\[0\]\.(eccn|description)", None),
    (r"(destination|end_use|direction|date)$", None),
)


def order_of(fields: Mapping[str, str]) -> dict[str, Any]:
    """The order that a filled-in form describes, with what was left empty left out; `read_order` types it."""
    said = {name: fields.get(name, "").strip() for name in FIELDS}
    dated = "birth_date" if said["schema"] == Schema.PERSON.value else "registration_date"
    party: dict[str, Any] = {
        "role": said["role"] or Role.END_USER.value,
        "name": said["name"],
        "schema": said["schema"],
        "country": said["country"],
        dated: said["born"],
        "address": said["address"],
    }
    if said["id_value"]:
        party["identifiers"] = [{"type": said["id_type"] or "other", "value": said["id_value"]}]
    item = {"description": said["description"], "eccn": said["eccn"]}
    order: dict[str, Any] = {name: said[name] for name in ("date", "direction", "destination", "end_use")}
    order["parties"] = [_filled(party)]
    if any(item.values()):
        order["items"] = [_filled(item)]
    return _filled(order)


def field_of(error: OrderError) -> str:
    """The field of the form that a mistake is in; empty where it can't be told."""
    for pattern, name in _PLACES:
        if found := re.search(pattern, error.where or ""):
            return name or found[1]
    return ""


def _filled(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value}
