"""From the trained network to the file that ships: ONNX, weights and dense steps in eight bits."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import onnxruntime
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import nn

from captions.training.network import Tagger


class _Whole(nn.Module):  # type: ignore[misc]
    """The network for one text without padding: no mask."""

    def __init__(self, model: Tagger) -> None:
        super().__init__()
        self.model = model

    def forward(self, tokens: Any, shapes: Any) -> Any:
        return self.model(tokens, torch.ones_like(tokens), shapes)


def export(model: Tagger, path: Path) -> None:
    model.eval()
    sample = torch.ones((1, 9), dtype=torch.int64)
    torch.onnx.export(
        _Whole(model),
        (sample, sample),
        str(path),
        input_names=["tokens", "shapes"],
        output_names=["logits"],
        dynamic_axes={"tokens": {1: "length"}, "shapes": {1: "length"}, "logits": {1: "length"}},
        opset_version=17,
        dynamo=False,
    )


def quantise(source: Path, target: Path) -> None:
    """Each output channel with its own scale, in seven bits of the eight.

    One scale for all costs a point or two of F1 on the development file; full eight bits overflow on processors
    without VNNI, which would read captions differently there.
    """
    quantize_dynamic(
        source,
        target,
        per_channel=True,
        reduce_range=True,
        weight_type=QuantType.QInt8,
        op_types_to_quantize=["MatMul", "Gather"],
        extra_options={"MatMulConstBOnly": True},
    )


def open_session(network: bytes, threads: int) -> Any:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    return onnxruntime.InferenceSession(network, options, providers=["CPUExecutionProvider"])
