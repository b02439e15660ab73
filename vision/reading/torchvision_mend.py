"""torchvision beside a torch for the processor only: from the package registry it comes built for CUDA."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any

_SCHEMA = "(Tensor dets, Tensor scores, float iou_threshold) -> Tensor"
_declared: list[Any] = []  # a declaration lasts as long as its library object


def import_torchvision() -> None:
    """Import torchvision, also where its compiled part does not load. Raises ImportError, or RuntimeError of torch's.

    It then describes two operators, for boxes that overlap, that nobody has declared, and its import fails. EasyOCR
    uses the layout of a network and no operator, so the declarations alone are made up for.
    """
    try:
        import_module("torchvision")
        return
    except RuntimeError as error:
        if "torchvision::" not in str(error):
            raise
    for name in [name for name in sys.modules if name.split(".")[0] == "torchvision"]:
        del sys.modules[name]
    library = import_module("torch").library.Library("torchvision", "FRAGMENT")
    for operator in ("nms", "qnms"):
        library.define(operator + _SCHEMA)
    _declared.append(library)
    import_module("torchvision")
