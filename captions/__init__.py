"""Words in, findings out: `inspect` reads a draft's texts, `rewrite` proposes the safe wording."""

from captions.inspection import inspect
from captions.rewriting import rewrite

__all__ = ["inspect", "rewrite"]
