"""What can go wrong with the register; each message says what is wrong and what to do."""

from __future__ import annotations


class RegisterError(Exception):
    """The register cannot do what was asked; the message says why and what to do."""


class NotInRegister(RegisterError):
    """There is no such row in this school's register."""


class Ambiguous(RegisterError):
    """More than one person of that name: say which by UPN or admission number."""


class RegisterEmpty(RegisterError):
    """Nobody is in the register, so nobody could be recognised or found by name: import the register first."""


class RegisterConflict(RegisterError):
    """The change contradicts what the register holds."""


class FileRefused(RegisterError):
    """The file cannot be read as a whole; nothing of it was applied."""


class RecognitionNotAllowed(RegisterError):
    """Faces may not be recognised yet: the message names each day that is missing and what to do."""
