"""Logs: one line per event on standard error; never a caption, a name, a file name or a template."""

from __future__ import annotations

import logging


def set_up(quiet: bool = False) -> None:
    """Send the service's own log to standard error; `quiet` leaves out what went well."""
    handler = logging.StreamHandler()
    handler.setFormatter(_WithoutMessages("%(asctime)s %(levelname)s %(name)s %(message)s"))
    logger = logging.getLogger("gatepost")
    logger.handlers = [handler]
    logger.setLevel(logging.WARNING if quiet else logging.INFO)
    logger.propagate = False


class _WithoutMessages(logging.Formatter):
    """Says where an exception was raised and of what type, not its message: that may hold what a draft says."""

    def formatException(self, ei: object) -> str:
        if not isinstance(ei, tuple) or ei[0] is None:
            return ""
        lines, trace = [], ei[2]
        while trace is not None:
            code = trace.tb_frame.f_code
            lines.append(f"  {code.co_filename}:{trace.tb_lineno} {code.co_name}")
            trace = trace.tb_next
        return "\n".join([*lines, f"  {ei[0].__name__}"])
