"""Sessions: many may be open, and a damaged model is a clear error."""

from __future__ import annotations

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper

from vision.errors import ModelError
from vision.runtime import default_threads, open_session


def doubling() -> bytes:
    wanted = helper.make_tensor_value_info("twice", TensorProto.FLOAT, ["n"])
    given = helper.make_tensor_value_info("given", TensorProto.FLOAT, ["n"])
    graph = helper.make_graph([helper.make_node("Add", ["given", "given"], ["twice"])], "doubling", [given], [wanted])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    return bytes(onnx.ModelProto.SerializeToString(model))


def test_sessions_share_their_memory_and_not_their_answers():
    first, second = open_session(doubling(), threads=1), open_session(doubling(), threads=2)
    for size in (1, 100_000, 3):
        row = np.arange(size, dtype=np.float32)
        (kept,) = first.run(None, {"given": row})
        (other,) = second.run(None, {"given": row + 1})
        np.testing.assert_array_equal(kept, 2 * row)
        np.testing.assert_array_equal(other, 2 * row + 2)


@pytest.mark.parametrize("content", [b"", b"not a model", doubling()[:-7]], ids=["empty", "other bytes", "cut short"])
def test_what_is_no_model_cannot_be_opened(content):
    with pytest.raises(ModelError, match="install Gatepost again"):
        open_session(content)


def test_there_is_at_least_one_thread():
    assert default_threads() >= 1
