"""Writes optimizers.json: weights after steps of PyTorch's optimizers in float64. Needs torch.

lion, lookahead and sam, which PyTorch has not, are written out here from their papers.
"""
import json
import pathlib

import torch

torch.set_default_dtype(torch.float64)
torch.manual_seed(2)
STEPS = 10
# Three tensors; factors on learning rate and weight decay, as a layer's `rate` and `decay` set them.
SIZES, RATES, DECAYS = [35, 5, 18], [1.0, 1.0, 0.5], [1.0, 0.0, 2.0]
SHAPES = [[5, 7], [5], [6, 3]]  # in memory: a matrix is (in, out), the transpose of PyTorch's
FACTORS = [1.0 - 0.05 * i for i in range(STEPS)]  # of a schedule


def rounded(n):
    return (torch.randn(n) * 1000).round() / 1000


start = [rounded(n) for n in SIZES]
gradients = [[rounded(n) for n in SIZES] for _ in range(STEPS)]

class Lion(torch.optim.Optimizer):
    """Chen et al. 2023, algorithm 2."""

    def __init__(self, groups, lr, betas=(0.9, 0.99)):
        super().__init__(groups, {"lr": lr, "betas": betas, "weight_decay": 0})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            beta1, beta2 = group["betas"]
            for w in group["params"]:
                m = self.state[w].setdefault("m", torch.zeros_like(w))
                update = torch.sign(beta1 * m + (1 - beta1) * w.grad)
                w -= group["lr"] * (update + group["weight_decay"] * w)
                m.mul_(beta2).add_(w.grad, alpha=1 - beta2)


class Rprop(torch.optim.Rprop):
    """PyTorch's looks at its learning rate in the first step only; here a schedule acts on the steps made."""

    def step(self):
        before = [w.detach().clone() for group in self.param_groups for w in group["params"]]
        rates = [group["lr"] for group in self.param_groups]
        for group in self.param_groups:
            group["lr"] = self.defaults["lr"]
        super().step()
        with torch.no_grad():
            for group, rate, old in zip(self.param_groups, rates, before):
                (w,) = group["params"]
                w.copy_(old + (w - old) * rate / self.defaults["lr"])


class Muon:
    """PyTorch's, in float64 where that computes in bfloat16, for matrices; AdamW for all else."""

    def __init__(self, groups, lr, others, **options):
        matrix = [g for g in groups if g["params"][0].ndim == 2]
        self.others_rate = others / lr
        rest = [g for g in groups if g["params"][0].ndim != 2]
        self.muon = torch.optim.Muon(matrix, lr=lr, **options)
        self.adamw = torch.optim.AdamW(rest, lr=lr)
        self.groups = [g["params"][0] for g in groups]

    @property
    def param_groups(self):
        groups = {id(g["params"][0]): g for g in self.muon.param_groups + self.adamw.param_groups}
        return [groups[id(w)] for w in self.groups]

    def step(self):
        to = torch.Tensor.to
        torch.Tensor.to = lambda t, dtype=None, copy=False: t.clone() if dtype == torch.bfloat16 else to(t, dtype=dtype, copy=copy)
        self.muon.step()
        torch.Tensor.to = to
        for g in self.adamw.param_groups:
            g["lr"] *= self.others_rate
        self.adamw.step()


class Lookahead:
    """Zhang et al. 2019, algorithm 1."""

    def __init__(self, groups, lr, steps, alpha):
        self.inner = torch.optim.Adam(groups, lr=lr)
        self.param_groups = self.inner.param_groups
        self.weights = [g["params"][0] for g in groups]
        self.slow = [w.detach().clone() for w in self.weights]
        self.steps, self.alpha, self.done = steps, alpha, 0

    @torch.no_grad()
    def step(self):
        self.inner.step()
        self.done += 1
        if self.done % self.steps == 0:
            for slow, w in zip(self.slow, self.weights):
                slow += self.alpha * (w - slow)
                w.copy_(slow)


