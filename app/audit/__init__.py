"""The audit trail: append only, chained, checkpointed, and without anybody's name in it."""

from app.audit.trail import record as record
