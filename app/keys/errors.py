"""What is said of keys that do not fit, and of callers who ask too much."""

from __future__ import annotations

from app.actors import KeyScope
from app.errors import NotAllowed, NotSignedIn, ServiceError

REALM = 'Bearer realm="Gatepost"'


class NoKey(NotSignedIn):
    """A request to the API without a key; RFC 6750 gives it no error code."""

    headers = {"WWW-Authenticate": REALM}  # noqa: RUF012


class WrongKey(NotSignedIn):
    """A key that is unknown, expired or revoked: which of them is not told."""

    type = "invalid-key"
    title = "This key is not in force"
    headers = {"WWW-Authenticate": f'{REALM}, error="invalid_token"'}  # noqa: RUF012


class ScopeMissing(NotAllowed):
    type = "scope-missing"
    title = "This key may not do that"

    def __init__(self, scope: KeyScope) -> None:
        super().__init__(
            f"This key may not do that: it needs the scope {scope}. Ask the administrator for a key that has it."
        )
        self.headers = {"WWW-Authenticate": f'{REALM}, error="insufficient_scope", scope="{scope}"'}


class KeyInAddress(ServiceError):
    """A key where logs and histories keep it."""

    status_code = 400
    type = "key-in-address"
    title = "A key does not belong there"
    headers = {"WWW-Authenticate": f'{REALM}, error="invalid_request"'}  # noqa: RUF012


class KeyNotInForce(ServiceError):
    status_code = 409
    type = "key-not-in-force"
    title = "This key is over"


class TooMany(ServiceError):
    """A quota is used up. `seconds`: until it begins anew."""

    status_code = 429
    type = "too-many"
    title = "Too many in too short a time"

    def __init__(self, detail: str, seconds: int) -> None:
        super().__init__(detail)
        self.headers = {"Retry-After": str(max(seconds, 1))}