class Sam:
    """Foret et al. 2021, algorithm 1."""

    def __init__(self, groups, lr, rho, **options):
        self.inner = torch.optim.SGD(groups, lr=lr, **options)
        self.param_groups = self.inner.param_groups
        self.weights = [g["params"][0] for g in groups]
        self.rho = rho

    @torch.no_grad()
    def step(self, gradient):
        norm = torch.cat([w.grad.flatten() for w in self.weights]).norm()
        before = [w.clone() for w in self.weights]
        for w in self.weights:
            w += self.rho * w.grad / norm
        for w, g in zip(self.weights, gradient()):
            w.grad = g
        for w, old in zip(self.weights, before):
            w.copy_(old)
        self.inner.step()


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
    "adam: {learning_rate: 0.1, beta2: 0.6, amsgrad: true, weight_decay: 0.2}": (
        torch.optim.Adam,
        {"lr": 0.1, "betas": (0.9, 0.6), "amsgrad": True, "weight_decay": 0.2},
    ),
    "adamw: {learning_rate: 0.1, beta2: 0.6, amsgrad: true, weight_decay: 0.3}": (
        torch.optim.AdamW,
        {"lr": 0.1, "betas": (0.9, 0.6), "amsgrad": True, "weight_decay": 0.3},
    ),
    "nadam": (torch.optim.NAdam, {"lr": 0.002}),
    "nadam: {learning_rate: 0.1, beta1: 0.8, momentum_decay: 0.5, weight_decay: 0.2}": (
        torch.optim.NAdam,
        {"lr": 0.1, "betas": (0.8, 0.999), "momentum_decay": 0.5, "weight_decay": 0.2},
    ),
    "radam": (torch.optim.RAdam, {"lr": 0.001}),
    "radam: {learning_rate: 0.1, beta2: 0.9, weight_decay: 0.2}": (
        torch.optim.RAdam,
        {"lr": 0.1, "betas": (0.9, 0.9), "weight_decay": 0.2},
    ),
    "adagrad": (torch.optim.Adagrad, {"lr": 0.01}),
    "adagrad: {learning_rate: 0.1, rate_decay: 0.1, initial_sum: 0.5, epsilon: 0.01, weight_decay: 0.2}": (
        torch.optim.Adagrad,
        {"lr": 0.1, "lr_decay": 0.1, "initial_accumulator_value": 0.5, "eps": 0.01, "weight_decay": 0.2},
    ),
    "adadelta": (torch.optim.Adadelta, {"lr": 1.0}),
    "adadelta: {learning_rate: 2, rho: 0.7, epsilon: 0.01, weight_decay: 0.2}": (
        torch.optim.Adadelta,
        {"lr": 2.0, "rho": 0.7, "eps": 0.01, "weight_decay": 0.2},
    ),
    "lion": (Lion, {"lr": 0.0001}),
    "lion: {learning_rate: 0.01, beta1: 0.8, beta2: 0.9, weight_decay: 0.5}": (
        Lion,
        {"lr": 0.01, "betas": (0.8, 0.9), "weight_decay": 0.5},
    ),
    "rprop": (Rprop, {"lr": 0.01}),
    "rprop: {learning_rate: 0.1, shrink: 0.3, grow: 1.5, least: 0.05, most: 0.2}": (
        Rprop,
        {"lr": 0.1, "etas": (0.3, 1.5), "step_sizes": (0.05, 0.2)},
    ),
    "muon: {learning_rate: 0.1, others: {adamw: {learning_rate: 0.05, weight_decay: 0}}}": (
        Muon,
        {"lr": 0.1, "others": 0.05},
    ),
    "muon: {learning_rate: 0.1, momentum: 0.8, nesterov: false, iterations: 3, weight_decay: 0.3, others: {adamw: 0.1}}": (
        Muon,
        {"lr": 0.1, "others": 0.1, "momentum": 0.8, "nesterov": False, "ns_steps": 3, "weight_decay": 0.3},
    ),
    "lookahead: {inner: {adam: 0.1}, steps: 3, alpha: 0.4}": (Lookahead, {"lr": 0.1, "steps": 3, "alpha": 0.4}),
    "sam: {inner: {sgd: 0.1}, rho: 2}": (Sam, {"lr": 0.1, "rho": 2}),
    "sam: {inner: {sgd: {learning_rate: 0.1, momentum: 0.9, weight_decay: 0.05}}, rho: 1}": (
        Sam,
        {"lr": 0.1, "rho": 1, "momentum": 0.9, "weight_decay": 0.05},
    ),
}


