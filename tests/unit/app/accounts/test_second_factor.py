"""Codes of an authenticator app, each taken once, and recovery codes."""

from __future__ import annotations

from datetime import timedelta
from math import log2

import pyotp
import pytest
import zxingcpp
from PIL import Image, ImageDraw
from sqlmodel import Session

from app.accounts import second_factor
from app.accounts.tables import Account
from app.actors import Role
from tests.accounts import made_account
from tests.unit.app.accounts.conftest import AT

# RFC 6238, appendix B: the secret "12345678901234567890" and its codes, of which ours are the last six figures.
RFC_SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
HALF_MINUTE = timedelta(seconds=30)


@pytest.fixture
def account(session: Session, school: str) -> Account:
    account = made_account(session, school, Role.LEAD)
    account.totp_secret, account.totp_step = RFC_SECRET, None
    return account


def code_at(moment) -> str:
    return pyotp.TOTP(RFC_SECRET).at(moment)


@pytest.mark.parametrize(
    ("seconds", "code"), [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")]
)
def test_codes_are_those_of_the_standard(seconds: int, code: str) -> None:
    from datetime import UTC, datetime

    moment = datetime.fromtimestamp(seconds, UTC)
    assert second_factor.step_of(RFC_SECRET, code, moment) == seconds // 30


@pytest.mark.parametrize(
    ("late", "taken"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)], ids=lambda value: str(value)
)
def test_a_code_is_taken_half_a_minute_early_and_late_at_most(
    session: Session, account: Account, late: int, taken: bool
) -> None:
    assert second_factor.takes(session, account, code_at(AT), AT + late * HALF_MINUTE) == taken


def test_no_code_is_taken_twice_nor_one_from_before(session: Session, account: Account) -> None:
    assert second_factor.takes(session, account, code_at(AT), AT)
    assert not second_factor.takes(session, account, code_at(AT), AT)
    assert not second_factor.takes(session, account, code_at(AT - HALF_MINUTE), AT)
    assert second_factor.takes(session, account, code_at(AT + HALF_MINUTE), AT + HALF_MINUTE)


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "١٢٣٤٥٦", "000000", " "])
def test_what_is_no_code_is_not_taken(session: Session, account: Account, code: str) -> None:
    assert not second_factor.takes(session, account, code, AT)


def test_a_code_may_be_typed_with_a_gap(session: Session, account: Account) -> None:
    code = code_at(AT)
    assert second_factor.takes(session, account, f" {code[:3]} {code[3:]} ", AT)


def test_recovery_codes_stand_in_once_each_however_they_are_typed(session: Session, account: Account) -> None:
    codes = second_factor.new_recovery_codes(session, account)
    session.flush()
    assert len(set(codes)) == 10
    assert second_factor.takes(session, account, codes[0], AT)
    assert not second_factor.takes(session, account, codes[0], AT)
    assert second_factor.takes(session, account, codes[1].replace("-", " ").upper(), AT)
    assert second_factor.recovery_codes_left(session, account) == 8


def test_a_recovery_code_is_too_long_for_its_hash_to_be_guessed(session: Session, account: Account) -> None:
    code = second_factor.new_recovery_codes(session, account)[0].replace("-", "")
    assert set(code) <= set(second_factor.LETTERS)
    assert len(code) * log2(len(set(second_factor.LETTERS))) >= 112  # ASVS 5.0, 6.5.2


def test_new_recovery_codes_end_the_old_ones_and_nobody_elses(session: Session, school: str, account: Account) -> None:
    other = made_account(session, school, Role.LEAD)
    theirs = second_factor.new_recovery_codes(session, other)
    mine = second_factor.new_recovery_codes(session, account)
    second_factor.new_recovery_codes(session, account)
    session.flush()
    assert not second_factor.takes(session, account, mine[0], AT)
    assert not second_factor.takes(session, account, theirs[0], AT)
    assert second_factor.takes(session, other, theirs[0], AT)


def test_without_a_second_factor_no_code_is_taken(session: Session, account: Account) -> None:
    codes = second_factor.new_recovery_codes(session, account)
    session.flush()
    second_factor.remove(session, account)
    assert not second_factor.takes(session, account, codes[0], AT)
    assert not second_factor.takes(session, account, code_at(AT), AT)


def test_the_square_code_says_what_an_app_needs() -> None:
    """Drawn as the page draws it, and read by a reader of square codes."""
    address = second_factor.address_of(RFC_SECRET, "r.patel@wren.sch.uk")
    square = second_factor.square_code(address)
    picture = Image.new("L", (square.side, square.side), 255)
    draw = ImageDraw.Draw(picture)
    for row in square.path.removeprefix("M").removesuffix("Z").split("ZM"):
        start, across, *_ = row.replace("h", " h").split(" h")
        left, _, top = start.partition(" ")
        width, _, height = across.partition("v")
        high = int(height.partition("h")[0])
        draw.rectangle((int(left), int(top), int(left) + int(width) - 1, int(top) + high - 1), fill=0)
    (found,) = zxingcpp.read_barcodes(picture)
    assert found.text == address
    assert "secret=" + RFC_SECRET in address
    assert "issuer=Gatepost" in address
