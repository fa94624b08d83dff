#!/usr/bin/env python3
"""Records what PyTorch computes for the layers of bpnet's table, in double, on the formulas of tests/gradients/layer_run.hpp.

usage: record_layers.py > layers.json
"""
import json
import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)
SAMPLES = 5


def formula(series, n):
    i = torch.arange(n)
    return torch.sin(0.7 * i + 1.3 * series + 0.3) + 0.3 * torch.cos(2.1 * i * (series + 1))


def tensor(series, *shape):
    n = 1
    for s in shape:
        n *= s
    return formula(series, n).reshape(shape).requires_grad_()


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
print(json.dumps(out))
