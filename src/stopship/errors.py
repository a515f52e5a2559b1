"""Everything Stopship raises on purpose, and who can mend it.

::

    StopshipError
    ├── InputError            the caller's input is wrong; the message says what, where and how to mend it
    │   ├── OrderError        an order or transaction can't be read
    │   ├── TableError        a file of names or pairs can't be read
    │   ├── ListFileError     an official list file can't be read at all
    │   │   └── SourceDrift   it can be read, but is not in the layout that we know
    │   ├── OwnershipFileError  a file of ownership data can't be read at all
    │   ├── RulebookError     a rule file is malformed
    │   ├── RecordError       a file of decisions can't be read
    │   ├── SettingsError     a setting or an option is out of range
    │   ├── NotFoundError     nothing here is called so: a dataset, an entity, a rule, a decision
    │   ├── ConflictError     it was asked for before, otherwise, or is being done this moment
    │   ├── AccountError      a user, a password or a key is not as it must be
    │   ├── JobError          a job can't be had, or its state doesn't allow the step
    │   │   ├── UnknownJob    there is none of this number
    │   │   └── KeyUsed       the idempotency key stands for another job
    │   ├── WebhookError      an endpoint is unknown, or its address is not allowed
    │   ├── BackupError       a backup can't be read, was altered, or can't be restored here
    │   └── PaperError        a file for a case is too large, empty or of a kind that isn't kept
    ├── CaseError             a step of case work is refused; nothing was changed
    │   ├── NotFound          there is no such case, alert, disposition or suppression
    │   ├── StepNotAllowed    this person may not do it: the role, or the second pair of eyes
    │   ├── IllegalStep       it can't be done with the case as it is
    │   ├── CaseChanged       somebody else was faster; look at the case again
    │   └── CaseLocked        somebody else works on it right now
    ├── AccessError           who asks is not let in
    │   ├── NotSignedIn       no key, no session, or none that holds
    │   ├── NotAllowed        known, but this is not theirs to do
    │   └── TooOften          too many attempts or requests; says how long to wait
    ├── FetchError            a list can't be fetched: no network, a server in trouble, an answer that is no list
    ├── MailError             a letter can't be handed to the mail server
    ├── StateError            the home directory is not in the state that the call needs
    │   ├── SnapshotError     a stored snapshot is missing, truncated or altered
    │   ├── IndexFileError    a stored index is of another version, truncated or altered
    │   ├── OwnershipStateError  stored ownership data are of another version, truncated or altered
    │   ├── DatabaseFileError  the database is damaged, locked, or made by a newer version
    │   ├── PortfolioError    what is kept of an enrolled portfolio is missing or altered
    │   └── WorkerError       a process that worked for this one has died
    │       └── WorkerRefused  a process of a cluster has another index or version than was meant
    └── (anything else is a fault of ours)

Messages are one line. They know no HTTP and no exit codes: `cli` and `api` each hold one table for that.
A bad *record* inside a good file is not an error: it is data with a row number and a reason
(`stopship.sources.contract.Reject`).
"""

from __future__ import annotations


class StopshipError(Exception):
    """Base of all errors that Stopship raises on purpose.

    Args:
        message: what is wrong, in one line.
        where: the file, row, column or field that it is about.
        hint: how to mend it.
    """

    def __init__(self, message: str, *, where: str | None = None, hint: str | None = None) -> None:
        self.message = message
        self.where = where
        self.hint = hint
        super().__init__(message)

    def __str__(self) -> str:
        text = f"{self.where}: {self.message}" if self.where else self.message
        if self.hint:
            text = f"{text.rstrip('.')}. {self.hint}" if text[-1:] not in "?!" else f"{text} {self.hint}"
        return " ".join(text.split())


class InputError(StopshipError):
    """The caller's input is wrong and the caller can mend it."""


class OrderError(InputError):
    """An order can't be read: unknown field or role, malformed date, ECCN or country."""


class TableError(InputError):
    """A file of names, pairs or partners can't be read."""


class ListFileError(InputError):
    """A list file can't be read at all: wrong encoding, empty, truncated, another format."""


class SourceDrift(ListFileError):
    """A list file is readable but not in the layout that Stopship knows (a column is new or missing)."""


