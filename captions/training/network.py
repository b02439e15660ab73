"""The network: a MiniLM encoder of six layers, a shape embedding added to each token, and a tag for each token."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file
from torch import nn
from torch.nn import functional

WIDTH, HEADS, LAYERS, INNER, POSITIONS = 384, 12, 6, 1536, 512


class Layer(nn.Module):  # type: ignore[misc]
    """One layer: attention, then two dense steps, each added to what came in and normed (post-norm, as in BERT)."""

    def __init__(self, drop: float) -> None:
        super().__init__()
        self.query, self.key, self.value, self.out = (nn.Linear(WIDTH, WIDTH) for _ in range(4))
        self.norm_attention, self.norm_dense = nn.LayerNorm(WIDTH, eps=1e-12), nn.LayerNorm(WIDTH, eps=1e-12)
        self.wide, self.narrow = nn.Linear(WIDTH, INNER), nn.Linear(INNER, WIDTH)
        self.drop = nn.Dropout(drop)

    def forward(self, x: Any, bias: Any) -> Any:
        def heads(y: Any) -> Any:
            return y.view(y.shape[0], y.shape[1], HEADS, WIDTH // HEADS).transpose(1, 2)

        scores = heads(self.query(x)) @ heads(self.key(x)).transpose(-1, -2) / math.sqrt(WIDTH // HEADS) + bias
        mixed = (self.drop(scores.softmax(-1)) @ heads(self.value(x))).transpose(1, 2).reshape(x.shape)
        x = self.norm_attention(x + self.drop(self.out(mixed)))
        return self.norm_dense(x + self.drop(self.narrow(functional.gelu(self.wide(x)))))


class Tagger(nn.Module):  # type: ignore[misc]
    """tokens, mask, shapes (batch, length) -> logits (batch, length, tags)."""

    def __init__(self, words: int, shapes: int, tags: int, drop: float = 0.1) -> None:
        super().__init__()
        self.word, self.position = nn.Embedding(words, WIDTH), nn.Embedding(POSITIONS, WIDTH)
        self.norm, self.shape = nn.LayerNorm(WIDTH, eps=1e-12), nn.Embedding(shapes, WIDTH)
        self.layers = nn.ModuleList(Layer(drop) for _ in range(LAYERS))
        self.drop, self.head = nn.Dropout(drop), nn.Linear(WIDTH, tags)
        nn.init.normal_(self.shape.weight, std=0.02)

    def forward(self, tokens: Any, mask: Any, shapes: Any) -> Any:
        at = torch.arange(tokens.shape[1], device=tokens.device)
        x = self.drop(self.norm(self.word(tokens) + self.position(at)[None] + self.shape(shapes)))
        bias = (1.0 - mask[:, None, None, :].to(x.dtype)) * -10_000.0
        for layer in self.layers:
            x = layer(x, bias)
        return self.head(self.drop(x))

    def load_encoder(self, path: Path) -> None:
        """The pre-trained weights of a Hugging Face BERT file; its one token type is added to the positions."""
        held = load_file(str(path))
        held = {name.removeprefix("bert."): value for name, value in held.items()}
        put = {
            "word.weight": held["embeddings.word_embeddings.weight"],
            "position.weight": held["embeddings.position_embeddings.weight"]
            + held["embeddings.token_type_embeddings.weight"][0],
            "norm.weight": held["embeddings.LayerNorm.weight"],
            "norm.bias": held["embeddings.LayerNorm.bias"],
        }
        parts = {
            "query": "attention.self.query",
            "key": "attention.self.key",
            "value": "attention.self.value",
            "out": "attention.output.dense",
            "norm_attention": "attention.output.LayerNorm",
            "wide": "intermediate.dense",
            "narrow": "output.dense",
            "norm_dense": "output.LayerNorm",
        }
        for i in range(LAYERS):
            for ours, theirs in parts.items():
                for kind in ("weight", "bias"):
                    put[f"layers.{i}.{ours}.{kind}"] = held[f"encoder.layer.{i}.{theirs}.{kind}"]
        missing = set(self.load_state_dict(put, strict=False).missing_keys)
        if missing != {"shape.weight", "head.weight", "head.bias"}:
            raise ValueError(f"The pre-trained file lacks {sorted(missing)}: is it a MiniLM-L6 encoder?")
