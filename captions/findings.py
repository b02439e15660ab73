"""What reading a draft's words found: plain data. Offsets are into the original text, end exclusive."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class FieldName(StrEnum):
    CAPTION = "caption"
    ALT = "alt"
    HASHTAGS = "hashtags"
    FILENAME = "filename"
    OCR = "ocr"  # one line read in a picture
    BARCODE = "barcode"  # what a QR code or barcode in a picture says
    HIDDEN = "hidden"  # one line read in a picture inside the file that nobody sees
    METADATA = "metadata"


class Kind(StrEnum):
    PUPIL_NAME = "pupil_name"
    PERSON_NAME = "person_name"
    PHONE = "phone"
    EMAIL = "email"
    POSTCODE = "postcode"
    ADDRESS = "address"
    DOB = "dob"
    AGE = "age"
    UPN = "upn"
    NHS = "nhs"
    NI_NUMBER = "ni"  # National Insurance
    PASSPORT = "passport"  # the number of a passport, or of a paper like one
    HANDLE = "handle"
    VEHICLE = "vehicle"
    MEDICAL = "medical"
    LINK = "link"
    ROUTINE = "routine"
    LOCATION = "location"  # where children are at this moment
    CLASS_DETAIL = "class_detail"
    LANGUAGE = "language"  # wording unfit for a school account
    CODE = "code"  # a QR code or barcode that holds a secret, or of which nobody can say what it means


@dataclass(frozen=True, slots=True)
class TextField:
    """One piece of the draft's text.

    `picture` counts from 1 (None: the whole draft's); `part` is the index of the OCR line, metadata item, barcode or
    hidden picture. `box` is where an OCR line stands (left, top, right, bottom in pixels). `another`: it is a further
    reading of the line before it, of which only one can be right. `symbology` is a barcode's ("EAN-13").
    """

    name: FieldName
    text: str
    picture: int | None = None
    part: int | None = None
    box: tuple[int, int, int, int] | None = None
    another: bool = False
    symbology: str = ""


@dataclass(frozen=True, slots=True)
class TextFinding:
    """One name or detail found in `fields[field_index]`, characters `start` to `end` of the original text.

    `pupils` holds the ids of the pupils it may mean (most likely first), for Kind.PUPIL_NAME only. `score` is 0 to 1;
    `why` is one plain sentence; `replacement` keeps the sentence natural, or is None. `recogniser` names what found it
    ("register", "tagger", "links", or a module of captions.recognisers), `evidence` what spoke for it. `doubtful`: it
    may be a word or somebody else, and only a person can say; it blocks until then.
    """

    field_index: int
    kind: Kind
    start: int
    end: int
    score: float
    why: str
    pupils: tuple[str, ...] = ()
    replacement: str | None = None
    recogniser: str = ""
    evidence: tuple[str, ...] = ()
    doubtful: bool = False


@dataclass(frozen=True, slots=True)
class TextProblem:
    """A field that could not be read in full (too long, say): it is not clear. `because` is one plain sentence."""

    field_index: int
    because: str


@dataclass(frozen=True, slots=True)
class TextFindings:
    findings: tuple[TextFinding, ...] = ()
    problems: tuple[TextProblem, ...] = ()


@dataclass(frozen=True, slots=True)
class RegisteredName:
    """One person's names as the register holds them; `person_id` is opaque. Pupils are matched, staff let through."""

    person_id: str
    given: str
    family: str
    known_as: str = ""
    other_names: str = ""
    title: str = ""  # staff: "Mr", "Mrs", "Dr"
    year: str = ""  # "Year 3"
    class_name: str = ""
    pupil: bool = True


@dataclass(frozen=True, slots=True)
class SchoolProfile:
    """The school's own public details, which are allowed in any post."""

    name: str
    short_names: tuple[str, ...] = ()
    address: str = ""
    postcode: str = ""
    phones: tuple[str, ...] = ()
    domain: str = ""
    emails: tuple[str, ...] = ()
    handles: tuple[str, ...] = ()
    hashtags: tuple[str, ...] = ()
    classes: dict[str, str] = field(default_factory=dict)  # class name -> year
    approved_domains: tuple[str, ...] = ()  # sites the school has approved for links
