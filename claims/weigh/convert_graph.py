"""The ONNX graph of the encoder, written by hand: matrices in eight bits, everything else in floating point.

Activations become whole numbers by scales that were fixed when the graph was made, never by what else is in
the batch, and texts of one length go together without padding: a text's numbers cannot depend on the texts
beside it. Channels that run far ahead of the others are first divided by a factor, and their weights
multiplied by it, so that one scale serves all channels.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from onnx import ModelProto, TensorProto, checker, helper, numpy_helper

from claims.weigh.convert_reader import BLOCK, HEADS, LAYERS, WIDTH, Blocks

Floats = NDArray[np.float32]
_CONTRIB = "com.microsoft"
_EPSILON = 1e-12
_UNEVEN = ("qkv", "fi", "fo")  # what goes into the fourth matrix, ao, is even enough


@dataclass(frozen=True, slots=True)
class Range:
    """What was seen at the input of a matrix: the least and the greatest value of each channel."""

    low: Floats
    high: Floats


@dataclass(frozen=True, slots=True)
class Weights:
    """An encoder: words in four bits, matrices [out, in] and vectors by name; q, k, v are one matrix."""

    words: Blocks
    matrices: Mapping[str, Floats]
    vectors: Mapping[str, Floats]


class Graph:
    """Nodes and constants gathered one after another; matrices are floats where no ranges are given."""

    def __init__(self, ranges: Mapping[str, Range] | None = None) -> None:
        self.nodes: list[Any] = []
        self.constants: list[Any] = []
        self.multiplied: dict[str, str] = {}  # matrix: the name of what it is multiplied with
        self._ranges = ranges

    def add(self, operator: str, inputs: Sequence[str], out: str, domain: str = "", **attributes: Any) -> str:
        """The name of the new node's only output."""
        self.nodes.append(helper.make_node(operator, inputs, [out], out, domain=domain, **attributes))
        return out

    def constant(self, name: str, value: Any, dtype: Any = np.float32) -> str:
        """The name of a new constant."""
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(value, dtype), name))
        return name

    def matmul(self, x: str, name: str, matrix: Floats, bias: Floats, cut: Sequence[str] = ()) -> list[str]:
        """x times the transposed matrix plus bias, whole or `cut` into parts of these names."""
        self.multiplied[name] = x
        step = zero = ""
        if self._ranges is not None:
            x, matrix, step, zero = self._whole(x, name, matrix, self._ranges[name])
        parts = list(cut) or [name]
        products = []
        for part, rows, shifts in zip(
            parts, np.split(matrix, len(parts)), np.split(bias, len(parts)), strict=True
        ):
            shift = self.constant(f"{part}.b", shifts)
            if not step:
                product = self.add("MatMul", [x, self.constant(f"{part}.w", rows.T)], f"{part}.product")
                products.append(self.add("Add", [product, shift], part))
                continue
            scales = np.abs(rows).max(1) / 127
            codes = self.constant(f"{part}.w", np.rint(rows / scales[:, None]).T, np.int8)
            inputs = [x, codes, step, self.constant(f"{part}.s", scales), zero, "", shift]
            products.append(self.add("MatMulIntegerToFloat", inputs, part, _CONTRIB))
        return products

    def _whole(self, x: str, name: str, matrix: Floats, seen: Range) -> tuple[str, Floats, str, str]:
        """x in whole numbers and the matrix that fits them; the names of their step and of their zero."""
        uneven = name.split(".")[1] in _UNEVEN
        factors = _factors(seen, matrix) if uneven else np.ones(len(seen.low), np.float32)
        low, high = min(0.0, float((seen.low / factors).min())), float((seen.high / factors).max())
        step = (high - low) / 255
        even = x
        if np.any(factors != 1):
            even = self.add("Mul", [x, self.constant(f"{name}.f", 1 / factors)], f"{name}.even")
        names = (
            self.constant(f"{name}.step", step),
            self.constant(f"{name}.zero", round(-low / step), np.uint8),
        )
        return self.add("QuantizeLinear", [even, *names], f"{name}.whole"), matrix * factors, *names

    def norm(self, x: str, y: str, name: str, vectors: Mapping[str, Floats]) -> str:
        """The layer norm of x + y."""
        both = self.add("Add", [x, y], f"{name}.sum")
        scale, shift = (self.constant(f"{name}.{part}", vectors[f"{name}.{part}"]) for part in "wb")
        return self.add("LayerNormalization", [both, scale, shift], name, axis=-1, epsilon=_EPSILON)

    def model(self, output: str, width: int) -> ModelProto:
        """The checked model from `ids`, [texts, pieces], to `output`, [texts, width]."""
        made = helper.make_graph(
            self.nodes,
            "encoder",
            [helper.make_tensor_value_info("ids", TensorProto.INT64, ["texts", "pieces"])],
            [helper.make_tensor_value_info(output, TensorProto.FLOAT, ["texts", width])],
            self.constants,
        )
        opsets = [helper.make_opsetid("", 17), helper.make_opsetid(_CONTRIB, 1)]
        model = helper.make_model(made, opset_imports=opsets, ir_version=9)
        checker.check_model(model)
        return model


