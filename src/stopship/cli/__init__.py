"""The command line. Commands translate; they decide nothing.

Exit codes: `check` 0 only for `clear`, 1 for every other outcome; everywhere 2 for wrong input or set-up (one line
says what and how to mend it), 3 for a fault of ours. With `--json` stdout holds the JSON alone.
"""

from __future__ import annotations

import os
import sys

from stopship.errors import StopshipError, fault_words

__all__ = ["main"]

UNREAD, WRONG_INPUT, FAULT = 1, 2, 3


def main() -> None:
    """Run the command line and exit with its code."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run one command and return its exit code; the one table from errors to exit codes."""
    import gc

    import typer

    from stopship.cli.commands import app

    # Tables of words are many small objects that stay: looking through them again and again finds nothing.
    gc.set_threshold(100_000, 50, 100)

    # Newer Typer carries a Click of its own, older Typer uses the installed one: find the base class of either.
    usage_error: type[Exception] = next(k for k in typer.BadParameter.__mro__ if k.__name__ == "ClickException")

    for stream in (sys.stdout, sys.stderr):
        # Names come in every script; a Windows console or a pipe may be set to something narrower.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        code = app(arguments, standalone_mode=False, prog_name="stopship")
    except typer.Exit as done:
        return done.exit_code
    except (typer.Abort, KeyboardInterrupt):
        _say("interrupted; nothing was left half-written")
        return WRONG_INPUT
    except usage_error as error:
        if type(error).__name__ == "NoArgsIsHelpError":
            print(error, file=sys.stderr)
            return WRONG_INPUT
        context = getattr(error, "ctx", None)
        message = getattr(error, "format_message", error.__str__)()
        command = context.command_path if context else "stopship"
        _say(f"{' '.join(message.split()).rstrip('.')}. See: {command} --help")
        return WRONG_INPUT
    except StopshipError as error:
        _say(str(error))
        return WRONG_INPUT
    except BrokenPipeError:
        # The reader of our output went away (`| head`): nobody is left to tell. Not 0, which means `clear`.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return UNREAD
    except Exception as error:
        if os.environ.get("STOPSHIP_DEBUG"):
            raise
        _say(f"{fault_words(error)}. Set STOPSHIP_DEBUG=1 to see where, and please report it")
        return FAULT
    return code if isinstance(code, int) else 0


def _say(line: str) -> None:
    print(f"stopship: {line}", file=sys.stderr)
