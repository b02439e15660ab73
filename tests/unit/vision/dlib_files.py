"""Writes values as dlib serialises them, so that the reader can be tried on small made-up files."""

from __future__ import annotations

import math
import struct
from collections.abc import Sequence
from typing import Any

import numpy as np

from vision.encoder_network import Kind, Layer

_NOTHING = (0, 0, 0, 0)


def whole(value: int) -> bytes:
    size = max(1, (abs(value).bit_length() + 7) // 8)
    return bytes([size | (0x80 if value < 0 else 0)]) + abs(value).to_bytes(size, "little")


def real(value: float) -> bytes:
    mantissa, exponent = math.frexp(value)
    return whole(int(mantissa * 2**24)) + whole(exponent - 24)


def word(value: str) -> bytes:
    return whole(len(value)) + value.encode("latin-1")


def alias(shape: Sequence[int]) -> bytes:
    return b"".join(map(whole, (1, *shape)))


def tensor(values: np.ndarray) -> bytes:
    shape = (*values.shape, 1, 1, 1, 1)[:4]
    flat = values.ravel().tolist()
    return b"".join(map(whole, (2, *shape))) + struct.pack(f"<{len(flat)}f", *flat)


def _empty() -> bytes:
    return b"".join(map(whole, (2, *_NOTHING)))


def _body(layer: Layer, weight: np.ndarray | None, bias: np.ndarray | None) -> bytes:
    rates = real(1.0) * 4
    match layer.kind:
        case Kind.CONVOLUTION:
            assert weight is not None
            assert bias is not None
            shape = (layer.filters, layer.size, layer.size, layer.stride, layer.stride)
            padding = 0 if layer.stride > 1 else layer.size // 2
            numbers = tensor(np.concatenate([weight.ravel(), bias.ravel()]))
            sizes = b"".join(map(whole, (*shape, padding, padding)))
            return word("con_4") + numbers + sizes + alias(weight.shape) + alias((1, bias.size, 1, 1)) + rates
        case Kind.AFFINE:
            assert weight is not None
            assert bias is not None
            each = alias((1, weight.size, 1, 1))
            return word("affine_") + tensor(np.concatenate([weight, bias])) + each + each + whole(0)
        case Kind.DENSE:
            assert weight is not None
            sizes = whole(weight.shape[1]) + whole(weight.shape[0])
            return (
                word("fc_2")
                + sizes
                + tensor(weight)
                + alias((*weight.shape, 1, 1))
                + alias(_NOTHING)
                + whole(1)
                + rates
            )
        case Kind.RELU:
            return word("relu_")
        case Kind.ADD:
            return word("add_prev_")
        case Kind.LARGEST:
            return word("max_pool_2") + b"".join(map(whole, (3, 3, 2, 2, 0, 0)))
        case Kind.MEAN:
            return word("avg_pool_2") + b"".join(map(whole, (2, 2, 2, 2, 0, 0)))
        case Kind.MEAN_OF_ALL:
            return word("avg_pool_2") + b"".join(map(whole, (0, 0, 1, 1, 0, 0)))
        case _:
            return b""


Weights = tuple[Any, Any]  # arrays, or None twice
UNTRAINED = (Kind.REMEMBER, Kind.REMEMBER_SECOND, Kind.GO_BACK)


def weights_for(architecture: Sequence[Layer], seed: int = 0) -> list[Weights]:
    """Small random weights that fit."""
    rng = np.random.default_rng(seed)
    found: list[Weights] = []
    channels, before = 3, 3  # now, and where the block began
    for layer in architecture:
        weight = bias = None
        if layer.kind is Kind.REMEMBER:
            before = channels
        elif layer.kind is Kind.CONVOLUTION:
            weight = rng.normal(0, 0.2, (layer.filters, channels, layer.size, layer.size))
            bias, channels = rng.normal(0, 0.1, layer.filters), layer.filters
        elif layer.kind is Kind.AFFINE:
            weight, bias = rng.uniform(0.5, 1.5, channels), rng.normal(0, 0.1, channels)
        elif layer.kind is Kind.ADD:
            channels = max(channels, before)
        elif layer.kind is Kind.DENSE:
            weight = rng.normal(0, 1, (channels, layer.filters))
        found.append((weight, bias))
    return found


def network_file(architecture: Sequence[Layer], weights: Sequence[Weights], mean: Sequence[float] = (1, 2, 3)) -> bytes:
    """A whole file: versions from the last layer to the first, the input, the layers from the first to the last."""
    parts = [whole(1), word("loss_metric_2"), real(0.04), real(0.6)]
    versions = [1] * len(architecture)
    versions[0] = 2
    parts += [whole(version) for version in reversed(versions)]
    parts += [word("input_rgb_image_sized"), *map(real, mean), whole(150), whole(150)]
    for number, (layer, (weight, bias)) in enumerate(zip(architecture, weights, strict=True)):
        if layer.kind in UNTRAINED:
            continue
        parts += [_body(layer, weight, bias), b"000", _empty(), _empty()]
        if number == 0:
            parts.append(_empty())
    return b"".join(parts)