def encoder(graph: Graph, weights: Weights) -> str:
    """Adds everything from `ids` to the mean over the pieces of each text; gives its name."""
    words, vectors = weights.words, weights.vectors
    codes = graph.constant("words", words.codes.reshape(len(words.codes), -1), np.uint8)
    inputs = [codes, "ids", graph.constant("words.s", words.scales, np.float16)]
    quarters = {"bits": 4, "block_size": BLOCK, "gather_axis": 0, "quantize_axis": 1}
    graph.add("GatherBlockQuantized", inputs, "words.half", _CONTRIB, **quarters)
    graph.add("Cast", ["words.half"], "words.found", to=TensorProto.FLOAT)
    position = vectors["emb.pos"].reshape(-1, WIDTH) + vectors["emb.type"][:WIDTH]
    graph.add("Shape", ["ids"], "pieces", start=1, end=2)
    zero = graph.constant("start", [0], np.int64)
    graph.add("Slice", [graph.constant("positions", position), zero, "pieces"], "places")
    x = graph.norm("words.found", "places", "emb.ln", vectors)
    for layer in (f"l{at}" for at in range(LAYERS)):

        def matmul(x: str, part: str, layer: str = layer, cut: str = "") -> list[str]:
            name = f"{layer}.{part}"
            cuts = [f"{layer}.{one}" for one in cut]
            return graph.matmul(x, name, weights.matrices[f"{name}.w"], vectors[f"{name}.b"], cuts)

        # One matrix cut into three costs less than the cutting of what it gives.
        met = graph.add(
            "MultiHeadAttention", matmul(x, "qkv", cut="qkv"), f"{layer}.met", _CONTRIB, num_heads=HEADS
        )
        x = graph.norm(x, matmul(met, "ao")[0], f"{layer}.aln", vectors)
        bent = graph.add("Gelu", matmul(x, "fi"), f"{layer}.bent", _CONTRIB)
        x = graph.norm(x, matmul(bent, "fo")[0], f"{layer}.oln", vectors)
    # ReduceMean would add up in another order for one text than for several.
    graph.add("Cast", ["pieces"], "pieces.float", to=TensorProto.FLOAT)
    graph.add("Reciprocal", ["pieces.float"], "share")
    graph.add("Expand", ["share", "pieces"], "shares")
    return graph.add("MatMul", ["shares", x], "mean")


def ranges_of(weights: Weights, texts: Sequence[Sequence[int]]) -> dict[str, Range]:
    """What texts, given as ids, bring to the input of each matrix in floating point."""
    graph = Graph()
    model = graph.model(encoder(graph, weights), WIDTH)
    inputs = sorted(set(graph.multiplied.values()))
    for name in inputs:
        model.graph.output.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, None))
    session: Any = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    seen: dict[str, Range] = {}
    for ids in texts:
        for name, value in zip(inputs, session.run(inputs, {"ids": np.array([ids], np.int64)}), strict=True):
            rows = np.asarray(value)[0]
            old = seen.get(name) or Range(rows[0], rows[0])
            seen[name] = Range(np.minimum(old.low, rows.min(0)), np.maximum(old.high, rows.max(0)))
    return {matrix: seen[name] for matrix, name in graph.multiplied.items()}


def _factors(seen: Range, matrix: Floats) -> Floats:
    """What to divide each channel by. Two thirds of the way to even activations cost least cosine."""
    activation = np.maximum(np.maximum(-seen.low, seen.high), 1e-3)
    weight = np.maximum(np.abs(matrix).max(0), 1e-5)
    factors = np.cbrt(activation**2 / weight)
    return np.asarray(factors / np.exp(np.log(factors).mean()), np.float32)
