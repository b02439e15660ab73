"""The recogniser's ONNX graph as a torch module, every weight of which can be trained."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import onnx
import torch
import torch.nn.functional as nnf
from onnx import numpy_helper
from torch import Tensor, nn

FEATURES = "p2o.pd_op.transpose.8.0"  # frames x 120 features, before the layer that names characters
HEAD_WEIGHT, HEAD_BIAS = "linear_8.w_0", "linear_8.b_0"


class Graph(nn.Module):  # type: ignore[misc]
    """Executes an ONNX graph node by node, up to the value `output`; its floating-point constants are parameters."""

    def __init__(self, path: Path, output: str) -> None:
        super().__init__()
        model = onnx.load(str(path))
        self.input, self.output = model.graph.input[0].name, output
        self.keys: dict[str, str] = {}
        self.nodes: list[tuple[str, list[str], str, dict[str, Any]]] = []
        for constant in model.graph.initializer:
            self._keep(constant.name, numpy_helper.to_array(constant))
        for node in model.graph.node:
            settings = {each.name: onnx.helper.get_attribute_value(each) for each in node.attribute}
            if node.op_type == "Constant":
                self._keep(node.output[0], numpy_helper.to_array(settings["value"]))
            else:
                self.nodes.append((node.op_type, list(node.input), node.output[0], settings))

    def _keep(self, name: str, array: Any) -> None:
        value = torch.from_numpy(array.copy())
        key = self.keys[name] = f"c{len(self.keys)}"
        if value.is_floating_point() and value.numel() > 1:
            self.register_parameter(key, nn.Parameter(value))
        else:
            self.register_buffer(key, value)

    def forward(self, pixels: Tensor) -> Tensor:
        values: dict[str, Tensor] = {self.input: pixels}
        for kind, inputs, output, settings in self.nodes:
            given = [values[name] if name in values else getattr(self, self.keys[name]) for name in inputs if name]
            values[output] = OPERATORS[kind](given, settings)
            if output == self.output:
                return values[output]
        raise ValueError(f"The graph has no value {self.output}.")


class LineReader(nn.Module):  # type: ignore[misc]
    """The graph up to its features, and a head that knows only `characters` (class 0 is CTC's blank)."""

    def __init__(self, path: Path, known: list[str], characters: str) -> None:
        super().__init__()
        self.graph = Graph(path, FEATURES)
        weight = getattr(self.graph, self.graph.keys[HEAD_WEIGHT]).detach()
        bias = getattr(self.graph, self.graph.keys[HEAD_BIAS]).detach()
        rows = [0] + [known.index(character) for character in characters]
        self.head = nn.Linear(weight.shape[0], len(rows))
        with torch.no_grad():
            self.head.weight.copy_(weight[:, rows].T)
            self.head.bias.copy_(bias[rows])

    def forward(self, pixels: Tensor) -> Tensor:
        logits: Tensor = self.head(self.graph(pixels))
        return logits


def known_characters(path: Path) -> list[str]:
    """What each class of the original network means: blank, its dictionary, and the space at the end."""
    held = {each.key: each.value for each in onnx.load(str(path)).metadata_props}
    return ["", *held["character"].split("\n"), " "]


def _padded(x: Tensor, settings: dict[str, Any], fill: float) -> Tensor:
    pads = list(settings.get("pads", [0, 0, 0, 0]))
    if settings.get("auto_pad", b"NOTSET") == b"SAME_UPPER":
        sizes = zip(x.shape[2:], settings["kernel_shape"], settings.get("strides", [1, 1]), strict=True)
        total = [max((-(-length // step) - 1) * step + kernel - length, 0) for length, kernel, step in sizes]
        pads = [total[0] // 2, total[1] // 2, total[0] - total[0] // 2, total[1] - total[1] // 2]
    return nnf.pad(x, (pads[1], pads[3], pads[0], pads[2]), value=fill) if any(pads) else x


def _conv(given: list[Tensor], settings: dict[str, Any]) -> Tensor:
    bias = given[2] if len(given) > 2 else None
    padded = _padded(given[0], settings, 0.0)
    steps, spread = settings.get("strides", [1, 1]), settings.get("dilations", [1, 1])
    return nnf.conv2d(padded, given[1], bias, steps, 0, spread, settings.get("group", 1))


def _max_pool(given: list[Tensor], settings: dict[str, Any]) -> Tensor:
    padded = _padded(given[0], settings, float("-inf"))
    return nnf.max_pool2d(padded, settings["kernel_shape"], settings.get("strides"), 0)


def _mean_pool(given: list[Tensor], settings: dict[str, Any]) -> Tensor:
    return nnf.avg_pool2d(_padded(given[0], settings, 0.0), settings["kernel_shape"], settings.get("strides"), 0)


def _batch_norm(given: list[Tensor], settings: dict[str, Any]) -> Tensor:
    x, weight, bias, mean, variance = given
    epsilon = settings.get("epsilon", 1e-5)
    return nnf.batch_norm(x, mean.detach(), variance.detach(), weight, bias, False, 0.0, epsilon)


def _whole(numbers: Tensor) -> list[int]:
    return [int(number) for number in numbers.reshape(-1).tolist()]


def _axes(given: list[Tensor], settings: dict[str, Any]) -> list[int]:
    return list(settings["axes"]) if "axes" in settings else _whole(given[1])


def _reshape(given: list[Tensor], _: dict[str, Any]) -> Tensor:
    shape = _whole(given[1])
    return given[0].reshape([given[0].shape[at] if length == 0 else length for at, length in enumerate(shape)])


def _slice(given: list[Tensor], _: dict[str, Any]) -> Tensor:
    x, starts, ends, axes = given[0], _whole(given[1]), _whole(given[2]), _whole(given[3])
    parts = [slice(None)] * x.ndim
    for start, end, axis in zip(starts, ends, axes, strict=True):
        parts[axis] = slice(start, min(end, x.shape[axis]) if end >= 0 else end)
    return x[tuple(parts)]


def _squeeze(given: list[Tensor], settings: dict[str, Any]) -> Tensor:
    x = given[0]
    for axis in sorted((axis % x.ndim for axis in _axes(given, settings)), reverse=True):
        x = x.squeeze(axis)
    return x


def _unsqueeze(given: list[Tensor], settings: dict[str, Any]) -> Tensor:
    x = given[0]
    for axis in _axes(given, settings):
        x = x.unsqueeze(axis)
    return x


OPERATORS: dict[str, Callable[[list[Tensor], dict[str, Any]], Tensor]] = {
    "Add": lambda given, _: given[0] + given[1],
    "AveragePool": _mean_pool,
    "BatchNormalization": _batch_norm,
    "Concat": lambda given, settings: torch.cat(given, settings["axis"]),
    "Conv": _conv,
    "Div": lambda given, _: given[0] / given[1],
    "Erf": lambda given, _: given[0].erf(),
    "HardSigmoid": lambda given, of: (given[0] * of.get("alpha", 0.2) + of.get("beta", 0.5)).clamp(0, 1),
    "Identity": lambda given, _: given[0],
    "MatMul": lambda given, _: given[0] @ given[1],
    "MaxPool": _max_pool,
    "Mul": lambda given, _: given[0] * given[1],
    "Pow": lambda given, _: given[0] ** given[1],
    "ReduceMean": lambda given, of: given[0].mean(tuple(_axes(given, of)), keepdim=bool(of.get("keepdims", 1))),
    "Relu": lambda given, _: given[0].relu(),
    "Reshape": _reshape,
    "Shape": lambda given, _: torch.tensor(given[0].shape),
    "Sigmoid": lambda given, _: given[0].sigmoid(),
    "Slice": _slice,
    "Softmax": lambda given, of: given[0].softmax(of.get("axis", -1)),
    "Sqrt": lambda given, _: given[0].sqrt(),
    "Squeeze": _squeeze,
    "Sub": lambda given, _: given[0] - given[1],
    "Transpose": lambda given, of: given[0].permute(of["perm"]),
    "Unsqueeze": _unsqueeze,
}
