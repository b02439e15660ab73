"""An invented school for the tests of captions/: a register rich in names that are words."""

from __future__ import annotations

from captions.findings import FieldName, RegisteredName, SchoolProfile, TextField, TextFinding, TextFindings
from captions.inspection import inspect
from captions.register_names import RegisterNames


def pupil(
    person_id: str, given: str, family: str, known_as: str = "", year: str = "", class_name: str = ""
) -> RegisteredName:
    return RegisteredName(person_id, given, family, known_as, year=year, class_name=class_name)


PUPILS = (
    pupil("olivia", "Olivia", "Smith", year="Year 3", class_name="Robins"),
    pupil("niamh", "Niamh", "O'Hara", year="Year 5", class_name="Herons"),
    pupil("siobhan", "Siobhán", "Kavanagh", year="Year 2", class_name="Owls"),
    pupil("lukasz", "Łukasz", "Wójcik", year="Year 6", class_name="Eagles"),
    pupil("emeka", "Chukwuemeka", "Eze", "Emeka", year="Year 4", class_name="Swifts"),
    pupil("ella", "Ella", "van der Berg", year="Year 1", class_name="Kestrels"),
    pupil("zoe", "Zoë", "Lane-Fox", year="Year 5", class_name="Herons"),
    pupil("izzy", "Isabella", "Rossi", year="Year 4", class_name="Swifts"),
    pupil("mo1", "Mohammed", "Hussain", year="Year 3", class_name="Robins"),
    pupil("mo2", "Mohammed", "Hussain", "Mo", year="Year 5", class_name="Herons"),
    pupil("kai", "Kai", "Campbell", year="Year 2", class_name="Owls"),
    pupil("xinyi", "Xin Yi", "Tan", year="Year 1", class_name="Kestrels"),
    pupil("florence", "Florence", "Pemberton", "Flo", year="Year 4", class_name="Swifts"),
    pupil("ada", "Ada", "Yıldız", year="Year 3", class_name="Robins"),
    pupil("harry", "Harry", "Porter", year="Year 5", class_name="Herons"),
    pupil("mary", "Mary", "Costello", year="Year 2", class_name="Owls"),
    pupil("matilda", "Matilda", "Crossland", "Tilly", year="Year 3", class_name="Robins"),
    pupil("hope", "Hope", "Nkemelu", year="Year 4", class_name="Swifts"),
    pupil("grace", "Grace", "Hollis", year="Year 3", class_name="Robins"),
    pupil("poppy", "Poppy", "Field", year="Year 2", class_name="Owls"),
    pupil("summer", "Summer", "Rigby", year="Year 5", class_name="Herons"),
    pupil("april", "April", "Dunmore", year="Year 2", class_name="Owls"),
    pupil("jordan", "Jordan", "Baptiste", year="Year 6", class_name="Eagles"),
    pupil("will", "William", "Marsh", "Will", year="Year 6", class_name="Eagles"),
    pupil("rose", "Rose", "Abernethy", year="Reception", class_name="Wrens"),
    pupil("ruby", "Ruby", "Stott", year="Year 1", class_name="Kestrels"),
    pupil("art", "Arthur", "Gwynne", "Art", year="Year 5", class_name="Herons"),
    pupil("robin", "Robin", "Tranter", year="Year 4", class_name="Swifts"),
    pupil("om", "Om", "Trivedi", year="Year 1", class_name="Kestrels"),
    pupil("jackf", "Jack", "Frost", year="Year 1", class_name="Kestrels"),
    pupil("twin1", "Aarav", "Patel", year="Year 3", class_name="Robins"),
    pupil("twin2", "Aanya", "Patel", year="Year 3", class_name="Robins"),
    pupil("george", "George", "Ashworth", year="Year 5", class_name="Herons"),
)
STAFF = (
    RegisteredName("s1", "Helen", "Ashworth", title="Mrs", pupil=False),
    RegisteredName("s2", "Rose", "Calloway", title="Miss", pupil=False),
    RegisteredName("s3", "Idris", "Wynne-Parry", title="Mr", pupil=False),
)
REGISTER = RegisterNames.build([*PUPILS, *STAFF])
SCHOOL = SchoolProfile(
    name="Beckside Primary School",
    short_names=("Beckside", "Beckside Primary"),
    address="Station Lane, Otterby",
    postcode="YO98 9ZZ",
    phones=("01632 960111",),
    domain="beckside.otterby.sch.uk",
    emails=("office@beckside.otterby.sch.uk",),
    handles=("@BecksidePri",),
    hashtags=("#TeamBeckside",),
    classes={"Wrens": "Reception", "Kestrels": "Year 1", "Owls": "Year 2", "Robins": "Year 3", "Swifts": "Year 4"},
    approved_domains=("charity.example.org",),
)


def read(text: str, field: FieldName = FieldName.CAPTION) -> TextFindings:
    return inspect([TextField(field, text)], REGISTER, SCHOOL)


def findings(text: str, field: FieldName = FieldName.CAPTION) -> tuple[TextFinding, ...]:
    return read(text, field).findings


def shown(text: str, field: FieldName = FieldName.CAPTION) -> list[tuple[str, str]]:
    """Kind and words of each finding."""
    return [(finding.kind.value, text[finding.start : finding.end]) for finding in findings(text, field)]
