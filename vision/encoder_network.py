"""The network that computes descriptors, as dlib's file holds it: a residual network of 29 layers (King 2017).

He et al. 2016 (arXiv:1512.03385), with half as many filters. A file lists the versions of all layers from the last to
the first, then what goes in, then the layers themselves from the first to the last.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from vision.dlib_format import DlibReader, Floats

CHIP_SIDE = 150  # pixels


class Kind(StrEnum):
    CONVOLUTION = "convolution"
    AFFINE = "affine"  # a factor and a summand for each channel: a batch normalisation that has been trained
    RELU = "relu"
    LARGEST = "largest of 3 x 3"
    MEAN = "mean of 2 x 2"
    MEAN_OF_ALL = "mean of all"
    REMEMBER = "remember"  # the input of a block
    REMEMBER_SECOND = "remember second"  # the output of a block that halves the picture
    GO_BACK = "go back"  # to the input of the block
    ADD = "add"  # what was remembered, with zeros where it is smaller
    DENSE = "dense"


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer; a convolution has so many filters of size x size and moves by the stride."""

    kind: Kind
    filters: int = 0
    size: int = 0
    stride: int = 0


@dataclass(frozen=True, slots=True)
class TrainedLayer:
    """A layer with its weights, where it has any.

    `weight` is filters x channels x size x size, a factor per channel, or inputs x outputs. `bias` is one number per
    channel. `padding` is in pixels, on all sides.
    """

    layer: Layer
    weight: Floats | None = None
    bias: Floats | None = None
    padding: int = 0


@dataclass(frozen=True, slots=True)
class Network:
    """All layers in the order in which they work; `mean` (red, green, blue) is taken from each pixel first."""

    mean: tuple[float, float, float]
    layers: tuple[TrainedLayer, ...]


def _convolved(filters: int, size: int, stride: int) -> list[Layer]:
    return [Layer(Kind.CONVOLUTION, filters, size, stride), Layer(Kind.AFFINE)]


def block(filters: int) -> list[Layer]:
    """Two convolutions, whose input is added to their output."""
    first, second = _convolved(filters, 3, 1), _convolved(filters, 3, 1)
    return [Layer(Kind.REMEMBER), *first, Layer(Kind.RELU), *second, Layer(Kind.ADD), Layer(Kind.RELU)]


def halving_block(filters: int) -> list[Layer]:
    """The same with half as many pixels each way: the input is averaged before it is added."""
    first, second = _convolved(filters, 3, 2), _convolved(filters, 3, 1)
    back = [Layer(Kind.REMEMBER_SECOND), Layer(Kind.GO_BACK), Layer(Kind.MEAN), Layer(Kind.ADD), Layer(Kind.RELU)]
    return [Layer(Kind.REMEMBER), *first, Layer(Kind.RELU), *second, *back]


ARCHITECTURE: tuple[Layer, ...] = (
    *(*_convolved(32, 7, 2), Layer(Kind.RELU), Layer(Kind.LARGEST)),
    *(block(32) * 3),
    *(*halving_block(64), *block(64) * 3),
    *(*halving_block(128), *block(128) * 2),
    *(*halving_block(256), *block(256) * 2),
    *halving_block(256),
    *(Layer(Kind.MEAN_OF_ALL), Layer(Kind.DENSE, filters=128)),
)


def read(content: bytes, architecture: Sequence[Layer] = ARCHITECTURE) -> Network:
    """The network in a file of dlib's that was trained as metric (loss_metric); raises ModelError."""
    reader = DlibReader(content)
    reader.expect("the version of the loss", 1, reader.whole())
    reader.expect("the loss", "loss_metric_2", reader.word())
    reader.real()  # margin and threshold of the training
    reader.real()
    versions = [reader.whole() for _ in architecture][::-1]
    reader.expect("the input", "input_rgb_image_sized", reader.word())
    mean = (reader.real(), reader.real(), reader.real())
    reader.expect("the size of the input", (CHIP_SIDE, CHIP_SIDE), (reader.whole(), reader.whole()))
    layers = tuple(
        _layer(reader, layer, version, first=number == 0)
        for number, (layer, version) in enumerate(zip(architecture, versions, strict=True))
    )
    reader.expect("what is left over", 0, reader.left)
    return Network(mean, layers)


