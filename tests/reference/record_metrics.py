"""Writes metrics.json: metrics computed by scikit-learn in float64. Needs scikit-learn."""
import json
import pathlib

import numpy as np
from sklearn import metrics as m

rng = np.random.default_rng(3)
sets = []


def add(target, answers, truth, weights, values):
    sets.append(
        {
            "target": target,
            "answers": answers.ravel().tolist(),
            "truth": truth.tolist(),
            "weights": [] if weights is None else weights.tolist(),
            "values": {name: float(value) for name, value in values.items()},
        }
    )


for classes, rows in ((2, 25), (3, 30), (5, 40)):
    # Multiples of 1/64, so that there are ties and float holds them exactly.
    answers = (1 + rng.multinomial(64 - classes, rng.dirichlet(np.ones(classes), rows))) / 64
    guess = answers.argmax(axis=1)
    truth = np.where(rng.random(rows) < 0.5, guess, rng.integers(classes, size=rows))
    if classes == 5:
        truth[truth == 4] = 2  # a class that is only predicted
    for w in (None, rng.integers(0, 9, rows) / 4):
        f1 = lambda average: m.f1_score(truth, guess, sample_weight=w, average=average, zero_division=0)
        values = {
            "accuracy": m.accuracy_score(truth, guess, sample_weight=w),
            "balanced_accuracy": m.recall_score(
                truth, guess, sample_weight=w, average="macro", labels=np.unique(truth)
            ),
            "log_loss": m.log_loss(truth, answers, sample_weight=w, labels=range(classes)),
            "f1": f1("binary" if classes == 2 else "macro"),
            "f1: macro": f1("macro"),
            "f1: micro": f1("micro"),
            "f1: weighted": f1("weighted"),
        }
        if classes == 2:
            values["f1: binary"] = f1("binary")
            values["roc_auc"] = m.roc_auc_score(truth, answers[:, 1], sample_weight=w)
        elif classes == 3:
            values["roc_auc"] = m.roc_auc_score(truth, answers, sample_weight=w, multi_class="ovr", average="macro")
        add(f"classes:{classes}", answers, truth, w, values)

truth = rng.integers(-400, 400, 21) / 32
answers = truth + rng.integers(-100, 100, 21) / 32
for offset in (0, 4096):
    for w in (None, rng.integers(0, 9, 21) / 4):
        values = {
            "rmse": m.root_mean_squared_error(truth, answers, sample_weight=w),
            "mae": m.mean_absolute_error(truth, answers, sample_weight=w),
            "r2": m.r2_score(truth, answers, sample_weight=w),
        }
        add("number", answers + offset, truth + offset, w, values)
same = np.full(5, 2.5)
add("number", same, same, None, {"r2": m.r2_score(same, same)})
add("number", same + 1, same, None, {"r2": m.r2_score(same, same + 1)})

lines = ",\n".join(json.dumps(s) for s in sets)
pathlib.Path(__file__).with_name("metrics.json").write_text(f"[\n{lines}\n]\n")
