"""Writes schedules.json: factors on the learning rate computed by PyTorch's lr_scheduler. Needs torch."""
import json
import pathlib

import torch
from torch.optim import lr_scheduler as s

STEPS_PER_EPOCH, EPOCHS = 4, 10
STEPS = STEPS_PER_EPOCH * EPOCHS
cases = []


def optimizer():
    return torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)


def record(schedule, make, every=1):
    """`every`: steps between two calls of the scheduler."""
    o = optimizer()
    scheduler = make(o)
    factors = []
    for step in range(STEPS):
        factors.append(o.param_groups[0]["lr"])
        o.step()
        if (step + 1) % every == 0:
            scheduler.step()
    cases.append({"schedule": schedule, "steps_per_epoch": STEPS_PER_EPOCH, "steps": STEPS, "factors": factors})


def behind_warmup(make, rise):
    def both(o):
        warm = s.LinearLR(o, start_factor=1 / (rise + 1), total_iters=rise)
        return s.SequentialLR(o, [warm, make(o)], milestones=[rise])

    return both


record("constant", lambda o: s.ConstantLR(o, factor=1))
record("step: {every: 3 epochs, factor: 0.5}", lambda o: s.StepLR(o, 3, 0.5), STEPS_PER_EPOCH)
record("step: 7 steps", lambda o: s.StepLR(o, 7, 0.1))
record("step: {every: 25%, factor: 0.2}", lambda o: s.StepLR(o, 10, 0.2))
record("exponential: 0.8", lambda o: s.ExponentialLR(o, 0.8), STEPS_PER_EPOCH)
record("cosine", lambda o: s.CosineAnnealingLR(o, STEPS))
record("cosine: {min: 0.05}", lambda o: s.CosineAnnealingLR(o, STEPS, 0.05))
record("one_cycle", lambda o: s.OneCycleLR(o, 1.0, STEPS))
record(
    "one_cycle: {rise: 0.4, start: 0.1, end: 0.01}",
    lambda o: s.OneCycleLR(o, 1.0, STEPS, pct_start=0.4, div_factor=10, final_div_factor=10),
)
record("constant: {warmup: 2 epochs}", behind_warmup(lambda o: s.ConstantLR(o, factor=1), 8))
record("cosine: {min: 0.1, warmup: 10%}", behind_warmup(lambda o: s.CosineAnnealingLR(o, STEPS - 4, 0.1), 4))
record("step: {every: 9 steps, warmup: 5 steps}", behind_warmup(lambda o: s.StepLR(o, 9, 0.1), 5))
record("multi_step: [2, 5, 6]", lambda o: s.MultiStepLR(o, [2, 5, 6]), STEPS_PER_EPOCH)
record("multi_step: {at: [3], factor: 0.5}", lambda o: s.MultiStepLR(o, [3], 0.5), STEPS_PER_EPOCH)
record("polynomial", lambda o: s.LinearLR(o, 1, 0, STEPS))
record("polynomial: 2.5", lambda o: s.PolynomialLR(o, STEPS, 2.5))
record("polynomial: {min: 0.1, warmup: 10%}", behind_warmup(lambda o: s.LinearLR(o, 1, 0.1, STEPS - 4), 4))
record("cosine_restarts: {first: 2 epochs}", lambda o: s.CosineAnnealingWarmRestarts(o, 8, 2))
record("cosine_restarts: {first: 7 steps, growth: 1, min: 0.2}", lambda o: s.CosineAnnealingWarmRestarts(o, 7, 1, 0.2))
record("inverse_sqrt: {time: 6 steps, warmup: 6 steps}", behind_warmup(lambda o: s.LambdaLR(o, lambda n: (6 / (6 + n)) ** 0.5), 6))

# Plateau: the value seen after each evaluation, and the factor from then on.
falling = [3, 2, 1.5, 1.4999, 1.5, 1.6, 1.45, 1.5, 1.5, 1.46, 1.47, 1.48, 1.2, 1.3, 1.3, 1.3, 1.3, 1.3, 1.3, 1.3]
for schedule, values, mode, options in (
    ("plateau: {factor: 0.5, patience: 2}", falling, "min", {"factor": 0.5, "patience": 2}),
    ("plateau: {factor: 0.1, patience: 0, min: 0.001}", falling, "min", {"factor": 0.1, "patience": 0, "min_lr": 0.001}),
    ("plateau: {factor: 0.5, patience: 1, threshold: 0.05}", [1 / v for v in falling], "max",
     {"factor": 0.5, "patience": 1, "threshold": 0.05}),
):
    o = optimizer()
    scheduler = s.ReduceLROnPlateau(o, mode=mode, **options)
    factors = []
    for value in values:
        scheduler.step(value)
        factors.append(o.param_groups[0]["lr"])
    cases.append({"schedule": schedule, "higher_is_better": mode == "max", "values": values, "factors": factors})

lines = ",\n".join(json.dumps(c) for c in cases)
pathlib.Path(__file__).with_name("schedules.json").write_text(f"[\n{lines}\n]\n")