def _layer(reader: DlibReader, layer: Layer, version: int, *, first: bool) -> TrainedLayer:
    read_body = _BODIES.get(layer.kind)
    if read_body is None:
        reader.expect(f"the version of {layer.kind}", 1, version)
        return TrainedLayer(layer)
    allowed = (2, 3) if first else (1, 2)
    if version not in allowed:
        reader.refuse(f"the version of {layer.kind} is {version}")
    trained = read_body(reader, layer)
    for _ in range(3):
        reader.flag()  # how far the training had come
    reader.tensor()  # what the training left behind: gradient and last output
    reader.tensor()
    if version > 1:
        reader.tensor()
    if version > 2:
        reader.whole()
    return trained


def _convolution(reader: DlibReader, layer: Layer) -> TrainedLayer:
    word = _one_of(reader, layer, "con_4", "con_5", "con_6")
    numbers = reader.tensor().ravel()
    shape = tuple(reader.whole() for _ in range(5))
    wanted = (layer.filters, layer.size, layer.size, layer.stride, layer.stride)
    reader.expect("the shape of a convolution", wanted, shape)
    padding, other = reader.whole(), reader.whole()
    reader.expect("the padding of a convolution", padding, other)
    filters, biases = reader.alias(), reader.alias()
    _training_rates(reader)
    if word != "con_4":
        reader.expect("whether a convolution has a bias", math.prod(biases) > 0, reader.flag())
    if word == "con_6":
        reader.expect("a rectifier within a convolution", False, reader.flag())
    count = math.prod(filters)
    reader.expect("the weights of a convolution", count + math.prod(biases), numbers.size)
    return TrainedLayer(layer, numbers[:count].reshape(filters), numbers[count:], padding)


def _affine(reader: DlibReader, layer: Layer) -> TrainedLayer:
    word = _one_of(reader, layer, "affine_", "affine_2")
    numbers = reader.tensor().ravel()
    factors, summands = reader.alias(), reader.alias()
    reader.expect("the mode of an affine layer", 0, reader.whole())  # 0: for convolutions
    if word == "affine_2":
        reader.expect("an affine layer switched off", False, reader.flag())
    count = math.prod(factors)
    reader.expect("the weights of an affine layer", (count, 2 * count), (math.prod(summands), numbers.size))
    return TrainedLayer(layer, numbers[:count], numbers[count:])


def _relu(reader: DlibReader, layer: Layer) -> TrainedLayer:
    if _one_of(reader, layer, "relu_", "relu_2") == "relu_2":
        reader.expect("a rectifier switched off", False, reader.flag())
    return TrainedLayer(layer)


def _add(reader: DlibReader, layer: Layer) -> TrainedLayer:
    _one_of(reader, layer, "add_prev_")
    return TrainedLayer(layer)


def _pool(reader: DlibReader, layer: Layer) -> TrainedLayer:
    word, wanted = {
        Kind.LARGEST: ("max_pool_2", (3, 3, 2, 2, 0, 0)),
        Kind.MEAN: ("avg_pool_2", (2, 2, 2, 2, 0, 0)),
        Kind.MEAN_OF_ALL: ("avg_pool_2", (0, 0, 1, 1, 0, 0)),
    }[layer.kind]
    _one_of(reader, layer, word)
    reader.expect(str(layer.kind), wanted, tuple(reader.whole() for _ in range(6)))  # window, stride, padding
    return TrainedLayer(layer)


def _dense(reader: DlibReader, layer: Layer) -> TrainedLayer:
    word = _one_of(reader, layer, "fc_2", "fc_3")
    outputs, inputs = reader.whole(), reader.whole()
    reader.expect("the outputs of the dense layer", layer.filters, outputs)
    numbers = reader.tensor().ravel()
    reader.alias()
    reader.alias()
    reader.expect("the bias mode of the dense layer", 1, reader.whole())  # 1: none
    _training_rates(reader)
    if word == "fc_3":
        reader.flag()
    reader.expect("the weights of the dense layer", inputs * outputs, numbers.size)
    return TrainedLayer(layer, numbers.reshape(inputs, outputs))


_BODIES: dict[Kind, Callable[[DlibReader, Layer], TrainedLayer]] = {
    Kind.CONVOLUTION: _convolution,
    Kind.AFFINE: _affine,
    Kind.RELU: _relu,
    Kind.LARGEST: _pool,
    Kind.MEAN: _pool,
    Kind.MEAN_OF_ALL: _pool,
    Kind.ADD: _add,
    Kind.DENSE: _dense,
}


def _one_of(reader: DlibReader, layer: Layer, *words: str) -> str:
    word = reader.word()
    if word not in words:
        reader.refuse(f"{word!r} where {layer.kind} should be")
    return word


def _training_rates(reader: DlibReader) -> None:
    for _ in range(4):
        reader.real()  # learning rates and weight decay of filters and bias
