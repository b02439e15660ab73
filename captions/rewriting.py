"""The safe wording: put each finding's replacement in its place, and tidy what is left."""

from __future__ import annotations

import re
from collections.abc import Iterable

from captions.findings import Kind, TextFinding

_TIDY = (
    (re.compile(r"[#@](?=[\s,.;:!?)]|$)"), ""),
    (re.compile(r"\(\s*[,;]?\s*\)|\[\s*\]"), ""),
    (re.compile(r"[ \t]{2,}"), " "),
    (re.compile(r"[ \t]+([,.;:!?)])"), r"\1"),
    (re.compile(r"([,;:])(?:\s*[,;:])+"), r"\1"),
    (re.compile(r"[,;:]+([.!?])"), r"\1"),
    (re.compile(r"(?<=\()\s+"), ""),
    (re.compile(r"^[ \t,;]+|[ \t]+$", re.MULTILINE), ""),
)


def rewrite(text: str, findings: Iterable[TextFinding]) -> str:
    """The text with every finding replaced (or left out) that lies in it; the findings are those of one field."""
    out: list[str] = []
    at = 0
    for start, end, words in _merged(text, findings):
        out.append(text[at:start])
        out.append(words if words is not None else "")
        at = end
    out.append(text[at:])
    result = "".join(out)
    if at == 0:
        return result
    for pattern, instead in _TIDY:
        result = pattern.sub(instead, result)
    return result.strip()


def _merged(text: str, findings: Iterable[TextFinding]) -> list[tuple[int, int, str | None]]:
    """Spans in order, overlapping ones as one; a class or age stays as it is once nobody is named."""
    spans: list[tuple[int, int, str | None]] = []
    keeps = (Kind.CLASS_DETAIL, Kind.AGE)
    for finding in sorted(findings, key=lambda f: (f.start, -f.end)):
        if finding.kind in keeps or finding.start >= finding.end:
            continue
        if spans and finding.start < spans[-1][1]:
            start, end, words = spans[-1]
            spans[-1] = (start, max(end, finding.end), words)
        else:
            spans.append((finding.start, finding.end, finding.replacement))
    return [(start, _past_possessive(text, end, words), words) for start, end, words in spans]


def _past_possessive(text: str, end: int, words: str | None) -> int:
    """A name left out takes its possessive with it."""
    match = re.compile(r"['’]s\b").match(text, end)
    return match.end() if match and words is None else end
