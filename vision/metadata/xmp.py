"""What an XMP packet says: names, captions and places by what a property is called, everything else as it stands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from defusedxml import ElementTree

from vision.findings import MetadataItem, MetadataKind
from vision.metadata.items import MOST_UNPACKED, decoded, item

_NAMES = {
    *("PersonInImage", "PersonName", "PersonDisplayName", "Name", "creator", "Artist", "OwnerName", "CameraOwnerName"),
    *("CaptionWriter", "Photographer", "contributor", "ImageCreatorName", "ModelName", "PersonInImageName", "Author"),
    *("PersonEmailDigest", "PersonLiveIdCID", "PersonSourceID", "CreatorContactInfo", "By-line", "person"),
}
_CAPTIONS = {
    *(
        "title",
        "description",
        "subject",
        "Headline",
        "UserComment",
        "ImageDescription",
        "Keywords",
        "TagsList",
        "Title",
    ),
    *("hierarchicalSubject", "LastKeywordXMP", "LastKeywordIPTC", "CatalogSets", "AltTextAccessibility", "caption"),
    *(
        "ExtDescrAccessibility",
        "Instructions",
        "Category",
        "SupplementalCategories",
        "Label",
        "Event",
        "AuthorsPosition",
    ),
}
_COPYRIGHTS = {"rights", "Copyright", "Credit", "Source", "UsageTerms", "WebStatement", "Owner", "CopyrightOwnerName"}
_PLACES = {
    *("City", "State", "Country", "CountryName", "CountryCode", "Location", "Sublocation", "ProvinceState"),
    *("LocationShown", "LocationCreated", "LocationName", "WorldRegion"),
}
_SERIALS = {
    *("SerialNumber", "BodySerialNumber", "LensSerialNumber", "ImageUniqueID", "DocumentID", "InstanceID"),
    *("OriginalDocumentID", "documentID", "instanceID", "DigitalImageGUID"),
}
# What schemas that are not known call such things.
_CALLED = (
    (re.compile(r"copyright|rights|licen[sc]|credit", re.IGNORECASE), MetadataKind.COPYRIGHT),
    (re.compile(r"serial|guid|uuid|(unique|document|instance)id$", re.IGNORECASE), MetadataKind.SERIAL),
    (re.compile(r"latitude|longitude|^(lat|lon|long|lng)$|location|address", re.IGNORECASE), MetadataKind.GPS),
    (
        re.compile(
            r"person|people|creator(?!tool)|author|owner|artist|contact|e-?mail|phone|supplier|photographer|"
            r"^Ci[A-Z]|(given|first|last|family|full|user|nick)name|pupil|student|child",
            re.IGNORECASE,
        ),
        MetadataKind.NAME,
    ),
    (re.compile(r"caption|comment|descri|keyword|title|headline|tags?$|note", re.IGNORECASE), MetadataKind.CAPTION),
)
_PREVIEWS = {"image", "thumbnail", "Data"}  # xmpGImg:image and Google's embedded pictures, in base 64
_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_XML = "{http://www.w3.org/XML/1998/namespace}"
_NO_PROPERTY = {"xmpmeta", "xapmeta", "xmptk"}
_LONG = 1_000  # characters; longer values of these names are pictures, not words
_TAIL = re.compile(r"<\?xpacket end.*", re.DOTALL)


def xmp_items(packet: bytes) -> Iterator[MetadataItem]:
    """What a packet says, property by property; raises for XML that is broken, has a DTD or is too long."""
    if len(packet) > MOST_UNPACKED:
        raise ValueError("too long")
    text = _TAIL.sub("", decoded(packet)).strip("\x00\ufeff \r\n\t")
    yield from _walk(ElementTree.fromstring(text, forbid_dtd=True))


def _walk(root: Element) -> Iterator[MetadataItem]:
    """Every text and attribute under the name of the property that it belongs to."""
    waiting = [(root, "")]
    while waiting:
        element, parent = waiting.pop()
        own = parent if element.tag.startswith(_RDF) else _local(element.tag)
        for attribute, value in element.attrib.items():
            if attribute == f"{_RDF}resource":
                yield from _property(own, value)
            elif attribute == f"{_RDF}about" and value.strip():
                yield item(MetadataKind.SERIAL, "XMP about", value)
            elif not attribute.startswith((_RDF, _XML)):
                yield from _property(_local(attribute), value)
        if element.text and element.text.strip():
            yield from _property(own, element.text)
        if element.tail and element.tail.strip():
            yield from _property(parent or "text", element.tail)
        waiting.extend((child, own) for child in reversed(element))


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _property(name: str, value: str) -> Iterator[MetadataItem]:
    if name in _NO_PROPERTY or not value.strip():
        return
    kind = _kind(name)
    if name in _PREVIEWS and len(value) > _LONG:
        yield item(MetadataKind.THUMBNAIL, f"XMP {name}", f"{len(value) * 3 // 4:,} bytes")
    elif kind is not MetadataKind.OTHER or any(letter.isalpha() for letter in value):
        yield item(kind, f"XMP {name}", value)


def _kind(name: str) -> MetadataKind:
    for names, kind in (
        (_NAMES, MetadataKind.NAME),
        (_CAPTIONS, MetadataKind.CAPTION),
        (_COPYRIGHTS, MetadataKind.COPYRIGHT),
        (_PLACES, MetadataKind.GPS),
        (_SERIALS, MetadataKind.SERIAL),
    ):
        if name in names:
            return kind
    if name.startswith("GPS"):
        return MetadataKind.GPS
    if "Date" in name or "Time" in name:
        return MetadataKind.DATE
    for called, kind in _CALLED:
        if called.search(name):
            return kind
    return MetadataKind.OTHER
