"""Writes optimizers.json: weights after steps of PyTorch's optimizers in float64. Needs torch."""
import json
import pathlib

import torch

torch.set_default_dtype(torch.float64)
torch.manual_seed(2)
STEPS = 10
# Three tensors; factors on learning rate and weight decay, as a layer's `rate` and `decay` set them.
SIZES, RATES, DECAYS = [35, 5, 18], [1.0, 1.0, 0.5], [1.0, 0.0, 2.0]
FACTORS = [1.0 - 0.05 * i for i in range(STEPS)]  # of a schedule


def rounded(n):
    return (torch.randn(n) * 1000).round() / 1000


start = [rounded(n) for n in SIZES]
gradients = [[rounded(n) for n in SIZES] for _ in range(STEPS)]

choices = {
    "sgd: 0.1": (torch.optim.SGD, {"lr": 0.1}),
    "sgd": (torch.optim.SGD, {"lr": 0.01}),
    "sgd: {learning_rate: 0.1, weight_decay: 0.05}": (torch.optim.SGD, {"lr": 0.1, "weight_decay": 0.05}),
    "sgd: {learning_rate: 0.1, momentum: 0.9}": (torch.optim.SGD, {"lr": 0.1, "momentum": 0.9}),
    "sgd: {learning_rate: 0.1, momentum: 0.9, nesterov: true, weight_decay: 0.05}": (
        torch.optim.SGD,
        {"lr": 0.1, "momentum": 0.9, "nesterov": True, "weight_decay": 0.05},
    ),
    "rmsprop": (torch.optim.RMSprop, {"lr": 0.001}),
    "rmsprop: {learning_rate: 0.01, alpha: 0.9, epsilon: 0.001}": (
        torch.optim.RMSprop,
        {"lr": 0.01, "alpha": 0.9, "eps": 0.001},
    ),
    "rmsprop: {learning_rate: 0.01, momentum: 0.5, weight_decay: 0.1}": (
        torch.optim.RMSprop,
        {"lr": 0.01, "momentum": 0.5, "weight_decay": 0.1},
    ),
    "adam": (torch.optim.Adam, {"lr": 0.001}),
    "adam: {learning_rate: 0.1, beta1: 0.8, beta2: 0.95, epsilon: 0.01}": (
        torch.optim.Adam,
        {"lr": 0.1, "betas": (0.8, 0.95), "eps": 0.01},
    ),
    "adam: {learning_rate: 0.1, weight_decay: 0.2}": (torch.optim.Adam, {"lr": 0.1, "weight_decay": 0.2}),
    "adamw": (torch.optim.AdamW, {"lr": 0.001, "weight_decay": 0.01}),
    "adamw: {learning_rate: 0.1, weight_decay: 0.3}": (torch.optim.AdamW, {"lr": 0.1, "weight_decay": 0.3}),
}

cases = []
for choice, (make, options) in choices.items():
    lr, decay = options.pop("lr"), options.pop("weight_decay", 0)
    tensors = [t.clone().requires_grad_(True) for t in start]
    groups = [
        {"params": [t], "lr": lr * rate, "weight_decay": decay * factor}
        for t, rate, factor in zip(tensors, RATES, DECAYS)
    ]
    optimizer = make(groups, **options)
    after = []
    for step in range(STEPS):
        for group, rate in zip(optimizer.param_groups, RATES):
            group["lr"] = lr * rate * FACTORS[step]
        for t, g in zip(tensors, gradients[step]):
            t.grad = g.clone()
        optimizer.step()
        if step in (0, STEPS - 1):
            after.append([x for t in tensors for x in t.detach().tolist()])
    cases.append({"optimizer": choice, "after_first": after[0], "after_last": after[1]})

record = {
    "sizes": SIZES,
    "rates": RATES,
    "decays": DECAYS,
    "factors": FACTORS,
    "start": [x for t in start for x in t.tolist()],
    "gradients": [[x for t in step for x in t.tolist()] for step in gradients],
}
lines = ",\n".join(f"{json.dumps(k)}: {json.dumps(v)}" for k, v in record.items())
listed = ",\n".join(json.dumps(c) for c in cases)
pathlib.Path(__file__).with_name("optimizers.json").write_text(f'{{\n{lines},\n"cases": [\n{listed}\n]}}\n')
