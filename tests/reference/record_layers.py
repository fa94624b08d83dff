#!/usr/bin/env python3
"""Writes layers.json and blocks.json: what PyTorch computes for the layers and blocks of bpnet's table, in double, on the
formulas of tests/gradients/layer_run.hpp. Needs torch."""
import json
import math
import pathlib

import torch
import torch.nn.functional as F
from formulas import SAMPLES, formula, tensor

def record(f, width=7, parameters=()):
    """parameters: (name, shape in bpnet's memory)."""
    x = tensor(0, SAMPLES, width)
    p = {name: tensor(10 + k, *shape) for k, (name, shape) in enumerate(parameters)}
    y = f(x, **p)
    y.backward(formula(20, y.numel()).reshape(y.shape))
    out = {"out": y.detach().flatten().tolist(), "din0": x.grad.flatten().tolist()}
    for name, t in p.items():
        out["d" + name] = t.grad.flatten().tolist()
    return out


ACTIVATIONS = {
    "relu": F.relu, "leaky_relu": F.leaky_relu, "relu6": F.relu6, "squared_relu": lambda x: F.relu(x) ** 2, "elu": F.elu, "selu": F.selu,
    "celu": F.celu, "gelu": F.gelu, "gelu_tanh": lambda x: F.gelu(x, approximate="tanh"), "silu": F.silu, "mish": F.mish,
    "softplus": F.softplus, "softsign": F.softsign, "tanh": torch.tanh, "sigmoid": torch.sigmoid, "log_sigmoid": F.logsigmoid,
    "hard_sigmoid": lambda x: (x / 6 + 0.5).clamp(0, 1), "hard_tanh": F.hardtanh, "hard_swish": F.hardswish, "exponential": torch.exp,
    "softmax": lambda x: F.softmax(x, dim=-1),
}
out = {name: record(f) for name, f in ACTIVATIONS.items()}
out["dense"] = record(lambda x, weight, bias: x @ weight + bias, parameters=[("weight", (7, 5)), ("bias", (5,))])
norm = [("weight", (7,)), ("bias", (7,))]
out["layer_norm"] = record(lambda x, weight, bias: F.layer_norm(x, (7,), weight, bias), parameters=norm)
out["batch_norm"] = record(lambda x, weight, bias: F.batch_norm(x, None, None, weight, bias, training=True), parameters=norm)

table = tensor(10, 5, 3)
codes = (torch.arange(SAMPLES * 2) * 7 + 3) % 5
y = F.embedding(codes, table)
y.backward(formula(20, y.numel()).reshape(y.shape))
out["embedding"] = {"out": y.detach().flatten().tolist(), "dweight": table.grad.flatten().tolist()}
out["prelu"] = record(lambda x, weight: F.prelu(x, weight), parameters=norm[:1])
out["rms_norm"] = record(lambda x, weight: F.rms_norm(x, (7,), weight, 1e-6), parameters=norm[:1])
pathlib.Path(__file__).with_name("layers.json").write_text(json.dumps(out) + "\n")

# Blocks, as the only element of a network on 4 samples of 7 columns. Parameters in the order of the nodes.
blocks = []


def block(yaml, f, parameters, features=None):
    x = tensor(0, 4, 7)
    p = [tensor(10 + k, *shape) for k, shape in enumerate(parameters)]
    y = f(x, *p)
    (y * formula(20, y.numel()).reshape(y.shape)).sum().backward()
    blocks.append(
        {"block": yaml, "features": features, "out": y.detach().flatten().tolist(),
         "gradients": [t.grad.flatten().tolist() for t in p]}
    )


block("residual: [{dense: 7}, batch_norm, relu]",
      lambda x, w, b, scale, shift: x + F.relu(F.batch_norm(x @ w + b, None, None, scale, shift, training=True)),
      [(7, 7), (7,), (7,), (7,)])


def cross(x, *p):
    y = x
    for narrow, weight, bias in zip(p[::3], p[1::3], p[2::3]):
        y = x * (y @ narrow @ weight + bias) + y
    return y


def cross_full(x, w1, b1, w2, b2):
    y = x * (x @ w1 + b1) + x
    return x * (y @ w2 + b2) + y


def periodic(x, frequencies, weight, bias):
    """Of the first columns, as many as frequencies has rows; the others are handed on."""
    n, k = frequencies.shape
    angle = 2 * math.pi * x[:, :n, None] * frequencies
    waves = torch.cat([angle.sin(), angle.cos()], dim=2)
    made = F.relu(torch.einsum("rna,nab->rnb", waves, weight.reshape(n, 2 * k, -1)) + bias)
    return torch.cat([made.flatten(1), x[:, n:]], dim=1)


def piecewise_linear(x, bins):
    at = torch.linspace(0, 1, bins + 1)
    edges = torch.quantile(x.detach(), at, dim=0).T  # (7, bins + 1)
    share = (x[:, :, None] - edges[:, :-1]) / (edges[:, 1:] - edges[:, :-1])
    low = torch.full((bins,), 0.0)
    high = torch.full((bins,), 1.0)
    low[0], high[-1] = -torch.inf, torch.inf
    return torch.minimum(torch.maximum(share, low), high)


def piecewise_dense(x, weight, bias):
    return torch.tanh(torch.einsum("rna,nab->rnb", piecewise_linear(x, 8), weight.reshape(7, 8, -1)) + bias).flatten(1)


def tokens(widths):
    def f(x, weight, bias, class_token):
        parts, at = [class_token.expand(len(x), -1)], 0
        for i, w in enumerate(widths):
            parts.append(x[:, at : at + w] @ weight[at : at + w] + bias[i])
            at += w
        return torch.stack(parts, dim=1)

    return f


block("swiglu: 5", lambda x, w, b, v, c: F.silu(x @ w + b) * (x @ v + c), [(7, 5), (5,), (7, 5), (5,)])
block("maxout: {units: 4, pieces: 3}", lambda x, w, b: (x @ w + b).reshape(4, 4, 3).amax(dim=2), [(7, 12), (12,)])
block("cross: 2", cross_full, [(7, 7), (7,), (7, 7), (7,)])
block("cross: {depth: 3, rank: 4}", cross, 3 * [(7, 4), (4, 7), (7,)])
block("periodic: {frequencies: 3, units: 4}", periodic, [(7, 3), (42, 4), (7, 4)])
block("periodic: {frequencies: 3, units: 4}", periodic, [(4, 3), (24, 4), (4, 4)], [4, 1, 2])
block("piecewise_linear: {bins: 8, units: none}", lambda x: piecewise_linear(x, 8).flatten(1), [])
block("piecewise_linear: {bins: 8, units: 4, activation: tanh}", piecewise_dense, [(56, 4), (7, 4)])
block("feature_tokens: {units: 3, class_token: true}", tokens([1] * 7), [(7, 3), (7, 3), (3,)])
block("feature_tokens: {units: 3, class_token: true}", tokens([1, 1, 3, 2]), [(7, 3), (4, 3), (3,)], [2, 3, 2])
lines = ",\n".join(json.dumps(b) for b in blocks)
pathlib.Path(__file__).with_name("blocks.json").write_text(f"[\n{lines}\n]\n")
