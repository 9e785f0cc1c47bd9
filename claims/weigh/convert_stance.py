"""Makes `stance.onnx` of a trained cross-encoder; the word embeddings stay in `embedder.onnx` beside it.

    python -m claims.weigh.convert_stance TRAINED… OUT

TRAINED is what `claims.weigh.train_stance` wrote, once or more: the weights of several are averaged. OUT
holds the embedder's files. Needs PyTorch to read the weights.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, numpy_helper

from claims.errors import ConfigError
from claims.weigh.convert import weights_of
from claims.weigh.convert_graph import Floats, Graph, Weights, encoder, ranges_of
from claims.weigh.convert_pieces import stored_pieces
from claims.weigh.convert_reader import LAYERS, WIDTH, read_source

_PARTS = {"qkv": "qkv", "out": "ao", "rise": "fi", "fall": "fo"}
_NORMS = {"norm": "aln", "last": "oln"}


def state_of(file: Path) -> dict[str, Floats]:
    """The weights of a model by the names that it has in training, of `stance.pt` or of a `stance.onnx`."""
    if file.suffix == ".pt":
        loaded = torch.load(file, weights_only=True)
        return {name: np.asarray(value.float().numpy(), np.float32) for name, value in loaded.items()}
    stored = onnx.load(str(file), load_external_data=False).graph.initializer
    held = {tensor.name: np.asarray(numpy_helper.to_array(tensor), np.float32)
            for tensor in stored if not tensor.external_data}  # fmt: skip
    state = {"position": held["positions"], "norm.weight": held["emb.ln.w"], "norm.bias": held["emb.ln.b"]}
    for at in range(LAYERS):
        for ours, name in _PARTS.items():
            parts = [f"l{at}.{part}" for part in (name if name == "qkv" else (name,))]
            rows = np.concatenate([held[f"{part}.w"].T * held[f"{part}.s"][:, None] for part in parts])
            factors = held.get(f"l{at}.{name}.f", np.ones(rows.shape[1], np.float32))
            state[f"layers.{at}.{ours}.weight"] = rows * factors
            state[f"layers.{at}.{ours}.bias"] = np.concatenate([held[f"{part}.b"] for part in parts])
        for ours, name in _NORMS.items():
            state[f"layers.{at}.{ours}.weight"] = held[f"l{at}.{name}.w"]
            state[f"layers.{at}.{ours}.bias"] = held[f"l{at}.{name}.b"]
    head = {f"{part}.weight": held[f"{part}.w"] for part in ("hidden", "head")}
    return state | head | {f"{part}.bias": held[f"{part}.b"] for part in ("hidden", "head")}


def trained_weights(files: Sequence[Path], pieces: list[str]) -> tuple[Weights, dict[str, Floats]]:
    """The encoder after training, by the names of the source, and the vectors and matrices of its head."""
    states = [state_of(file) for file in files]
    state = {
        name: np.asarray(np.mean([one[name] for one in states], axis=0), np.float32) for name in states[0]
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


def convert(trained: Sequence[Path], out: Path) -> None:
    """`stance.onnx` stands in `out`. Raises `ConfigError` where the embedder there has other words."""
    pieces = stored_pieces(out / "tokenizer.json")
    weights, head = trained_weights([one / "stance.pt" for one in trained], pieces)
    settings = json.loads((trained[0] / "settings.json").read_text("utf-8"))
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
    parser.add_argument("trained", type=Path, nargs="+")
    parser.add_argument("out", type=Path)
    given = parser.parse_args()
    convert(given.trained, given.out)
