"""What may be set about the service, by variables of the environment."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from stopship.errors import SettingsError


class ServiceSettings(BaseSettings):
    """The service's settings; each is read from `STOPSHIP_` and its name in capitals."""

    model_config = SettingsConfigDict(env_prefix="STOPSHIP_", extra="ignore", frozen=True)

    home: Path | None = Field(default=None, description="Directory of lists and settings.")
    max_body_bytes: int = Field(20_000_000, ge=10_000, description="Largest body of a call, in bytes.")
    max_batch: int = Field(500, ge=1, description="Queries in one call of `/match` or `/reconcile`.")
    max_names: int = Field(10_000, ge=1, le=100_000, description="Names in one call of `/api/v1/names`.")
    watch_seconds: float = Field(
        3.0, gt=0, description="How often the home is looked at for other lists, in seconds."
    )
    grace_seconds: int = Field(
        30, ge=0, description="How long calls under way may go on after a stop, in seconds."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="Least level that is logged."
    )


def read_service_settings(home: Path | None = None) -> ServiceSettings:
    """The settings of this process, with a home given in code.

    Raises:
        SettingsError: a variable holds something else than it may.
    """
    try:
        found = ServiceSettings()
    except ValidationError as bad:
        first = bad.errors()[0]
        name = "STOPSHIP_" + "_".join(str(part) for part in first["loc"]).upper()
        raise SettingsError(first["msg"], where=name, hint=f"It holds {str(first['input'])[:60]!r}") from None
    return found if home is None else found.model_copy(update={"home": home})
