"""Places that somebody wrote as numbers into a text: a caption with "51.50083, -0.12194" says where it was taken."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from vision.findings import MetadataItem, MetadataKind
from vision.metadata.items import item

_SEPARATED = re.compile(
    r"""(?<![\d.])(?<!\d,)(?<!\d,\s)(?<!\d\s)(?P<lat>[-+]?\d{1,2}\.\d{3,})\s*\N{DEGREE SIGN}?\s*[NS]?
    \s*[,;/ ]\s*
    (?P<lon>[-+]?\d{1,3}\.\d{3,})(?![\d.]|\s*,\s*[-+]?\d)""",
    re.IGNORECASE | re.VERBOSE,
)
_MINUTES = re.compile(
    r"""\d{1,3}\s*(?:\N{DEGREE SIGN}|deg)\s*\d{1,2}(?:\.\d+)?\s*['\u2032\u2019]
    [^A-Za-z]{0,12}[NSEW](?![A-Za-z])""",
    re.IGNORECASE | re.VERBOSE,
)


def coordinates(items: Iterable[MetadataItem]) -> Iterator[MetadataItem]:
    """An item of kind GPS for each text in which a place stands as numbers."""
    for piece in items:
        if piece.kind in (MetadataKind.GPS, MetadataKind.DATE, MetadataKind.THUMBNAIL):
            continue
        for found in (*_SEPARATED.finditer(piece.text), *_MINUTES.finditer(piece.text)):
            if _is_place(found):
                yield item(MetadataKind.GPS, piece.where, found.group().strip())
                break


def _is_place(found: re.Match[str]) -> bool:
    if found.re is _MINUTES:
        return True
    return abs(float(found["lat"])) <= 90 and abs(float(found["lon"])) <= 180
