"""What holds in every test."""

from __future__ import annotations

from app import logs

logs.strict(True)  # a field that may not be logged raises, where production leaves it out
