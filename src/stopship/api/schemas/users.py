"""Accounts, as `/api/v1` shows and takes them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import ConfigDict, Field, SecretStr

from stopship.access.vocabulary import Role
from stopship.api.schemas.strict import Asked, Told

AskedRole = Annotated[Role, Field(strict=False)]


class UserShown(Told):
    """An account, without its password."""

    id: Annotated[str, Field(description="As records name the person: `user:7`.")]
    name: str
    full_name: str
    role: Role
    created: datetime
    last_login: datetime | None
    disabled: datetime | None


class UserAsked(Asked):
    """A new account."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"name": "anna", "role": "analyst", "password": "mettwurst-kachelofen", "full_name": "Anna"}
            ]
        }
    )

    name: Annotated[str, Field(min_length=1, max_length=64)]
    role: AskedRole
    password: Annotated[SecretStr, Field(min_length=1, max_length=1000, description="Kept as a hash alone.")]
    full_name: Annotated[str, Field(max_length=200)] = ""


class RoleAsked(Asked):
    """Another role."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"role": "supervisor"}]})

    role: AskedRole
