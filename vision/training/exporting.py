"""Write the trained network as ONNX beside the code that runs it: `python -m vision.training.exporting NETWORK.pt`.

Weights are kept in 16 bits and widened when the network is loaded; what that changes is printed.
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from onnx import helper, numpy_helper
from torch import Tensor, nn

from vision.training.lines import CHARACTERS, HANDS, HEIGHT, PRINTS, Lines, fonts
from vision.training.network import LineReader, known_characters
from vision.training.train import base, batch_of

PLACE = Path(__file__).resolve().parent.parent / "reading"


class Likely(nn.Module):  # type: ignore[misc]
    """The network with the certainty of each class in place of its logits."""

    def __init__(self, network: LineReader) -> None:
        super().__init__()
        self.network = network

    def forward(self, lines: Tensor) -> Tensor:
        certainty: Tensor = self.network(lines).softmax(-1)
        return certainty


def exported(network: LineReader, trained: dict[str, Tensor]) -> onnx.ModelProto:
    """The original graph with the trained weights, and the smaller head in place of its own."""
    model = onnx.load(str(base()))
    graph = model.graph
    keys = network.graph.keys
    for constant in graph.initializer:
        value = trained.get(f"graph.{keys[constant.name]}")
        if value is not None and value.is_floating_point():
            constant.CopyFrom(numpy_helper.from_array(value.detach().numpy(), constant.name))
    while graph.node[-1].output[0] != network.graph.output:
        graph.node.pop()
    weight = trained["head.weight"].detach().numpy().T.astype(np.float32)
    bias = trained["head.bias"].detach().numpy().astype(np.float32)
    graph.initializer.extend([numpy_helper.from_array(weight, "head.w"), numpy_helper.from_array(bias, "head.b")])
    graph.node.extend(
        [
            helper.make_node("MatMul", [network.graph.output, "head.w"], ["head.0"]),
            helper.make_node("Add", ["head.0", "head.b"], ["head.1"]),
            helper.make_node("Softmax", ["head.1"], ["certainty"], axis=2),
        ]
    )
    _rename(graph, graph.input[0].name, "lines")
    del graph.output[:]
    shape: list[str | int | None] = ["count", "frames", len(CHARACTERS) + 1]
    graph.output.append(helper.make_tensor_value_info("certainty", onnx.TensorProto.FLOAT, shape))
    _drop_unused(graph)
    del model.metadata_props[:]
    return model


def _rename(graph: onnx.GraphProto, old: str, new: str) -> None:
    graph.input[0].name = new
    for node in graph.node:
        for at, name in enumerate(node.input):
            if name == old:
                node.input[at] = new


def _drop_unused(graph: onnx.GraphProto) -> None:
    used = {name for node in graph.node for name in node.input}
    kept = [constant for constant in graph.initializer if constant.name in used]
    del graph.initializer[:]
    graph.initializer.extend(kept)


def halved(model: onnx.ModelProto) -> onnx.ModelProto:
    """The same with large constants in 16 bits, each widened by a node of its own."""
    graph, widened = model.graph, []
    for constant in graph.initializer:
        value = numpy_helper.to_array(constant)
        if value.dtype == np.float32 and value.size >= 1024:
            name = constant.name
            constant.CopyFrom(numpy_helper.from_array(value.astype(np.float16), f"{name}.half"))
            widened.append(helper.make_node("Cast", [f"{name}.half"], [name], to=onnx.TensorProto.FLOAT))
    nodes = [*widened, *graph.node]
    del graph.node[:]
    graph.node.extend(nodes)
    onnx.checker.check_model(model)
    return model


def main() -> None:
    trained = torch.load(sys.argv[1], weights_only=True)
    network = LineReader(base(), known_characters(base()), CHARACTERS)
    network.load_state_dict(trained)
    content = halved(exported(network, trained)).SerializeToString()
    session = onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])
    drawn = Lines(7, fonts(HANDS), fonts(PRINTS))
    shown = batch_of([drawn.one() for _ in range(16)])[0]
    with torch.inference_mode():
        wanted = Likely(network)(shown).numpy()
    (got,) = session.run(None, {"lines": shown.numpy()})
    print(f"largest difference {np.abs(got - wanted).max():.5f}, height {HEIGHT}, {len(content):,} bytes")  # noqa: T201
    for name, written in (
        ("hard_lines.onnx", content),
        ("hard_lines.json", json.dumps({"characters": CHARACTERS}, ensure_ascii=True).encode()),
    ):
        (PLACE / name).write_bytes(written)
        print(name, len(written), hashlib.sha256(written).hexdigest())  # noqa: T201


if __name__ == "__main__":
    main()
