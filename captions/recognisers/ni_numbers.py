"""National Insurance numbers: two letters, six digits and a last letter A to D."""

from __future__ import annotations

import re
from collections.abc import Iterator

from captions.findings import Kind
from captions.passages import Found
from captions.reading import Reading
from captions.recognisers.about import About, found, left_of

_GAP = r"[ \-._/]{0,2}"
_NINO = re.compile(rf"(?<![A-Za-z0-9])([A-Za-z]{_GAP}[A-Za-z]){_GAP}((?:[0-9OoIl]{_GAP}){{6}})([A-Da-d])?(?![a-z0-9])")
_SAID = re.compile(
    r"\b(?:ni(?:[ _]?(?:number|no|num))?|nino|n\.i\.|national[ _]insurance|insurance[ _](?:number|no))(?:\b|"
    r"_)[^\n]{0,30}$",
    re.IGNORECASE,
)
# HMRC, National Insurance Manual NIM39110: letters and prefixes that are not given out.
_NEVER_FIRST, _NEVER_SECOND = frozenset("DFIQUV"), frozenset("DFIQUVO")
_NOT_USED = frozenset({"BG", "GB", "KN", "NK", "NT", "TN", "ZZ"})
_SPECIMEN = "QQ"  # stands for a prefix on forms and in examples


def find(reading: Reading, about: About) -> Iterator[Found]:  # noqa: ARG001
    text = reading.folded.text
    for match in _NINO.finditer(text):
        prefix = re.sub(r"[^A-Za-z]", "", match.group(1)).upper()
        said = bool(_SAID.search(left_of(text, match.start(), 60)))
        whole = match.group(3) is not None and match.group(1).isupper() and sum(map(str.isdigit, match.group(2))) >= 5
        if said or (whole and (is_given_out(prefix) or prefix == _SPECIMEN)):
            why = f"'{match.group().strip()}' reads as a National Insurance number."
            evidence = "it is called so" if said else "its prefix is in use and its form fits"
            yield found(reading, Kind.NI_NUMBER, match, 0.95 if said else 0.85, why, None, evidence)


def is_given_out(prefix: str) -> bool:
    """Whether two capital letters begin National Insurance numbers."""
    return prefix[0] not in _NEVER_FIRST and prefix[1] not in _NEVER_SECOND and prefix not in _NOT_USED
