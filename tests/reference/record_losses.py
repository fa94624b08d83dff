"""Writes losses.json: losses and gradients computed by PyTorch in float64. Needs torch."""
import json
import pathlib

import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)
torch.manual_seed(1)
ROWS = 7


def rounded(*shape, scale=1.0):
    return (torch.randn(*shape) * scale * 1000).round() / 1000


def case(choice, target, outputs, truth, row_losses, class_weights=None, row_weights=None):
    """row_losses: outputs, truth -> loss of each row. The mean is over row weights times class weights."""
    outputs = outputs.clone().requires_grad_(True)
    weights = torch.ones(ROWS) if row_weights is None else row_weights
    total = (row_losses(outputs, truth) * weights).sum()
    total.backward()
    of_class = 1 if class_weights is None else class_weights[truth]
    return {
        "loss": choice,
        "target": target,
        "outputs": outputs.detach().flatten().tolist(),
        "truth": truth.tolist(),
        "weights": [] if row_weights is None else row_weights.tolist(),
        "sum": total.item(),
        "mean": (total / (weights * of_class).sum()).item(),
        "gradient": outputs.grad.flatten().tolist(),
    }


cases = []
row_weights = torch.tensor([1, 0.5, 2, 0, 1.5, 3, 0.25])
for classes in (2, 3, 19):
    outputs = rounded(ROWS, classes, scale=3)
    truth = torch.randint(classes, (ROWS,))
    weights = torch.ones(classes)
    weights[:2] = torch.tensor([0.5, 3.0])
    for choice, kwargs in {
        "cross_entropy": {},
        "cross_entropy: {label_smoothing: 0.1}": {"label_smoothing": 0.1},
        "cross_entropy: {class_weights: {b: 3, a: 0.5}}": {"weight": weights},
        "cross_entropy: {label_smoothing: 0.2, class_weights: {a: 0.5, b: 3}}": {"label_smoothing": 0.2, "weight": weights},
    }.items():
        rows = lambda o, t: F.cross_entropy(o, t, reduction="none", **kwargs)
        for w in (None, row_weights):
            cases.append(case(choice, f"classes:{classes}", outputs, truth, rows, kwargs.get("weight"), w))

outputs = rounded(ROWS, scale=4)
truth = torch.randint(2, (ROWS,))
for choice, smoothing, positive in (
    ("binary_cross_entropy", 0, 1),
    ("binary_cross_entropy: {label_smoothing: 0.1}", 0.1, 1),
    ("binary_cross_entropy: {label_smoothing: 0.1, positive_weight: 2.5}", 0.1, 2.5),
):
    positive = torch.tensor(positive)
    rows = lambda o, t: F.binary_cross_entropy_with_logits(
        o, t * (1 - smoothing) + smoothing / 2, pos_weight=positive, reduction="none"
    )
    weights = torch.stack([torch.ones_like(positive), positive])
    for w in (None, row_weights):
        cases.append(case(choice, "classes:2", outputs, truth, rows, weights, w))

outputs, truth = rounded(ROWS, scale=2), rounded(ROWS)
for choice, rows in {
    "mse": lambda o, t: F.mse_loss(o, t, reduction="none"),
    "mae": lambda o, t: F.l1_loss(o, t, reduction="none"),
    "huber": lambda o, t: F.huber_loss(o, t, reduction="none"),
    "huber: 0.3": lambda o, t: F.huber_loss(o, t, reduction="none", delta=0.3),
}.items():
    for w in (None, row_weights):
        cases.append(case(choice, "number", outputs, truth, rows, None, w))

# The other losses of classes; of two classes the single output z stands for (0, z).
def both(o):
    return torch.cat([torch.zeros_like(o[:, None]), o[:, None]], dim=1) if o.dim() == 1 else o


def focal(gamma):
    def rows(o, t):
        log_p = F.log_softmax(both(o), dim=1).gather(1, t[:, None])[:, 0]
        return -((1 - log_p.exp()) ** gamma) * log_p

    return rows


def hinge(p, margin):
    def rows(o, t):
        o = both(o)
        return F.multi_margin_loss(o, t, p=p, margin=margin, reduction="none") * o.shape[1] / (o.shape[1] - 1)

    return rows


for classes in (2, 3, 20):
    outputs = rounded(ROWS, scale=2) if classes == 2 else rounded(ROWS, classes, scale=2)
    truth = torch.randint(classes, (ROWS,))
    weights = torch.ones(classes)
    weights[:2] = torch.tensor([0.5, 3.0])
    for choice, rows in {
        "focal: {%s}": focal(2),
        "focal: {gamma: 0.5, %s}": focal(0.5),
        "hinge: {%s}": hinge(1, 1),
        "hinge: {margin: 2.5, squared: true, %s}": hinge(2, 2.5),
    }.items():
        for named, of_class in (("", None), ("class_weights: {a: 0.5, b: 3}", weights)):
            weighted = lambda o, t: rows(o, t) * (1 if of_class is None else of_class[t])
            for w in (None, row_weights):
                cases.append(case(choice % named, f"classes:{classes}", outputs, truth, weighted, of_class, w))

for classes in (2, 5):
    outputs, truth = rounded(ROWS, classes), torch.randint(classes, (ROWS,))
    rows = lambda o, t: 1 - F.cosine_similarity(o, F.one_hot(t, classes).double(), dim=1)
    for w in (None, row_weights):
        cases.append(case("cosine", f"classes:{classes}", outputs, truth, rows, None, w))


# The other losses of numbers.
def quantile(*levels):
    def rows(o, t):
        d = t[:, None] - o.reshape(ROWS, -1)
        q = torch.tensor(levels)
        return torch.maximum(q * d, (q - 1) * d).mean(dim=1)

    return rows


def gaussian(o, t):
    return F.gaussian_nll_loss(o[:, 0], t, F.softplus(o[:, 1]) + 1e-6, reduction="none")


outputs, truth = rounded(ROWS, scale=2), rounded(ROWS)
for choice, out, to, rows in (
    ("log_cosh", outputs, truth, lambda o, t: torch.log(torch.cosh(o - t))),
    ("poisson", outputs, torch.tensor([0.0, 3, 1, 0, 12, 2, 5]), lambda o, t: F.poisson_nll_loss(o, t, reduction="none")),
    ("quantile: 0.3", outputs, truth, quantile(0.3)),
    ("quantile: [0.9, 0.1, 0.5]", rounded(ROWS, 3), truth, quantile(0.1, 0.5, 0.9)),
    ("gaussian_nll", rounded(ROWS, 2, scale=2), truth, gaussian),
):
    for w in (None, row_weights):
        cases.append(case(choice, "number", out, to, rows, None, w))

lines = ",\n".join(json.dumps(c) for c in cases)
pathlib.Path(__file__).with_name("losses.json").write_text(f"[\n{lines}\n]\n")
