"""Showing where in a text something was found, and putting proposed words in its place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Span:
    """Characters `start` to `end` (exclusive) of a text, and the label or the words that belong to them."""

    start: int
    end: int
    words: str


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text; `labels` names the findings that lie in it, where they are told apart by labels."""

    text: str
    found: bool = False
    labels: str = ""


def marked(text: str, spans: Iterable[Span]) -> tuple[Piece, ...]:
    """The text cut into plain and marked pieces, in order; findings that overlap share one piece."""
    pieces: list[Piece] = []
    at = 0
    for start, end, labels in _clusters(text, spans):
        if start > at:
            pieces.append(Piece(text[at:start]))
        pieces.append(Piece(text[start:end], True, ", ".join(filter(None, labels))))
        at = end
    if at < len(text):
        pieces.append(Piece(text[at:]))
    return tuple(pieces)


def _clusters(text: str, spans: Iterable[Span]) -> list[tuple[int, int, list[str]]]:
    clusters: list[tuple[int, int, list[str]]] = []
    for span in sorted(spans, key=lambda each: (each.start, each.end)):
        start, end = max(0, span.start), min(len(text), span.end)
        if start >= end:
            continue
        if clusters and start < clusters[-1][1]:
            first, last, labels = clusters[-1]
            clusters[-1] = (first, max(last, end), [*labels, span.words])
        else:
            clusters.append((start, end, [span.words]))
    return clusters


def reworded(text: str, spans: Iterable[Span]) -> str:
    """The text with each span's words in its place; of spans that overlap, the first and longest is used."""
    parts: list[str] = []
    at = 0
    for span in sorted(spans, key=lambda each: (each.start, -each.end)):
        if span.start < at or not span.start < span.end <= len(text):
            continue
        parts += [text[at : span.start], span.words]
        at = span.end
    return "".join([*parts, text[at:]])