class OwnershipFileError(InputError):
    """A file of ownership data can't be read at all: unknown format, truncated, a DTD in XML, too large."""


class RulebookError(InputError):
    """A rule file is malformed: unknown field, bad date, unknown vocabulary."""


class RecordError(InputError):
    """A file of decisions can't be read: not JSON, or not what `check` writes."""


class SettingsError(InputError):
    """A setting or an option is unknown or out of range."""


class NotFoundError(InputError):
    """What was asked for isn't here: no dataset, entity, rule or decision is called so."""


class ConflictError(InputError):
    """The same thing was asked for before in another form, or is being done this moment by another call."""


class AccountError(InputError):
    """A user, a password or a key is not as it must be: unknown, taken, too short, the last admin."""


class AccessError(StopshipError):
    """Who asks is not let in. The message says nothing that helps somebody who guesses."""


class NotSignedIn(AccessError):
    """There is no key and no session, or none that holds."""


class NotAllowed(AccessError):
    """Who asks is known, but this is not theirs to do."""


class TooOften(AccessError):
    """Too many attempts or requests.

    Args:
        message: what is too many.
        wait_seconds: how long to wait, rounded up.
        hint: how to mend it.
    """

    def __init__(self, message: str, *, wait_seconds: int, hint: str | None = None) -> None:
        self.wait_seconds = wait_seconds
        super().__init__(message, hint=hint)


class JobError(InputError):
    """A job can't be had as it was asked for, or its state doesn't allow the step."""


class UnknownJob(JobError):
    """There is no job of this number."""


class KeyUsed(JobError):
    """An idempotency key was used before, for another job."""


class WebhookError(InputError):
    """An endpoint is unknown, or its address is none that messages may be sent to."""


class BackupError(InputError):
    """A backup can't be read, was altered, or can't be restored here."""


class PaperError(InputError):
    """A file can't be kept with a case: too large, empty, or of a kind that isn't kept."""


class CaseError(StopshipError):
    """A step of case work is refused, and nothing was changed. The message says why.

    Args:
        message, where, hint: as of `StopshipError`.
        by: who stands in the way, as records name them (`user:7`); None where nobody does.
    """

    def __init__(
        self, message: str, *, where: str | None = None, hint: str | None = None, by: str | None = None
    ) -> None:
        self.by = by
        super().__init__(message, where=where, hint=hint)


class NotFound(CaseError):
    """There is no such case, alert, disposition, suppression or file."""


class StepNotAllowed(CaseError):
    """This person may not do it: by the role, or because the second pair of eyes is somebody else's."""


class IllegalStep(CaseError):
    """The step can't be done with the case as it is."""


class CaseChanged(CaseError):
    """Somebody else changed the case since it was read."""


class CaseLocked(CaseError):
    """Somebody else works on the case; the message says who, and until when."""


class FetchError(StopshipError):
    """A list can't be fetched. Waiting mends some of it, a proxy or another address the rest; the message says."""


class MailError(StopshipError):
    """A letter can't be handed to the mail server."""


class StateError(StopshipError):
    """The home directory is not in the state that the call needs."""


class SnapshotError(StateError):
    """A stored snapshot is missing, truncated or altered."""


class IndexFileError(StateError):
    """A stored index is of another version, truncated or altered."""


class OwnershipStateError(StateError):
    """Stored ownership data are missing, of another version, truncated or altered."""


class DatabaseFileError(StateError):
    """The database can't be used: damaged, locked for too long, or made by a newer version."""


class PortfolioError(StateError):
    """What is kept of an enrolled portfolio is missing or altered."""


class WorkerError(StateError):
    """A process that worked for this one has died: no memory left, or ended from outside."""


class WorkerRefused(WorkerError):
    """A process of a cluster has another index, normalizer or version than the work was begun with."""


FAULT = "a fault of ours"


def fault_words(fault: BaseException) -> str:
    """What is said of a fault of ours where work on other things goes on: its kind and what it says, on one line,
    at most 300 characters of it."""
    return f"{FAULT}: {type(fault).__name__}: {' '.join(str(fault).split())[:300]}"
