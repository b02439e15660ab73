"""What an API key looks like: `gp_PREFIX_SECRETCHECK`, letters and digits only.

The prefix finds the row and may be shown; the secret has 256 bits; the check is a CRC-32, by which programs that look
for leaked secrets tell a key from other text. Only the SHA-256 of the whole is kept: with so long a secret nothing
slower is needed.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import string
import zlib
from dataclasses import dataclass

ALPHABET = string.digits + string.ascii_uppercase + string.ascii_lowercase
PREFIX_LENGTH = 8
SECRET_LENGTH = 43  # the fewest characters of 62 that hold 256 bits
CHECK_LENGTH = 6
KEY = re.compile(
    rf"gp_([0-9A-Za-z]{{{PREFIX_LENGTH}}})_([0-9A-Za-z]{{{SECRET_LENGTH}}})([0-9A-Za-z]{{{CHECK_LENGTH}}})", re.ASCII
)
NO_KEY = hashlib.sha256(b"no key").hexdigest()  # compared with where there is no row, so that both take as long


@dataclass(frozen=True, slots=True)
class NewSecret:
    """A key just made: `text` is shown once and kept nowhere, `prefix` and `digest` are stored."""

    text: str
    prefix: str
    digest: str


def new_secret() -> NewSecret:
    prefix = _number(secrets.randbelow(62**PREFIX_LENGTH), PREFIX_LENGTH)
    body = f"gp_{prefix}_{_number(secrets.randbits(256), SECRET_LENGTH)}"
    text = body + _check(body)
    return NewSecret(text, prefix, digest_of(text))


def prefix_of(text: str) -> str | None:
    """The prefix of what may be a key; None where its form or its check is not that of one."""
    found = KEY.fullmatch(text)
    if found is None or not hmac.compare_digest(found[3], _check(text[:-CHECK_LENGTH])):
        return None
    return found[1]


def digest_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def fits(text: str, digest: str) -> bool:
    """Whether the text is the key with this digest; takes the same time whether it is or not."""
    return hmac.compare_digest(digest_of(text), digest)


def holds_key(text: str) -> bool:
    """Whether something that looks like a key stands anywhere in the text."""
    return KEY.search(text) is not None


def _check(body: str) -> str:
    return _number(zlib.crc32(body.encode()), CHECK_LENGTH)


def _number(value: int, length: int) -> str:
    """The number in 62 digits, filled up with zeros."""
    digits = []
    for _ in range(length):
        value, digit = divmod(value, len(ALPHABET))
        digits.append(ALPHABET[digit])
    return "".join(reversed(digits))
