"""The formulas of tests/gradients/layer_run.hpp, for the scripts that record what PyTorch computes on them."""
import torch

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
