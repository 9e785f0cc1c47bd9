"""Fine-tuning the stance model: (claim, passage) to supports, refutes, neutral. Needs PyTorch.

    python -m claims.weigh.train_stance DATA --written FILES --tokenizer FILE --out FOLDER [--everything]
    python -m claims.weigh.convert_stance FOLDER claims/language/model
    python -m claims.weigh.train_rule FOLDER/held.jsonl

Word embeddings stay as they are, for the embedder and this model share them. Rows that are told apart only by
language, claim or passage fall on the same side of the split, so nothing held out was seen in another dress.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import random
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor, nn

from claims.language.embedding import processor_words
from claims.weigh.convert_reader import HEADS, LAYERS, WIDTH, Source, read_source
from claims.weigh.convert_stance import state_of
from claims.weigh.train_contrast import contrastive_pairs
from claims.weigh.train_facts import fact_pairs
from claims.weigh.train_mix import LABELS, NOT_SUPPORTS, Pair, epoch
from claims.weigh.train_own import own_rows
from claims.weigh.train_stories import story_pairs

_SETTLED = 4  # lower layers that stay as they are in a second stage
_DROPPED = 0.07  # share of the channels
_LONGEST = 112  # pieces of a pair in training
_HELD_OUT = 0.2  # share of a set with one split that is kept for measuring
_OWN_HELD_OUT = 0.1  # of the pairs that were written for training
_SIXTEEN_BITS = frozenset({"amx_bf16", "avx512_bf16"})  # as Linux calls what computes with bfloat16
_AVERAGED = 0.6  # from this share of the steps on, weights are averaged


def load_pairs(folder: Path) -> tuple[list[Pair], list[Pair]]:
    """The pairs to train on and those held out, of all sets under a folder and of our own."""
    rows: list[tuple[dict[str, str], str]] = []
    for path in sorted(folder.glob("*.jsonl*")):
        text = (
            gzip.decompress(path.read_bytes()).decode() if path.suffix == ".gz" else path.read_text("utf-8")
        )
        rows += [(json.loads(line), path.name) for line in text.splitlines()]
    rows += [(row, "") for row in own_rows()]
    sides = _components([row for row, _ in rows])
    train: list[Pair] = []
    held: list[Pair] = []
    for (row, name), side in zip(rows, sides, strict=True):
        label = {**dict(zip(LABELS, range(3), strict=True)), "not_supports": NOT_SUPPORTS}.get(row["label"])
        if label is None:
            continue
        dataset = row["dataset"].replace("_oracle", "")
        pair = Pair(dataset, row["id"], row["lang"], row["claim"], row["evidence"], label)
        if dataset in ("ans", "arbteds", "arnli"):
            (train if "_train" in name else held).append(pair)
        elif dataset.startswith("own_"):
            (held if side < _OWN_HELD_OUT else train).append(pair)
        else:
            (held if side < _HELD_OUT else train).append(pair)
    seen = {_key(pair) for pair in held}
    return [pair for pair in train if _key(pair) not in seen], held


def written_pairs(files: Sequence[Path]) -> tuple[list[Pair], list[dict[str, str]]]:
    """Pairs written by hand: those of some groups to train on, the rows of the others to fit the rule on."""
    rows = [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines()]
    train, rest = [], []
    for row in rows:
        group = row["id"].rpartition("-")[0]
        if hashlib.sha256(group.encode()).digest()[0] < 0.6 * 256:
            label = LABELS.index(row["label"])
            train.append(Pair("written", row["id"], row["lang"], row["claim"], row["evidence"], label))
        else:
            rest.append(row)
    return train, rest


def _key(pair: Pair) -> tuple[str, str]:
    return pair.claim.strip(), pair.passage.strip()


def _components(rows: Sequence[dict[str, str]]) -> list[float]:
    """For each row a number from 0 to 1, the same for rows that share an id, a claim or a passage."""
    parent = list(range(len(rows)))

    def root(at: int) -> int:
        while parent[at] != at:
            parent[at] = parent[parent[at]]
            at = parent[at]
        return at

    first: dict[tuple[str, str], int] = {}
    for at, row in enumerate(rows):
        for field in ("id", "claim", "evidence"):
            other = first.setdefault((row["dataset"] + field, row[field]), at)
            a, b = root(at), root(other)
            parent[max(a, b)] = min(a, b)
    names = [rows[root(at)]["dataset"] + rows[root(at)]["id"] for at in range(len(rows))]
    return [int(hashlib.sha256(name.encode()).hexdigest()[:8], 16) / 0xFFFFFFFF for name in names]


class CrossEncoder(nn.Module):  # type: ignore[misc]
    """The BERT of the embedder with a three-way head over the mean of all pieces."""

    def __init__(self, source: Source, pieces: Sequence[str]) -> None:
        super().__init__()
        place = {piece: at for at, piece in enumerate(source.pieces)}
        words = source.words.floats()[[place[piece] for piece in pieces]]
        self.words = nn.Embedding.from_pretrained(torch.from_numpy(words), freeze=True)
        position = source.vectors["emb.pos"].reshape(-1, WIDTH) + source.vectors["emb.type"][:WIDTH]
        self.position = nn.Parameter(torch.from_numpy(position.copy()))
        self.norm = _norm(source, "emb.ln")
        self.layers = nn.ModuleList(_Layer(source, f"l{at}") for at in range(LAYERS))
        self.hidden = nn.Linear(WIDTH, WIDTH)
        self.head = nn.Linear(WIDTH, 3)
        self.dropout = _Dropout()

    def settle(self) -> None:
        """What lies under the upper layers learns no more: it has been fine-tuned before."""
        for part in (self.norm, *self.layers[:_SETTLED]):
            part.requires_grad_(False)
        self.position.requires_grad_(False)

    def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        x = self.dropout(self.norm(self.words(ids) + self.position[: ids.shape[1]]))
        bias = ((mask[:, None, None, :] - 1) * 1e4).to(x.dtype)
        for layer in self.layers:
            x = layer(x, bias, self.dropout)
        shares = mask[..., None].to(x.dtype)
        mean = (x * shares).sum(1) / shares.sum(1)
        out: Tensor = self.head(self.dropout(torch.tanh(self.hidden(self.dropout(mean)))))
        return out


class _Dropout(nn.Module):  # type: ignore[misc]
    """Drops whole channels of a pair: one draw for all its pieces, a tenth of the time of a draw for each."""

    def forward(self, x: Tensor) -> Tensor:
        if not self.training:
            return x
        kept = torch.rand(x.shape[0], *([1] * (x.dim() - 2)), x.shape[-1]) >= _DROPPED
        return x * (kept.to(x.dtype) / (1 - _DROPPED))


class _Layer(nn.Module):  # type: ignore[misc]
    def __init__(self, source: Source, name: str) -> None:
        super().__init__()
        self.qkv = _linear(source, *(f"{name}.{part}" for part in "qkv"))
        self.out = _linear(source, f"{name}.ao")
        self.norm = _norm(source, f"{name}.aln")
        self.rise = _linear(source, f"{name}.fi")
        self.fall = _linear(source, f"{name}.fo")
        self.last = _norm(source, f"{name}.oln")

    def forward(self, x: Tensor, bias: Tensor, dropout: nn.Module) -> Tensor:
        batch, length, _ = x.shape
        q, k, v = self.qkv(x).view(batch, length, 3, HEADS, -1).permute(2, 0, 3, 1, 4).contiguous()
        # On short texts in sixteen bits the fused attention of PyTorch takes six times as long on processors.
        met = torch.softmax(q @ k.transpose(-1, -2) * k.shape[-1] ** -0.5 + bias, -1) @ v
        x = self.norm(x + dropout(self.out(met.transpose(1, 2).reshape(batch, length, WIDTH))))
        out: Tensor = self.last(x + dropout(self.fall(nn.functional.gelu(self.rise(x)))))
        return out


def _linear(source: Source, *names: str) -> nn.Linear:
    weight = np.concatenate([source.matrices[f"{name}.w"].floats() for name in names])
    made = nn.Linear(weight.shape[1], weight.shape[0])
    made.weight.data = torch.from_numpy(weight)
    made.bias.data = torch.from_numpy(np.concatenate([source.vectors[f"{name}.b"] for name in names]))
    return made


def _norm(source: Source, name: str) -> nn.LayerNorm:
    made = nn.LayerNorm(WIDTH, eps=1e-12)
    made.weight.data = torch.from_numpy(source.vectors[f"{name}.w"].copy())
    made.bias.data = torch.from_numpy(source.vectors[f"{name}.b"].copy())
    return made


def encode(tokenizer: Any, pairs: Sequence[Pair]) -> tuple[Tensor, Tensor]:
    """Ids and mask of pairs, padded to the longest."""
    encodings = tokenizer.encode_batch([(pair.claim, pair.passage) for pair in pairs])
    longest = max(len(encoding.ids) for encoding in encodings)
    ids = torch.full((len(pairs), longest), 1)
    mask = torch.zeros((len(pairs), longest))
    for row, encoding in enumerate(encodings):
        ids[row, : len(encoding.ids)] = torch.tensor(encoding.ids)
        mask[row, : len(encoding.ids)] = 1
    return ids, mask


def _batches(pairs: Sequence[Pair], size: int, dice: random.Random) -> Iterator[list[Pair]]:
    """Batches of pairs of like length, in a random order."""
    shuffled = sorted(pairs, key=lambda pair: (len(pair.claim) + len(pair.passage)) * dice.uniform(0.9, 1.1))
    starts = list(range(0, len(shuffled), size))
    dice.shuffle(starts)
    for start in starts:
        yield shuffled[start : start + size]


def _epochs(
    data: Sequence[Pair], dice: random.Random, *, everything: bool, sizes: dict[str, int], seed: int
) -> Iterator[list[Pair]]:
    """Batches without end; `sizes` tells how many pairs of each set the first epoch has."""
    for number in count(seed):
        pairs = epoch(data, everything=everything, seed=number)
        if number == seed:
            for pair in pairs:
                sizes[pair.dataset] += 1
        yield from _batches(pairs, 32, dice)


def _loss(logits: Tensor, labels: Tensor) -> Tensor:
    shares = torch.log_softmax(logits.float(), -1)
    smooth = 0.95 * shares.gather(1, labels.clamp(max=2)[:, None])[:, 0] + 0.05 * shares.mean(1)
    either = torch.logsumexp(shares[:, 1:], 1)
    return -torch.where(labels == NOT_SUPPORTS, either, smooth).mean()


def train(
    folder: Path,
    written: Sequence[Path],
    out: Path,
    tokenizer_file: Path,
    *,
    start: Path | None,
    everything: bool,
    steps: int,
    threads: int,
    rate: float,
    seed: int,
) -> None:
    """Weights, texts for calibration and the pairs that were kept back stand in `out`."""
    torch.manual_seed(seed)
    torch.set_num_threads(threads)
    dice = random.Random(seed)  # noqa: S311 - order of batches
    tokenizer = Tokenizer.from_file(str(tokenizer_file))
    tokenizer.enable_truncation(_LONGEST, strategy="only_second")
    vocabulary = json.loads(tokenizer_file.read_text("utf-8"))["model"]["vocab"]
    model = CrossEncoder(read_source(), [piece for piece, _ in vocabulary])
    if start:
        state = {name: torch.from_numpy(value.copy()) for name, value in state_of(start).items()}
        model.load_state_dict(state, strict=False)
        model.settle()
    trained = [weight.detach().clone() for weight in model.parameters() if weight.requires_grad]
    data, held = load_pairs(folder)
    own, rest = written_pairs(written)
    data += own
    sizes: dict[str, int] = defaultdict(int)
    # In sixteen bits where the processor computes with them; elsewhere those are taken apart, far slower.
    # Steps too small for sixteen bits add up in a copy in thirty-two.
    if _SIXTEEN_BITS & processor_words():
        model.to(torch.bfloat16)
    used = [weight for weight in model.parameters() if weight.requires_grad]
    optimiser = torch.optim.AdamW(trained, lr=rate, weight_decay=0.01, fused=True)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min((step + 1) / 30, max(0.05, (steps - step) / steps))
    )
    out.mkdir(parents=True, exist_ok=True)
    average, averaged = [torch.zeros_like(weight) for weight in trained], 0
    began, step, total = time.monotonic(), 0, 0.0
    for batch in _epochs(data, dice, everything=everything, sizes=sizes, seed=seed):
        if step == 0:
            print(f"{dict(sizes)} an epoch, {len(held)} held out, {steps} steps", flush=True)
        model.train()
        logits = model(*encode(tokenizer, batch))
        loss = _loss(logits, torch.tensor([pair.label for pair in batch]))
        loss.backward()
        for weight, copy in zip(trained, used, strict=True):
            weight.grad, copy.grad = copy.grad.float(), None
        nn.utils.clip_grad_norm_(trained, 1.0)
        optimiser.step()
        schedule.step()
        _put(used, trained)
        step, total = step + 1, total + loss.item()
        if step > _AVERAGED * steps and step % 10 == 0:
            averaged += 1
            for mean, weight in zip(average, trained, strict=True):
                mean += (weight - mean) / averaged
        if step % 25 == 0:
            pace = (time.monotonic() - began) / step
            print(f"step {step} of {steps}, loss {total / 25:.3f}, {pace:.2f} s a step", flush=True)
            total = 0.0
        if step % 100 == 0:
            _save(model, out)
        if step == steps:
            break
    model.float()
    _put([weight for weight in model.parameters() if weight.requires_grad], average if averaged else trained)
    _save(model, out)
    made = (*contrastive_pairs(96, seed=99), *fact_pairs(32, seed=99), *story_pairs(64, seed=99))
    examples = [row[:2] for row in made]
    settings = {"calibration": [encoding.ids for encoding in tokenizer.encode_batch(examples)]}
    (out / "settings.json").write_text(json.dumps(settings), "utf-8")
    kept_back = [_row(pair) for pair in held if pair.lang != "ur"] + rest
    lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in kept_back)
    (out / "held.jsonl").write_text(lines, "utf-8")


def _put(into: Sequence[Tensor], values: Sequence[Tensor]) -> None:
    with torch.no_grad():
        for weight, value in zip(into, values, strict=True):
            weight.copy_(value)


def _row(pair: Pair) -> dict[str, str]:
    label = "not_supports" if pair.label == NOT_SUPPORTS else LABELS[pair.label]
    return {"id": pair.row, "dataset": pair.dataset, "lang": pair.lang, "claim": pair.claim,
            "evidence": pair.passage, "label": label}  # fmt: skip


def _save(model: CrossEncoder, out: Path) -> None:
    kept = {name: value for name, value in model.state_dict().items() if not name.startswith("words")}
    torch.save(kept, out / "partial.pt")
    (out / "partial.pt").replace(out / "stance.pt")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Fine-tune the stance model.")
    parser.add_argument("data", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--tokenizer", type=Path, required=True)
    parser.add_argument("--everything", action="store_true", help="also data that is for research only")
    parser.add_argument("--written", type=Path, nargs="*", default=[], help="pairs written by hand")
    parser.add_argument("--start", type=Path, help="weights to go on from: a stance.pt or stance.onnx")
    parser.add_argument("--steps", type=int, default=3000, help="batches of 32")
    parser.add_argument("--rate", type=float, default=1e-4, help="of learning, at most")
    parser.add_argument("--seed", type=int, default=7, help="another makes another model to average with")
    parser.add_argument("--threads", type=int, default=2, help="one is faster where others use the machine")
    given = parser.parse_args()
    train(
        given.data,
        given.written,
        given.out,
        given.tokenizer,
        start=given.start,
        everything=given.everything,
        steps=given.steps,
        threads=given.threads,
        rate=given.rate,
        seed=given.seed,
    )
