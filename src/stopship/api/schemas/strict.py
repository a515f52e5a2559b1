"""What all models share."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Asked(BaseModel):
    """What comes in: of exactly these types, and nothing besides."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Told(BaseModel):
    """What goes out."""

    model_config = ConfigDict(extra="forbid", frozen=True)