def of_torch(flat, shape):
    """A parameter as PyTorch has it from one in memory."""
    t = flat.clone().view(*shape)
    return t.T.contiguous() if t.ndim == 2 else t


def in_memory(tensors):
    return [x for t in tensors for x in (t.T if t.ndim == 2 else t).flatten().tolist()]


cases = []
for choice, (make, options) in choices.items():
    lr, decay = options.pop("lr"), options.pop("weight_decay", 0)
    tensors = [of_torch(t, shape).requires_grad_(True) for t, shape in zip(start, SHAPES)]
    # The loss of a step: its gradient times the weights and, for those who look twice, a parabola.
    curvature = 0.5 if make is Sam else 0
    groups = [
        {"params": [t], "lr": lr * rate, "weight_decay": decay * factor}
        for t, rate, factor in zip(tensors, RATES, DECAYS)
    ]
    optimizer = make(groups, lr=lr, **options)
    after = []
    for step in range(STEPS):
        for group, rate in zip(optimizer.param_groups, RATES):
            group["lr"] = lr * rate * FACTORS[step]

        def gradient():
            return [of_torch(g, shape) + curvature * t.detach() for g, shape, t in zip(gradients[step], SHAPES, tensors)]

        for t, g in zip(tensors, gradient()):
            t.grad = g
        optimizer.step(gradient) if make is Sam else optimizer.step()
        if step in (0, STEPS - 1):
            after.append(in_memory(t.detach() for t in tensors))
    cases.append({"optimizer": choice, "curvature": curvature, "after_first": after[0], "after_last": after[1]})

# lbfgs: one iteration a step on g * w + sum of c / 2 * w^2 + c / 4 * w^4, c rising along the weights.
LBFGS = {"lbfgs": {"history_size": 10}, "lbfgs: {learning_rate: 0.3, history: 2}": {"lr": 0.3, "history_size": 2}}
flat_start, slope = torch.cat(start), torch.cat(gradients[0])
rise = 0.5 + torch.arange(len(flat_start)) / 10
searches = []
for choice, options in LBFGS.items():
    w = flat_start.clone().requires_grad_(True)
    optimizer = torch.optim.LBFGS([w], max_iter=1, max_eval=26, line_search_fn="strong_wolfe", **options)

    def closure():
        optimizer.zero_grad()
        loss = (slope * w + rise * (w**2 / 2 + w**4 / 4)).sum()
        loss.backward()
        return loss

    after = []
    for step in range(6):
        optimizer.step(closure)
        after.append(w.detach().tolist())
    searches.append({"optimizer": choice, "after": [after[0], after[2], after[5]]})

record = {
    "sizes": SIZES,
    "shapes": SHAPES,
    "rates": RATES,
    "decays": DECAYS,
    "factors": FACTORS,
    "start": [x for t in start for x in t.tolist()],
    "gradients": [[x for t in step for x in t.tolist()] for step in gradients],
}
lines = ",\n".join(f"{json.dumps(k)}: {json.dumps(v)}" for k, v in record.items())
listed = ",\n".join(json.dumps(c) for c in cases)
searched = ",\n".join(json.dumps(c) for c in searches)
pathlib.Path(__file__).with_name("optimizers.json").write_text(
    f'{{\n{lines},\n"cases": [\n{listed}\n],\n"searches": [\n{searched}\n]}}\n'
)
