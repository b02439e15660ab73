"""The audit trail: what happened, as a chain that shows tampering; ids and codes, but nobody's name."""

from app.audit import register_changes as _register_changes
from app.audit.recording import acting, record
from app.audit.tags import AuditTag

__all__ = ["AuditTag", "acting", "record"]

_register_changes.install()
