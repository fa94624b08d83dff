"""Records what PyTorch says of losses and normalisation, for tests/math_*.cpp.
usage: python tests/reference/record_math.py > tests/reference/math.json   (needs torch)"""
import json
import torch
import torch.nn.functional as F

torch.manual_seed(7)
torch.set_default_dtype(torch.float64)


def numbers(tensor):
    return [float(f"{x:.9g}") for x in tensor.detach().flatten().tolist()]


def rounded(tensor):
    """The tensor as a float32 holds it, so that both sides read the same numbers."""
    return tensor.float().double().requires_grad_()


def cross_entropy(rows, width, smoothing, weighted):
    logits = rounded(3 * torch.randn(rows, width))
    classes = torch.randint(width, (rows,))
    classes[::5] = -1
    weights = rounded(torch.rand(width) + 0.5).detach() if weighted else None
    row_weights = rounded(torch.rand(rows)).detach()
    each = F.cross_entropy(logits, classes, weight=weights, ignore_index=-1, label_smoothing=smoothing, reduction="none")
    loss = (each * row_weights).sum()
    loss.backward()
    kept = classes >= 0
    own = weights[classes.clamp(min=0)] if weighted else torch.ones(rows)
    return {"rows": rows, "width": width, "smoothing": smoothing, "logits": numbers(logits), "classes": classes.tolist(),
            "class_weights": numbers(weights) if weighted else [], "row_weights": numbers(row_weights),
            "loss": loss.item(), "weight": (own * row_weights * kept).sum().item(), "gradient": numbers(logits.grad),
            "softmax": numbers(logits.softmax(1))}


def row_loss(name, function, binary=False):
    rows = 21
    predictions = rounded(2 * torch.randn(rows))
    values = (torch.rand(rows) < 0.4).double() if binary else rounded(torch.randn(rows)).detach()
    row_weights = rounded(torch.rand(rows)).detach()
    loss = (function(predictions, values) * row_weights).sum()
    loss.backward()
    return {"name": name, "predictions": numbers(predictions), "values": numbers(values), "row_weights": numbers(row_weights),
            "loss": loss.item(), "gradient": numbers(predictions.grad)}


def normalisation(name, rows, width):
    x = rounded(2 * torch.randn(rows, width) + 1)
    scale, shift = rounded(torch.rand(width) + 0.5), rounded(torch.randn(width))
    dout = rounded(torch.randn(rows, width)).detach()
    if name == "layer_norm":
        out = F.layer_norm(x, (width,), scale, shift, 1e-5)
    else:
        out = F.batch_norm(x, None, None, scale, shift, training=True, eps=1e-5)
    (out * dout).sum().backward()
    return {"name": name, "rows": rows, "width": width, "in": numbers(x), "scale": numbers(scale), "shift": numbers(shift),
            "dout": numbers(dout), "out": numbers(out), "din": numbers(x.grad), "dscale": numbers(scale.grad),
            "dshift": numbers(shift.grad)}


none = {"reduction": "none"}
print(json.dumps({
    "cross_entropy": [cross_entropy(*case) for case in
                      [(32, 3, 0.0, False), (19, 2, 0.1, True), (20, 10, 0.2, True), (7, 16, 0.1, False), (12, 21, 0.0, True),
                       (5, 40, 0.1, True)]],
    "row_losses": [row_loss("squared", lambda p, v: F.mse_loss(p, v, **none)),
                   row_loss("absolute", lambda p, v: F.l1_loss(p, v, **none)),
                   row_loss("huber", lambda p, v: F.huber_loss(p, v, delta=0.75, **none)),
                   row_loss("binary", lambda p, v: F.binary_cross_entropy_with_logits(p, v, **none), binary=True)],
    "normalisations": [normalisation("layer_norm", 5, 37), normalisation("layer_norm", 34, 4),
                       normalisation("batch_norm", 35, 5), normalisation("batch_norm", 3, 20)],
}, indent=None))
