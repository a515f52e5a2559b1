"""What a reader chose about the look and the keys of the workbench; kept in one cookie on their machine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from stopship.web.catalogue import LANGUAGES, preferred

COOKIE = "stopship_view"
THEMES = ("auto", "light", "dark")
MOST_SECONDS = 365 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Preferences:
    """`keys`: whether single keys act (WCAG 2.1.4 wants a way to turn that off)."""

    language: str = "en"
    theme: str = "auto"
    keys: bool = True

    def to_cookie(self) -> str:
        return f"{self.language}.{self.theme}.{'keys' if self.keys else 'nokeys'}"


def read_preferences(cookie: str | None, accept_language: str) -> Preferences:
    """Preferences as the cookie has them; where it is absent or not ours, what the browser asks for."""
    parts = (cookie or "").split(".")
    if len(parts) == 3 and parts[0] in LANGUAGES and parts[1] in THEMES:
        return Preferences(parts[0], parts[1], parts[2] != "nokeys")
    return Preferences(preferred(accept_language))


def chosen(before: Preferences, form: Mapping[str, str]) -> Preferences:
    """Preferences with what a form says; what it doesn't know stays as it was."""
    language, theme = form.get("language", ""), form.get("theme", "")
    return replace(
        before,
        language=language if language in LANGUAGES else before.language,
        theme=theme if theme in THEMES else before.theme,
        keys=form.get("keys") == "on",
    )
