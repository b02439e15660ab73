"""Teach the recogniser to read what is hard to read: `python -m vision.training.train --out FOLDER --minutes 60`.

It starts from PP-OCRv6's small recogniser as rapidocr carries it, keeps the characters of the Latin script, and goes on
training every weight with CTC on drawn lines. Deterministic but for the clock, which says how many steps there are.
"""

from __future__ import annotations

import argparse
import math
import time
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as nnf
from torch import Tensor, nn

from vision.training.lines import CHARACTERS, HANDS, HEIGHT, PRINTS, Lines, Pixels, fonts
from vision.training.network import LineReader, known_characters

BATCH = 32
POOL = 12  # batches drawn at once, so that lines of one length come together
AVERAGE = 0.998  # of the weights that are kept, over steps
HIGHEST_RATE = 1.5e-4
VALIDATION_SEED = 10**6

Line = tuple[Pixels, str]


def base() -> Path:
    """The network to start from, in the installed rapidocr."""
    spec = find_spec("rapidocr")
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit("Install rapidocr first.")
    return Path(next(iter(spec.submodule_search_locations))) / "models" / "PP-OCRv6_rec_small.onnx"


def batch_of(lines: Sequence[Line]) -> tuple[Tensor, Tensor, Tensor]:
    """Pixels as rapidocr hands them over (BGR, -1 to 1, padded with 0 on the right), classes, and how many of them."""
    width = max(pixels.shape[1] for pixels, _ in lines)
    shown = np.zeros((len(lines), 3, HEIGHT, width), np.float32)
    for at, (pixels, _) in enumerate(lines):
        shown[at, :, :, : pixels.shape[1]] = pixels.transpose(2, 0, 1).astype(np.float32) / 127.5 - 1
    classes = [1 + CHARACTERS.index(character) for _, text in lines for character in text]
    return torch.from_numpy(shown), torch.tensor(classes), torch.tensor([len(text) for _, text in lines])


def batches(drawn: Lines) -> Iterator[list[Line]]:
    while True:
        pool = sorted((drawn.one() for _ in range(POOL * BATCH)), key=lambda line: line[0].shape[1])
        cuts = [pool[at : at + BATCH] for at in range(0, len(pool), BATCH)]
        drawn.draw.shuffle(cuts)
        yield from cuts


def read(network: nn.Module, lines: Sequence[Line]) -> list[str]:
    """What the network reads, the likeliest class of each frame, in the order of the lines."""
    order = sorted(range(len(lines)), key=lambda at: lines[at][0].shape[1])
    texts = [""] * len(lines)
    for start in range(0, len(order), BATCH):
        part = order[start : start + BATCH]
        with torch.inference_mode():
            best = network(batch_of([lines[at] for at in part])[0]).argmax(-1).numpy()
        for at, row in zip(part, best, strict=True):
            kept = [label for i, label in enumerate(row) if label and (i == 0 or label != row[i - 1])]
            texts[at] = "".join(CHARACTERS[label - 1] for label in kept)
    return texts


def measure(network: nn.Module, lines: Sequence[Line]) -> str:
    """The share of lines read exactly, but for spaces."""
    got = read(network, lines)
    right = [a.replace(" ", "") == text.replace(" ", "") for a, (_, text) in zip(got, lines, strict=True)]
    return f"{np.mean(right):.3f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=80)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--begin", type=Path, help="weights of an earlier run to go on from")
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    options.out.mkdir(parents=True, exist_ok=True)
    hands, prints = fonts(HANDS), fonts(PRINTS)
    print(f"{len(hands)} hands, {len(prints)} prints", flush=True)  # noqa: T201
    network = LineReader(base(), known_characters(base()), CHARACTERS).to(memory_format=torch.channels_last)
    if options.begin:
        network.load_state_dict(torch.load(options.begin, weights_only=True))
    checked = Lines(VALIDATION_SEED, hands, prints)
    validation = [checked.one() for _ in range(320)]
    print("before:", measure(network, validation), flush=True)  # noqa: T201
    kept = {name: value.detach().clone() for name, value in network.state_dict().items()}
    optimiser = torch.optim.AdamW(network.parameters(), lr=HIGHEST_RATE, weight_decay=0.01)
    start, losses, said = time.monotonic(), [], 0.0
    for step, lines in enumerate(batches(Lines(options.seed, hands, prints)), start=1):
        done = (time.monotonic() - start) / (60 * options.minutes)
        if done >= 1:
            break
        rate = HIGHEST_RATE * min(1.0, step / 100) * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * done)))
        for group in optimiser.param_groups:
            group["lr"] = rate
        shown, classes, lengths = batch_of(lines)
        logits = network(shown.contiguous(memory_format=torch.channels_last))
        scores = logits.log_softmax(-1).transpose(0, 1)
        frames = torch.full((len(lines),), scores.shape[0])
        loss = nnf.ctc_loss(scores, classes, frames, lengths, zero_infinity=True)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(network.parameters(), 3.0)
        optimiser.step()
        losses.append(loss.item())
        keep = min(AVERAGE, step / (step + 50))
        for name, value in network.state_dict().items():
            if value.is_floating_point():
                kept[name].lerp_(value, 1 - keep)
        if done - said > 0.06:
            said = done
            now = {name: value.detach().clone() for name, value in network.state_dict().items()}
            network.load_state_dict(kept)
            torch.save(kept, options.out / "network.pt")
            print(f"{done:.2f} step {step} loss {np.mean(losses[-200:]):.3f}", measure(network, validation), flush=True)  # noqa: T201
            network.load_state_dict(now)
    torch.save(kept, options.out / "network.pt")
    network.load_state_dict(kept)
    print(f"after {step - 1} steps:", measure(network, validation), flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
