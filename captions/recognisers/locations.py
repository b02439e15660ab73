"""Where children are at this moment: "right now at the museum", "we are at the pool until 3pm"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from captions.findings import Kind
from captions.passages import Found
from captions.reading import Reading
from captions.recognisers.about import About, found
from captions.recognisers.places import TIME, place_in

_GROUP = (
    r"(?:we|they|he|she|children|pupils|class|classes|group|team|squad|choir|everyone|everybody|year (?:\d|\w+)|y\d|"
    r"reception|nursery)"
)
_WHO = rf"(?:{_GROUP}|[A-Z][a-z]+s?)"
_NOW = re.compile(
    r"\b(?:right now|at (?:this|the) (?:very )?(?:moment|minute)|this (?:very )?(?:moment|minute|second)|just now|"
    r"as we (?:speak|type|write|post)|"
    r"currently|live (?:from|at)|as I (?:type|write|post)|at present)\b",
    re.IGNORECASE,
)
_STILL = re.compile(
    rf"\b{_WHO}(?:'re| are| is|'s)(?: all| both| still| now| here| out| away| currently| on (?:our|their) way| on "
    rf"the coach| on the train| waiting| stuck"
    r"| having lunch| enjoying| safely| settled| staying)*\b",
    re.IGNORECASE,
)
_UNTIL = re.compile(
    r"\b(?:until|till|til|before (?:we|they) (?:leave|set off|head)|back (?:at|by|in school)|then home|here "
    r"(?:until|till|for))\b",
    re.IGNORECASE,
)
_WAITS = re.compile(
    rf"\b{_WHO}(?:'re| are| is|'s)(?: all| both| still| now)* (?:waiting|standing|sitting|queueing|queuing|"
    rf"sheltering|stuck|camping|staying)\b[^.!?\n]{{0,40}}"
    r"\b(?:now|right now|at the moment|tonight|until|till)\b|\bwaiting (?:alone )?(?:at|by|outside|"
    r"for)\b[^.!?\n]{0,40}\b(?:now|right now|at the moment)\b",
    re.IGNORECASE,
)
_ARRIVED = re.compile(
    rf"\b{_WHO}(?:'ve| have| has)(?: all| both| now)* (?:just |safely |now )*(?:just|safely) (?:arrived|landed|got|"
    rf"reached|checked in|set off|left)\b|"
    rf"\b(?:just|safely) arrived (?:at|in)\b|\b{_WHO}(?:'re| are| is)(?: all| now)* on (?:our|the|their) (?:way|"
    rf"coach|train|bus|minibus)\b",
    re.IGNORECASE,
)
_NO_CHILD = re.compile(
    r"\b(?:parcel|books?|delivery|order|uniform|letters?|tickets?|website|building|builders?|work|roof|eggs|chicks|"
    r"caterpillars|plants?|seeds|"
    r"reading|learning about|studying|working on|on display|vacanc\w+|recruiting|available|weather|closed|open|"
    r"collecting)\b",
    re.IGNORECASE,
)
_PAST = re.compile(
    r"\b(?:was|were|had|went|visited|yesterday|last (?:week|term|year|month|night)|on (?:mon|tues|wednes|thurs|"
    r"fri)day we)\b",
    re.IGNORECASE,
)

_OF_CHILDREN = re.compile(rf"\b{_GROUP}\b", re.IGNORECASE)
_NEAR = 60  # characters between the place and the words that say it is now


def find(reading: Reading, about: About) -> Iterator[Found]:
    text = reading.folded.text
    for start, end in reading.sentences:
        sentence = text[start:end]
        said = _said(sentence)
        if said is None or _NO_CHILD.search(sentence) or _PAST.search(sentence):
            continue
        if not (_OF_CHILDREN.search(sentence) or about.named_in(start, end)):
            continue
        place = place_in(sentence, about, bare=False)
        if place is None or max(said[0], place[0]) - min(said[1], place[1]) > _NEAR:
            continue
        span = start + min(said[0], place[0]), start + max(said[1], place[1])
        why = f"'{' '.join(text[slice(*span)].split())}' says where children are at this moment."
        yield found(reading, Kind.LOCATION, span, 0.75, why, None, "a place, and words that say it is now")


def _said(sentence: str) -> tuple[int, int] | None:
    """The words that say it is now."""
    for pattern in (_WAITS, _NOW, _ARRIVED):
        match = pattern.search(sentence)
        if match:
            return match.span()
    still, until = _STILL.search(sentence), _UNTIL.search(sentence)
    if still and until and still.start() < until.start() and TIME.search(sentence, until.start()):
        return still.start(), until.end()
    return None
