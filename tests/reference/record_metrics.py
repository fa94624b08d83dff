"""Writes metrics.json: metrics computed by scikit-learn in float64. Needs scikit-learn."""
import json
import pathlib

import numpy as np
from sklearn import metrics as m

rng = np.random.default_rng(3)
cases = []


def add(metric, target, answers, truth, weights, value):
    cases.append(
        {
            "metric": metric,
            "target": target,
            "answers": answers.ravel().tolist(),
            "truth": truth.tolist(),
            "weights": [] if weights is None else weights.tolist(),
            "value": float(value),
        }
    )


for classes, rows in ((2, 25), (3, 30), (5, 40)):
    # Multiples of 1/64, so that there are ties and float holds them exactly.
    answers = rng.multinomial(58, rng.dirichlet(np.ones(classes), rows)) + 0.0
    answers[:, 0] += 64 - answers.sum(axis=1)
    answers /= 64
    truth = np.where(rng.random(rows) < 0.5, answers.argmax(axis=1), rng.integers(classes, size=rows))
    if classes == 5:
        truth[truth == 4] = 2  # a class that is only predicted
    positive = answers.copy()
    positive[positive == 0] = 1 / 1024
    guess = answers.argmax(axis=1)
    for w in (None, rng.integers(0, 9, rows) / 4):
        target = f"classes:{classes}"
        put = lambda metric, value, shown=answers: add(metric, target, shown, truth, w, value)
        put("accuracy", m.accuracy_score(truth, guess, sample_weight=w))
        put("balanced_accuracy", m.recall_score(truth, guess, sample_weight=w, average="macro", labels=np.unique(truth)))
        put("log_loss", m.log_loss(truth, positive, sample_weight=w, labels=range(classes)), positive)
        for average in ("macro", "micro", "weighted"):
            value = m.f1_score(truth, guess, sample_weight=w, average=average, zero_division=0)
            put(f"f1: {average}", value)
            if average == "macro" and classes > 2:
                put("f1", value)
        if classes == 2:
            put("f1", m.f1_score(truth, guess, sample_weight=w))
            put("f1: binary", m.f1_score(truth, guess, sample_weight=w))
            put("roc_auc", m.roc_auc_score(truth, answers[:, 1], sample_weight=w))
        elif classes == 3:
            put("roc_auc", m.roc_auc_score(truth, answers, sample_weight=w, multi_class="ovr", average="macro"))

truth = rng.integers(-400, 400, 21) / 32
answers = truth + rng.integers(-100, 100, 21) / 32
for offset in (0, 4096):
    for w in (None, rng.integers(0, 9, 21) / 4):
        put = lambda metric, value: add(metric, "number", answers + offset, truth + offset, w, value)
        put("rmse", m.root_mean_squared_error(truth, answers, sample_weight=w))
        put("mae", m.mean_absolute_error(truth, answers, sample_weight=w))
        put("r2", m.r2_score(truth, answers, sample_weight=w))
same = np.full(5, 2.5)
add("r2", "number", same, same, None, m.r2_score(same, same))
add("r2", "number", same + 1, same, None, m.r2_score(same, same + 1))

lines = ",\n".join(json.dumps(c) for c in cases)
pathlib.Path(__file__).with_name("metrics.json").write_text(f"[\n{lines}\n]\n")
