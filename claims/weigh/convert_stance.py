"""Makes `stance.onnx` of a trained cross-encoder; the word embeddings stay in `embedder.onnx` beside it.

    python -m claims.weigh.convert_stance TRAINED OUT

TRAINED is what `claims.weigh.train_stance` wrote; OUT holds the embedder's files. Needs
PyTorch to read the weights.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto

from claims.errors import ConfigError
from claims.weigh.convert import weights_of
from claims.weigh.convert_graph import Floats, Graph, Weights, encoder, ranges_of
from claims.weigh.convert_pieces import stored_pieces
from claims.weigh.convert_reader import LAYERS, WIDTH, read_source

_EARLIER = 0.45  # share of the earlier stage, where weights are averaged
_PARTS = {"qkv": "qkv", "out": "ao", "rise": "fi", "fall": "fo"}
_NORMS = {"norm": "aln", "last": "oln"}


def trained_weights(
    file: Path, pieces: list[str], also: Path | None = None
) -> tuple[Weights, dict[str, Floats]]:
    """The encoder after training, by the names of the source, and the vectors and matrices of its head."""
    state = {
        name: np.asarray(value.float().numpy()) for name, value in torch.load(file, weights_only=True).items()
    }
    if also:
        earlier = torch.load(also, weights_only=True)
        state = {
            name: np.asarray((1 - _EARLIER) * value + _EARLIER * earlier[name].float().numpy(), np.float32)
            for name, value in state.items()
        }
    start = weights_of(read_source(), pieces)
    vectors: dict[str, Floats] = {
        "emb.pos": state["position"].reshape(-1),
        "emb.type": np.zeros(2 * WIDTH, np.float32),  # it is within the positions
        "emb.ln.w": state["norm.weight"],
        "emb.ln.b": state["norm.bias"],
    }
    matrices: dict[str, Floats] = {}
    for at in range(LAYERS):
        for ours, name in _PARTS.items():
            matrices[f"l{at}.{name}.w"] = state[f"layers.{at}.{ours}.weight"]
            vectors[f"l{at}.{name}.b"] = state[f"layers.{at}.{ours}.bias"]
        for ours, name in _NORMS.items():
            vectors[f"l{at}.{name}.w"] = state[f"layers.{at}.{ours}.weight"]
            vectors[f"l{at}.{name}.b"] = state[f"layers.{at}.{ours}.bias"]
    head = {name: value for name, value in state.items() if name.startswith(("hidden", "head"))}
    return Weights(start.words, matrices, vectors), head


def convert(trained: Path, out: Path, also: Path | None = None) -> None:
    """`stance.onnx` stands in `out`. Raises `ConfigError` where the embedder there has other words."""
    pieces = stored_pieces(out / "tokenizer.json")
    weights, head = trained_weights(trained / "stance.pt", pieces, also / "stance.pt" if also else None)
    settings = json.loads((trained / "settings.json").read_text("utf-8"))
    graph = Graph(ranges_of(weights, settings["calibration"]))
    mean = encoder(graph, weights)
    hidden = [
        mean,
        graph.constant("hidden.w", head["hidden.weight"]),
        graph.constant("hidden.b", head["hidden.bias"]),
    ]
    graph.add("Tanh", [graph.add("Gemm", hidden, "hidden", transB=1)], "bent")
    last = [
        "bent",
        graph.constant("head.w", head["head.weight"]),
        graph.constant("head.b", head["head.bias"]),
    ]
    stance = graph.add("Softmax", [graph.add("Gemm", last, "logits", transB=1)], "stance", axis=1)
    model = graph.model(stance, 3)
    _share_words(model, out / "embedder.onnx")
    (out / "stance.onnx").write_bytes(model.SerializeToString(deterministic=True))


def _share_words(model: onnx.ModelProto, embedder: Path) -> None:
    """The word embeddings of the model are read from the embedder's file, where the same bytes stand."""
    held = embedder.read_bytes()
    for tensor in model.graph.initializer:
        if tensor.name not in ("words", "words.s"):
            continue
        at = held.find(tensor.raw_data)
        if at < 0:
            raise ConfigError(f"{embedder}: has other words than this model; convert both from one tokenizer")
        places = {"location": embedder.name, "offset": at, "length": len(tensor.raw_data)}
        tensor.ClearField("raw_data")
        tensor.data_location = TensorProto.EXTERNAL
        for key, value in places.items():
            tensor.external_data.add(key=key, value=str(value))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Convert a trained stance model.")
    parser.add_argument("trained", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--also", type=Path, help="an earlier stage to average the weights with")
    given = parser.parse_args()
    convert(given.trained, given.out, given.also)
