"""Looking for planted words in whatever was written, in every form in which they may have got there."""

from __future__ import annotations

import base64
import json
import struct
from collections.abc import Iterable, Mapping
from urllib.parse import quote


def forms(word: str) -> set[bytes]:
    """A word as text of the usual encodings, in JSON, in an address, in base64 at each offset, and in hexadecimal."""
    plain = word.encode()
    found = {plain, plain.lower(), word.encode("utf-16-le"), word.encode("utf-16-be"), plain.hex().encode()}
    found |= {json.dumps(word)[1:-1].encode(), quote(word, safe="").encode()}
    for offset in range(3):  # what its neighbours decide is cut off at both ends
        spelt = base64.b64encode(b"\0" * offset + plain + b"\0" * 3)
        found.add(spelt[4 if offset else 0 : (len(plain) + offset) // 3 * 4])
    return {each for each in found if len(each) >= 6}


def template_forms(numbers: Iterable[float]) -> set[bytes]:
    """A template as single or double precision of either order, and as written numbers."""
    values = list(numbers)
    packed = {struct.pack(f"{order}{len(values)}{kind}", *values) for order in "<>" for kind in "fd"}
    return packed | {", ".join(map(repr, values)).encode(), ",".join(map(repr, values)).encode()}


def found_in(places: Mapping[str, Mapping[str, bytes]], wanted: Mapping[str, set[bytes]]) -> set[tuple[str, str]]:
    """Which canary is in which place; letters of either case count as the same."""
    hits = set()
    for place, files in places.items():
        for content in files.values():
            lower = content.lower()
            hits |= {
                (canary, place)
                for canary, each in wanted.items()
                if any(form in content or form.lower() in lower for form in each)
            }
    return hits
