"""What may be set about the service, by variables of the environment."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from stopship.errors import SettingsError


class ServiceSettings(BaseSettings):
    """The service's settings; each is read from `STOPSHIP_` and its name in capitals."""

    model_config = SettingsConfigDict(env_prefix="STOPSHIP_", extra="ignore", frozen=True)

    home: Annotated[Path | None, Field(description="Directory of lists and settings.")] = None
    max_body_bytes: Annotated[int, Field(ge=10_000, description="Largest body of a call, in bytes.")] = 20_000_000
    max_upload_bytes: Annotated[int, Field(ge=10_000, description="Largest file of a job.")] = 1_000_000_000
    body_seconds: Annotated[
        float, Field(gt=0, description="How long a body may take, and a second more for each 1,000 bytes of it.")
    ] = 30.0
    max_batch: Annotated[int, Field(ge=1, description="Queries in one call of `/match` or `/reconcile`.")] = 500
    max_names: Annotated[int, Field(ge=1, le=100_000, description="Names in a call of `/api/v1/names`.")] = 10_000
    watch_seconds: Annotated[
        float, Field(gt=0, description="How often the home is looked at for other lists.")
    ] = 3.0
    grace_seconds: Annotated[int, Field(ge=0, description="How long calls may go on after a stop.")] = 30
    trusted_proxies: Annotated[
        str,
        Field(
            pattern=r"^[0-9a-fA-F.:/, ]*$",
            description="Proxies whose X-Forwarded-For and -Proto are believed: addresses, with commas.",
        ),
    ] = ""
    log_level: Annotated[
        Literal["debug", "info", "warning", "error"], Field(description="Least level that is logged.")
    ] = "info"
    log_format: Annotated[
        Literal["json", "text"], Field(description="How it is logged: for a program, or for who looks on.")
    ] = "json"


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
