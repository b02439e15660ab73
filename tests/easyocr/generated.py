"""Weights of the right layout for EasyOCR's real code: random numbers from a seed, and two layers made to answer."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from vision import weights
from vision.findings import Box
from vision.images import Pixels
from vision.reading.torchvision_mend import import_torchvision

SAYS = "A"
DRAWN = (Box(40, 60, 290, 125), Box(260, 345, 500, 405))  # the two lines of `drawn`


def generate(folder: Path) -> None:
    """Write both files. The search finds roughly where something is drawn; the reader reads SAYS in every place."""
    import_torchvision()
    import torch
    from easyocr.config import recognition_models
    from easyocr.craft import CRAFT
    from easyocr.model.vgg_model import Model

    folder.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(20261)
    craft = CRAFT(pretrained=False)
    characters = recognition_models["gen2"]["english_g2"]["characters"]
    reader = Model(input_channel=1, output_channel=256, hidden_size=256, num_class=len(characters) + 1)
    _finds_dark_places(craft)
    with torch.no_grad():
        reader.Prediction.bias[characters.index(SAYS) + 1] += 30
    for network, file in ((craft, weights.CRAFT), (reader, weights.ENGLISH)):
        torch.save({f"module.{key}": value for key, value in network.state_dict().items()}, folder / file.file)


def believe_in(folder: Path) -> None:
    """Take the files in the folder for those that EasyOCR published, here and in EasyOCR's own table."""
    import_torchvision()
    from easyocr import config

    craft, english = (replace(file, md5=weights.md5_of(folder / file.file)) for file in weights.EASYOCR)
    weights.EASYOCR = (craft, english)
    config.detection_models["craft"]["md5sum"] = craft.md5
    config.recognition_models["gen2"]["english_g2"]["md5sum"] = english.md5


def drawn() -> Pixels:
    """A picture of two lines (RGB)."""
    pixels = np.full((480, 640, 3), 255, np.uint8)
    cv2.putText(pixels, "Ava Lee", (40, 120), cv2.FONT_HERSHEY_SIMPLEX, 2.0, (0, 0, 0), 5)
    cv2.putText(pixels, "Class 3B", (260, 400), cv2.FONT_HERSHEY_SIMPLEX, 1.8, (0, 0, 0), 5)
    return pixels


def _finds_dark_places(craft: Any) -> None:
    """Fit the last layer to one drawn picture (least squares), so that the search finds about what is drawn there."""
    import torch
    from easyocr.imgproc import normalizeMeanVariance

    pixels = drawn()
    shown = torch.from_numpy(normalizeMeanVariance(pixels).transpose(2, 0, 1)[None])
    ink = cv2.dilate(255 - pixels[:, :, 0], np.ones((25, 41), np.uint8))
    wanted = torch.from_numpy(cv2.resize(ink, (320, 240)).reshape(-1).astype(np.float32) / 255)
    for part in craft.modules():
        if isinstance(part, torch.nn.BatchNorm2d):
            part.momentum = None  # the statistics of this one picture
    with torch.no_grad():
        craft.train()(shown)
        seen: list[Any] = []
        last = craft.conv_cls[-1]
        watching = last.register_forward_pre_hook(lambda _, given: seen.append(given[0]))
        craft.eval()(shown)
        watching.remove()
        features = seen[0][0].flatten(1).T
        known = torch.cat([features, torch.ones(len(features), 1)], dim=1).double()
        fitted = torch.linalg.lstsq(known, wanted[:, None].double(), driver="gelsd").solution.float()
        last.weight[:] = fitted[:-1, 0].reshape(1, -1, 1, 1)
        last.bias[:] = fitted[-1, 0]
