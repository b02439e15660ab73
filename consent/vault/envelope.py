"""The envelope: AES-256-GCM under a data key, and the data key itself wrapped under a key-encryption key.

Every value is bound to its place: school, owner, table and column, row, and the data key's id. Bytes that are moved
elsewhere do not open there. Nonces are 96 random bits (NIST SP 800-38D, 8.2.2): a data key seals some thousand values
at most, where 2**32 are allowed. No database in here.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID, uuid4

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from consent.vault.errors import SealBroken

KEY_BYTES, NONCE_BYTES, TAG_BYTES = 32, 12, 16
MAGIC = b"GPsealed1\0"  # then the data key's id (16 bytes), the nonce, the ciphertext with its tag
HEADER = len(MAGIC) + 16
OVERHEAD = HEADER + NONCE_BYTES + TAG_BYTES  # bytes by which a sealed value is longer


class OwnerKind(StrEnum):
    """Whose a data key is. A person has two: FACE can be destroyed while what proves their answer stays."""

    FACE = "face"  # templates and reference photos
    PERSON = "person"  # scans of written answers
    DRAFT = "draft"
    SCHOOL = "school"  # secrets of the service: second factors, signing keys


@dataclass(frozen=True, slots=True)
class Owner:
    kind: OwnerKind
    school_id: str
    owner_id: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where a sealed value lies: `draft.caption` or another name of a place, and the id of its row."""

    column: str
    row_id: str


@dataclass(frozen=True, slots=True)
class DataKey:
    """An unwrapped data key; only ever in memory."""

    id: str  # the hexadecimal digits of a UUID
    owner: Owner
    secret: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class KeyEncryptionKey:
    secret: bytes = field(repr=False)

    @property
    def id(self) -> str:
        """A short hash: tells keys apart and gives nothing of them away."""
        return hashlib.sha256(b"gatepost key-encryption key\0" + self.secret).hexdigest()[:16]


def new_data_key(owner: Owner) -> DataKey:
    return DataKey(uuid4().hex, owner, secrets.token_bytes(KEY_BYTES))


def seal(key: DataKey, place: Place, plain: bytes) -> bytes:
    nonce = secrets.token_bytes(NONCE_BYTES)
    header = MAGIC + UUID(key.id).bytes
    return header + nonce + AESGCM(key.secret).encrypt(nonce, plain, _bound("sealed", key, place.column, place.row_id))


def opened(key: DataKey, place: Place, sealed: bytes) -> bytes:
    """What was sealed; SealBroken where it was not sealed with this key for this place."""
    if key_id_of(sealed, place.column) != key.id:
        raise SealBroken(place.column)
    nonce, rest = sealed[HEADER : HEADER + NONCE_BYTES], memoryview(sealed)[HEADER + NONCE_BYTES :]
    try:
        return AESGCM(key.secret).decrypt(nonce, rest, _bound("sealed", key, place.column, place.row_id))
    except InvalidTag:
        raise SealBroken(place.column) from None


def key_id_of(sealed: bytes, what: str = "The value") -> str:
    """The id of the data key that sealed these bytes; SealBroken where none did."""
    if not sealed.startswith(MAGIC) or len(sealed) < OVERHEAD:
        raise SealBroken(what)
    return sealed[len(MAGIC) : HEADER].hex()


def wrap(kek: KeyEncryptionKey, key: DataKey) -> bytes:
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + AESGCM(kek.secret).encrypt(nonce, key.secret, _bound("wrapped", key, kek.id))


def unwrap(kek: KeyEncryptionKey, key_id: str, owner: Owner, wrapped: bytes) -> DataKey:
    """The data key; SealBroken where this key did not wrap it for this owner."""
    bound = _bound("wrapped", DataKey(key_id, owner, b""), kek.id)
    try:
        secret = AESGCM(kek.secret).decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], bound)
    except (InvalidTag, ValueError):
        raise SealBroken(f"The data key {key_id}") from None
    return DataKey(key_id, owner, secret)


def _bound(purpose: str, key: DataKey, *more: str) -> bytes:
    """The associated data: each part with its length before it, so that no two lists of parts read the same."""
    parts = ("gatepost", purpose, key.owner.school_id, key.owner.kind.value, key.owner.owner_id, key.id, *more)
    return b"".join(len(part.encode()).to_bytes(4, "big") + part.encode() for part in parts)
