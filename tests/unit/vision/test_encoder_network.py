"""Reading the network from dlib's file and writing it as ONNX, tried on a small made-up network."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import onnx
import pytest
from numpy.lib.stride_tricks import sliding_window_view
from onnx.reference import ReferenceEvaluator

from tests.unit.vision.dlib_files import network_file, weights_for
from vision.encoder_network import ARCHITECTURE, CHIP_SIDE, Kind, Layer, block, halving_block, read
from vision.encoder_onnx import to_onnx
from vision.errors import ModelError
from vision.images import Pixels

STEM = [Layer(Kind.CONVOLUTION, 2, 9, 8), Layer(Kind.AFFINE), Layer(Kind.RELU), Layer(Kind.LARGEST)]
SMALL = (*STEM, *block(2), *halving_block(3), Layer(Kind.MEAN_OF_ALL), Layer(Kind.DENSE, filters=4))
WEIGHTS = weights_for(SMALL)
FILE = network_file(SMALL, WEIGHTS)
CHIPS = np.random.default_rng(3).integers(0, 256, (2, CHIP_SIDE, CHIP_SIDE, 3), dtype=np.uint8)


Floats = npt.NDArray[np.float64]


def convolved(x: Floats, weight: Floats, bias: Floats, stride: int, padding: int) -> Floats:
    x = np.pad(x, ((0, 0), (padding, padding), (padding, padding)))
    windows = sliding_window_view(x, weight.shape[2:], axis=(1, 2))[:, ::stride, ::stride]
    return np.asarray(np.einsum("chwij,ncij->nhw", windows, weight) + bias[:, None, None])


def pooled(x: Floats, size: int) -> Floats:
    return sliding_window_view(x, (size, size), axis=(1, 2))[:, ::2, ::2]


def added(one: Floats, other: Floats) -> Floats:
    total = np.zeros(np.maximum(one.shape, other.shape))
    for part in (one, other):
        total[tuple(slice(size) for size in part.shape)] += part
    return total


def by_the_book(chip: Pixels) -> Floats:
    """What dlib would compute for the small network, layer by layer."""
    weights = iter([(weight, bias) for weight, bias in WEIGHTS if weight is not None])

    def block_of_two(x: Floats, stride: int) -> Floats:
        x = convolved(x, *next(weights), stride=stride, padding=2 - stride)
        x = np.maximum(affine(x), 0)
        return affine(convolved(x, *next(weights), stride=1, padding=1))

    def affine(x: Floats) -> Floats:
        factor, summand = next(weights)
        return np.asarray(x * factor[:, None, None] + summand[:, None, None])

    x = (chip.transpose(2, 0, 1) - np.array([1.0, 2.0, 3.0])[:, None, None]) / 256
    x = np.maximum(affine(convolved(x, *next(weights), stride=8, padding=0)), 0)
    x = pooled(x, 3).max(axis=(3, 4))
    x = np.maximum(added(block_of_two(x, 1), x), 0)
    x = np.maximum(added(block_of_two(x, 2), pooled(x, 2).mean(axis=(3, 4))), 0)
    return np.asarray(x.mean(axis=(1, 2)) @ next(weights)[0])


def test_the_converted_network_computes_what_its_layers_say() -> None:
    model = onnx.load_from_string(to_onnx(read(FILE, SMALL)))
    onnx.checker.check_model(model)

    (found,) = ReferenceEvaluator(model).run(None, {"chips": CHIPS})

    assert np.allclose(found, [by_the_book(chip) for chip in CHIPS], rtol=1e-4, atol=1e-4)


def test_the_same_network_gives_the_same_bytes() -> None:
    assert to_onnx(read(FILE, SMALL)) == to_onnx(read(FILE, SMALL))


def test_the_weights_are_where_the_file_has_them() -> None:
    network = read(FILE, SMALL)

    assert network.mean == (1.0, 2.0, 3.0)
    assert [trained.layer for trained in network.layers] == list(SMALL)
    for trained, (weight, bias) in zip(network.layers, WEIGHTS, strict=True):
        for found, written in ((trained.weight, weight), (trained.bias, bias)):
            assert (found is None) is (written is None)
            if found is not None and written is not None:
                assert np.allclose(found, written)


def test_the_architecture_has_29_convolutions_and_gives_128_numbers() -> None:
    assert [layer.kind for layer in ARCHITECTURE].count(Kind.CONVOLUTION) == 29
    assert ARCHITECTURE[-1] == Layer(Kind.DENSE, filters=128)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(FILE[:-1], id="cut short"),
        pytest.param(FILE + b"0", id="something after the end"),
        pytest.param(FILE.replace(b"loss_metric_2", b"loss_binary_2"), id="another loss"),
        pytest.param(FILE.replace(b"affine_", b"batch__"), id="another layer"),
        pytest.param(FILE.replace(b"max_pool_2", b"avg_pool_2"), id="another pooling"),
    ],
)
def test_another_network_is_refused(content: bytes) -> None:
    with pytest.raises(ModelError, match="cannot be read"):
        read(content, SMALL)


def test_another_architecture_is_refused() -> None:
    with pytest.raises(ModelError, match="cannot be read"):
        read(FILE, (*STEM, *block(2), *block(3), Layer(Kind.MEAN_OF_ALL), Layer(Kind.DENSE, filters=4)))


@pytest.mark.parametrize(
    "architecture",
    [
        pytest.param((Layer(Kind.CONVOLUTION, 2, 9, 8), Layer(Kind.RELU)), id="a convolution without its affine layer"),
        pytest.param((Layer(Kind.CONVOLUTION, 2, 3, 1), Layer(Kind.AFFINE)), id="a first convolution with padding"),
    ],
)
def test_what_cannot_be_written_exactly_is_refused(architecture: tuple[Layer, ...]) -> None:
    network = read(network_file(architecture, weights_for(architecture)), architecture)

    with pytest.raises(ModelError, match="cannot be converted"):
        to_onnx(network)
