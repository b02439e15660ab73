"""The network that computes descriptors, written as an ONNX model: the same numbers, for a faster runtime."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper

from vision.dlib_format import Floats
from vision.encoder_network import CHIP_SIDE, Kind, Network, TrainedLayer
from vision.errors import ModelError

INPUT, OUTPUT = "chips", "descriptors"
_OPSET, _FORMAT = 17, 8  # versions of the operators and of the file; in force since 2022
_LEVELS = 256.0  # dlib divides pixels by this


@dataclass(frozen=True, slots=True)
class _Flow:
    """What comes out of an operator: its name, and channels and side of the square pictures."""

    name: str
    channels: int
    side: int


class _Graph:
    """Operators and weights so far, and what has to be remembered on the way."""

    def __init__(self, network: Network) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.weights: list[onnx.TensorProto] = []
        self._layers = list(network.layers)
        self._mean = network.mean
        scaled = self._node("Transpose", self._node("Cast", INPUT, to=TensorProto.FLOAT), perm=[0, 3, 1, 2])
        self._flow = _Flow(scaled, 3, CHIP_SIDE)
        self._block_input = self._block_output = self._flow
        for number, trained in enumerate(self._layers):
            self._append(number, trained)

    def _append(self, number: int, trained: TrainedLayer) -> None:
        flow = self._flow
        match trained.layer.kind:
            case Kind.CONVOLUTION:
                self._flow = self._convolution(number, trained)
            case Kind.AFFINE:
                pass  # it is in the convolution before it
            case Kind.RELU:
                self._flow = _Flow(self._node("Relu", flow.name), flow.channels, flow.side)
            case Kind.LARGEST | Kind.MEAN:
                self._flow = self._pool(trained.layer.kind)
            case Kind.ADD:
                self._flow = self._sum(flow, self._block_output)
            case Kind.MEAN_OF_ALL:
                name = self._node("Flatten", self._node("GlobalAveragePool", flow.name), axis=1)
                self._flow = _Flow(name, flow.channels, 1)
            case Kind.DENSE if trained.weight is not None:
                self._node("MatMul", flow.name, self._weight(trained.weight.astype(np.float32)), output=OUTPUT)
            case _:
                self._remember(trained.layer.kind)

    def _remember(self, kind: Kind) -> None:
        if kind is Kind.REMEMBER:
            self._block_input = self._block_output = self._flow
        elif kind is Kind.REMEMBER_SECOND:
            self._block_output = self._flow
        else:
            self._flow = self._block_input

    def _convolution(self, number: int, trained: TrainedLayer) -> _Flow:
        flow, layer, padding = self._flow, trained.layer, trained.padding
        weight, bias = _with_affine(trained, self._layers[number + 1 : number + 2])
        if number == 0:
            weight, bias = _with_scaling(weight, bias, padding, self._mean)
        if weight.shape[1] != flow.channels:
            raise ModelError("The network cannot be converted: a convolution for another number of channels.")
        name = self._node(
            "Conv",
            *(flow.name, self._weight(weight.astype(np.float32)), self._weight(bias.astype(np.float32))),
            kernel_shape=[layer.size] * 2,
            strides=[layer.stride] * 2,
            pads=[padding] * 4,
        )
        return _Flow(name, layer.filters, (flow.side + 2 * padding - layer.size) // layer.stride + 1)

    def _pool(self, kind: Kind) -> _Flow:
        operator, size = ("MaxPool", 3) if kind is Kind.LARGEST else ("AveragePool", 2)
        name = self._node(operator, self._flow.name, kernel_shape=[size] * 2, strides=[2, 2])
        return _Flow(name, self._flow.channels, (self._flow.side - size) // 2 + 1)

    def _sum(self, one: _Flow, other: _Flow) -> _Flow:
        """Where one has fewer channels, rows or columns, zeros stand for those, after the ones it has."""
        channels, side = max(one.channels, other.channels), max(one.side, other.side)
        names = [self._widened(flow, channels, side) for flow in (one, other)]
        return _Flow(self._node("Add", *names), channels, side)

    def _widened(self, flow: _Flow, channels: int, side: int) -> str:
        if (flow.channels, flow.side) == (channels, side):
            return flow.name
        after = [0, channels - flow.channels, side - flow.side, side - flow.side]
        return self._node("Pad", flow.name, self._weight(np.array([0, 0, 0, 0, *after], np.int64)))

    def _weight(self, values: npt.NDArray[Any]) -> str:
        name = f"weight-{len(self.weights)}"
        self.weights.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def _node(self, operator: str, *inputs: str, output: str = "", **attributes: Any) -> str:
        name = output or f"{operator.lower()}-{len(self.nodes)}"
        self.nodes.append(helper.make_node(operator, list(inputs), [name], name=name, **attributes))
        return name


def to_onnx(network: Network) -> bytes:
    """An ONNX model: `chips` (n x 150 x 150 x 3, uint8, RGB) in, `descriptors` (n x 128, float32) out.

    Every convolution takes the affine layer after it into its own weights, and the first one the scaling of the pixels
    too, which is exact as it has no padding. Raises ModelError for a network that cannot be written so.
    """
    graph = _Graph(network)
    chips = helper.make_tensor_value_info(INPUT, TensorProto.UINT8, ["n", CHIP_SIDE, CHIP_SIDE, 3])
    outputs = network.layers[-1].layer.filters
    descriptors = helper.make_tensor_value_info(OUTPUT, TensorProto.FLOAT, ["n", outputs])
    whole = helper.make_graph(graph.nodes, "descriptors-of-faces", [chips], [descriptors], graph.weights)
    model = helper.make_model(
        whole, opset_imports=[helper.make_opsetid("", _OPSET)], ir_version=_FORMAT, producer_name="gatepost"
    )
    return bytes(model.SerializeToString(deterministic=True))


def _with_affine(trained: TrainedLayer, following: list[TrainedLayer]) -> tuple[Floats, Floats]:
    affine = following[0] if following else trained
    if affine.layer.kind is not Kind.AFFINE or affine.weight is None or affine.bias is None or trained.weight is None:
        raise ModelError("The network cannot be converted: a convolution without an affine layer.")
    bias = 0.0 if trained.bias is None or not trained.bias.size else trained.bias
    return trained.weight * affine.weight[:, None, None, None], np.asarray(bias * affine.weight + affine.bias)


def _with_scaling(
    weight: Floats, bias: Floats, padding: int, mean: tuple[float, float, float]
) -> tuple[Floats, Floats]:
    if padding:
        raise ModelError("The network cannot be converted: its first convolution has a padding.")
    scaled = weight / _LEVELS
    taken = scaled * np.array(mean)[:, None, None]
    # math.fsum rounds once, whatever the processor: the converted file is the same everywhere
    return scaled, np.array([value - math.fsum(part.ravel()) for value, part in zip(bias, taken, strict=True)])
