"""What can be wrong with keys and with what they seal.

VaultError
├── KeyUnavailable     the key-encryption key is missing, wrong, damaged or open to others
├── Erased             the data key was destroyed, and with it whatever it sealed
└── SealBroken         the bytes are not what was sealed in this place
"""

from __future__ import annotations


class VaultError(Exception):
    """Something sealed could not be opened, or could not be sealed; the message says what to do."""


class KeyUnavailable(VaultError):
    """The key that opens the data keys cannot be had."""


class Erased(VaultError):
    """There is no data key of this owner: it was destroyed, and what it sealed can never be opened again."""

    def __init__(self, what: str) -> None:
        super().__init__(f"There is no data key for {what}: it was erased.")


class SealBroken(VaultError):
    """The bytes were changed, moved from elsewhere, or never sealed."""

    def __init__(self, what: str) -> None:
        super().__init__(
            f"{what} is not what was sealed there: it was changed, moved, or written by something else. Restore it "
            "from a copy."
        )
