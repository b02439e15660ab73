"""Words that more than one page uses: days, counts, scopes, standings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from app.actors import Role
from consent.facts import LONDON, Scope, Standing


class Verbatim(str):
    """Text that must leave the page exactly as it came in: what a form field holds and sends back."""

    __slots__ = ()


# Characters that turn the direction of the text around them: shown as what they are not, they hide what a text says.
DIRECTION_CONTROLS = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)], "\N{REPLACEMENT CHARACTER}")


def shown(value: object) -> object:
    """What a template prints: text without characters that turn its direction; verbatim text and the rest as is."""
    return value.translate(DIRECTION_CONTROLS) if type(value) is str else value


ROLE_WORDS: Mapping[str, str] = {
    Role.TEACHER: "Teacher",
    Role.OFFICE: "School office",
    Role.LEAD: "Safeguarding lead",
    Role.ADMINISTRATOR: "Administrator",
}

SCOPES: Mapping[Scope, str] = {
    Scope.DISPLAY: "Walls and screens",
    Scope.NEWSLETTER: "Newsletter",
    Scope.PROSPECTUS: "Prospectus",
    Scope.WEBSITE: "Website",
    Scope.SOCIAL: "Social media",
    Scope.PRESS: "Press",
    Scope.VIDEO: "Video",
}

# "Never publish" reads as any other no: why a person may not be published is not for everybody who opens the page.
STANDINGS: Mapping[Standing, str] = {
    Standing.GIVEN: "Yes",
    Standing.NONE: "No answer",
    Standing.LAPSED: "Run out",
    Standing.WITHDRAWN: "Taken back",
    Standing.REFUSED: "No",
    Standing.OTHER_CHANNEL: "No answer",
    Standing.LEFT: "Left",
    Standing.NEVER: "No",
}


def day_words(day: date) -> str:
    """ "Friday 4 December 2026"."""
    return f"{day:%A} {day.day} {day:%B %Y}"


def moment_words(moment: datetime, today: date) -> str:
    """ "today, 14:03" or "Friday 4 December 2026, 14:03", in Europe/London."""
    local = moment.astimezone(LONDON)
    day = "today" if local.date() == today else day_words(local.date())
    return f"{day}, {local:%H:%M}"


def count(number: int, one: str, many: str | None = None) -> str:
    """ "1 picture", "3 pictures"."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def joined(parts: Sequence[str]) -> str:
    """ "a", "a and b", "a, b and c"."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} and {parts[-1]}"


def sentence(text: str) -> str:
    """The text with a capital at its start and a full stop at its end."""
    text = text.strip()
    if not text:
        return ""
    return text[0].upper() + text[1:] + ("" if text[-1] in ".!?" else ".")


def shortened(text: str, most: int = 60) -> str:
    """The text on one line, cut between words where it is long."""
    line = " ".join(text.split())
    if len(line) <= most:
        return line
    cut = line[:most].rsplit(" ", 1)[0]
    return f"{cut.rstrip(' ,.;:')}…"


def letters(index: int) -> str:
    """0: "A", 25: "Z", 26: "AA"."""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(ord("A") + rest) + name
    return name
