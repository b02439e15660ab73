"""A fake tagger for tests: it knows the names it is told."""

from __future__ import annotations

import re
from dataclasses import dataclass

from captions.tagger import PersonSpan, TaggerError


@dataclass(frozen=True, slots=True)
class FakePersonTagger:
    """Tags the given names wherever they stand as whole words; raises TaggerError on `fails_on`."""

    names: tuple[str, ...]
    fails_on: str = ""
    score: float = 0.9

    def tag(self, text: str) -> tuple[PersonSpan, ...]:
        if self.fails_on and self.fails_on in text:
            raise TaggerError("the fake was told to fail here")
        spans = [
            PersonSpan(match.start(), match.end(), self.score)
            for name in self.names
            for match in re.finditer(rf"\b{re.escape(name)}\b", text)
        ]
        return tuple(sorted(spans, key=lambda span: span.start))
