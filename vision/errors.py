"""What can go wrong while looking at a picture. The text of each error is one or two plain sentences for people.

VisionError
├── ImageError            the picture: the teacher must choose or save another
│   ├── NotAPicture       no picture at all, or of no kind that is read
│   ├── UnsupportedPicture  a kind that is read, in a form that is not
│   ├── DamagedPicture    it broke off or fell apart while it was decoded
│   └── PictureTooLarge   more pixels than are looked at
├── RedactionError        a place to cover lies outside the picture
├── ReleaseError          the safe file could not be made, or holds more than pixels
├── ModelError            a model file is missing, damaged or cannot be loaded: nothing can be checked
│   └── SandboxError      the process that looks at pictures cannot be started
├── DetectorError         the search for faces failed
├── EncoderError          the templates of faces could not be computed
├── ReaderError           the reading of text failed
├── BarcodeError          the search for QR codes and barcodes failed
└── WireError             the process that looks at pictures sent what it may not send
"""

from __future__ import annotations


class VisionError(Exception):
    """Looking at a picture failed."""


class ImageError(VisionError):
    """This picture cannot be read."""


class NotAPicture(ImageError):
    """The file is no picture, or of no kind that is read."""


class UnsupportedPicture(ImageError):
    """The kind is read, this form of it is not."""


class DamagedPicture(ImageError):
    """The picture is cut short or damaged."""


class PictureTooLarge(ImageError):
    """The picture has more pixels than are looked at."""


class RedactionError(VisionError):
    """A place to cover lies outside the picture."""


class ReleaseError(VisionError):
    """The safe file could not be made, or would hold more than pixels."""


class ModelError(VisionError):
    """A model file is missing, damaged or cannot be loaded."""


class SandboxError(ModelError):
    """The process that looks at pictures cannot be started: as with a missing model, nothing can be checked."""


class DetectorError(VisionError):
    """The search for faces failed."""


class EncoderError(VisionError):
    """The templates of faces could not be computed."""


class ReaderError(VisionError):
    """The reading of text in a picture failed."""


class BarcodeError(VisionError):
    """The search for QR codes and barcodes failed."""


class WireError(VisionError):
    """The process that looks at pictures sent what it may not send."""
