"""The second factor: codes of an authenticator app (TOTP, RFC 6238), and recovery codes for when it is lost."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import pyotp
import zxingcpp
from sqlalchemy import delete
from sqlmodel import Session, col, select

from app.accounts.tables import Account, RecoveryCode
from consent.models import now

STEP_SECONDS = 30
SECRET_LENGTH = 32  # letters of base 32: 160 bits, as RFC 4226 wants it
BASE32 = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
LATE_STEPS = 1  # a code is taken in its own half minute and the ones beside it: RFC 6238, 5.2
RECOVERY_CODES = 10
RECOVERY_LENGTH = 24  # letters: 118 bits, which need no slow hash (ASVS 6.5.2: from 112)
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is taken for another
ISSUER = "Gatepost"


@dataclass(frozen=True, slots=True)
class SquareCode:
    """The dark modules as one SVG path, in a square of `side` units."""

    side: int
    path: str


def new_secret() -> str:
    return pyotp.random_base32(SECRET_LENGTH)


def address_of(secret: str, email: str) -> str:
    """What an authenticator app reads from the square code."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=ISSUER)


def square_code(address: str) -> SquareCode:
    """The square code that an authenticator app reads from the screen: drawn here, nobody is asked."""
    drawn = str(zxingcpp.create_barcode(address, zxingcpp.BarcodeFormat.QRCode, ec_level="M").to_svg(scale=4))
    side, path = re.search(r'width="(\d+)"', drawn), re.search(r'<path d="([MhvHVZz0-9 .-]+)"', drawn)
    if side is None or path is None:
        raise ValueError("the square code could not be drawn")
    return SquareCode(int(side[1]), path[1])


def step_of(secret: str, code: str, at: datetime, after: int | None = None) -> int | None:
    """The time step whose code this is, later than `after`; None where it is none near `at`."""
    digits = "".join(code.split())
    if len(digits) != 6 or not (digits.isascii() and digits.isdigit()):
        return None
    totp, step = pyotp.TOTP(secret), int(at.timestamp()) // STEP_SECONDS
    for near in range(step - LATE_STEPS, step + LATE_STEPS + 1):
        later = after is None or near > after
        if later and hmac.compare_digest(totp.generate_otp(near), digits):
            return near
    return None


def set_secret(account: Account, secret: str, step: int) -> None:
    """From now on the account needs codes of this secret; `step` is the one that proved that the app has it."""
    account.totp_secret, account.totp_step = secret, step


def remove(session: Session, account: Account) -> None:
    account.totp_secret = account.totp_step = None
    session.connection().execute(delete(RecoveryCode).where(col(RecoveryCode.account_id) == account.id))


def takes(session: Session, account: Account, code: str, at: datetime | None = None) -> bool:
    """Whether this is a code of the account's app, or one of its recovery codes; what is taken is never taken again."""
    moment = at or now()
    if account.totp_secret is None:
        return False
    step = step_of(account.totp_secret, code, moment, account.totp_step)
    if step is not None:
        account.totp_step = step
        return True
    return _takes_recovery_code(session, account, code, moment)


def new_recovery_codes(session: Session, account: Account) -> tuple[str, ...]:
    """Ten new codes in place of any earlier ones; only their hashes are kept."""
    session.flush()
    session.connection().execute(delete(RecoveryCode).where(col(RecoveryCode.account_id) == account.id))
    codes = tuple("".join(secrets.choice(LETTERS) for _ in range(RECOVERY_LENGTH)) for _ in range(RECOVERY_CODES))
    session.add_all(RecoveryCode(account_id=account.id, code_sha256=_hashed(account, code)) for code in codes)
    return tuple("-".join(code[at : at + 4] for at in range(0, RECOVERY_LENGTH, 4)) for code in codes)


def recovery_codes_left(session: Session, account: Account) -> int:
    return len(_unused(session, account))


def _takes_recovery_code(session: Session, account: Account, code: str, at: datetime) -> bool:
    given = _hashed(account, "".join(each for each in code.casefold() if each.isalnum()))
    for row in _unused(session, account):
        if hmac.compare_digest(row.code_sha256, given):
            row.used_at = at
            return True
    return False


def _unused(session: Session, account: Account) -> Sequence[RecoveryCode]:
    mine = select(RecoveryCode).where(RecoveryCode.account_id == account.id, col(RecoveryCode.used_at).is_(None))
    return session.exec(mine).all()


def _hashed(account: Account, code: str) -> str:
    """So much chance needs no slow hash; the account's id keeps equal codes of two people apart."""
    return hashlib.sha256(f"{account.id}:{code}".encode()).hexdigest()
