"""Writes metrics.json: metrics computed by scikit-learn in float64. Needs scikit-learn and SciPy."""
import json
import pathlib

import numpy as np
from scipy import stats
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


def calibration_error(truth, answers, weights, bins):
    """Guo et al. 2017, (1) to (3), by the letter; scikit-learn has none."""
    weights = np.ones(len(truth)) if weights is None else weights
    named, sure = answers.argmax(axis=1), answers.max(axis=1)
    error = 0
    for b in range(bins):
        inside = (sure >= b / bins) & ((sure < (b + 1) / bins) | (b == bins - 1))
        if weights[inside].sum() > 0:
            right = np.average(named[inside] == truth[inside], weights=weights[inside])
            error += weights[inside].sum() * abs(right - np.average(sure[inside], weights=weights[inside]))
    return error / weights.sum()


def spearman(answers, truth, weights):
    """A row of weight 2 stands for two; weights are multiples of 1/4."""
    times = np.ones(len(truth), int) if weights is None else (4 * weights).astype(int)
    return stats.spearmanr(np.repeat(answers, times), np.repeat(truth, times)).statistic


for classes, rows in ((2, 25), (3, 30), (5, 40)):
    # Multiples of 1/64, so that there are ties and float holds them exactly.
    answers = (1 + rng.multinomial(64 - classes, rng.dirichlet(np.ones(classes), rows))) / 64
    guess = answers.argmax(axis=1)
    truth = np.where(rng.random(rows) < 0.5, guess, rng.integers(classes, size=rows))
    if classes == 5:
        truth[truth == 4] = 2  # a class that is only predicted
    for w in (None, rng.integers(0, 9, rows) / 4):
        values = {
            "accuracy": m.accuracy_score(truth, guess, sample_weight=w),
            "balanced_accuracy": m.recall_score(
                truth, guess, sample_weight=w, average="macro", labels=np.unique(truth)
            ),
            "log_loss": m.log_loss(truth, answers, sample_weight=w, labels=range(classes)),
            "matthews": m.matthews_corrcoef(truth, guess, sample_weight=w),
            "brier": m.brier_score_loss(truth, answers if classes > 2 else answers[:, 1], sample_weight=w, labels=range(classes)),
            "expected_calibration_error": calibration_error(truth, answers, w, 10),
            "expected_calibration_error: 4": calibration_error(truth, answers, w, 4),
        }
        for name, score in {"precision": m.precision_score, "recall": m.recall_score, "f1": m.f1_score}.items():
            of = lambda **options: score(truth, guess, sample_weight=w, zero_division=0, **options)
            values[name] = of(average="binary" if classes == 2 else "macro")
            for average in ["macro", "micro", "weighted"] + ["binary"] * (classes == 2):
                values[f"{name}: {average}"] = of(average=average)
            for c in range(classes):
                values[f"{name}: {{class: {chr(97 + c)}}}"] = of(average=None, labels=[c])[0]
        for k in range(1, classes):
            # Of equal probabilities scikit-learn takes the last class first and we the first.
            turned = (classes - 1 - truth, answers[:, ::-1])
            if classes == 2:
                values["top_k: 1"] = values["accuracy"]
            else:
                values[f"top_k: {k}"] = m.top_k_accuracy_score(*turned, k=k, sample_weight=w, labels=range(classes))
        present = [1] if classes == 2 else np.unique(truth)
        values["pr_auc"] = np.mean([m.average_precision_score(truth == c, answers[:, c], sample_weight=w) for c in present])
        if classes == 2:
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
            "explained_variance": m.explained_variance_score(truth, answers, sample_weight=w),
            "mape": m.mean_absolute_percentage_error(truth + offset, answers + offset, sample_weight=w),
            "spearman": spearman(answers, truth, w),
        }
        add("number", answers + offset, truth + offset, w, values)
ties = rng.integers(0, 4, 16) / 2.0
for answers in (ties + rng.integers(-1, 2, 16) / 2, np.full(16, 1.5)):
    values = {
        "mape": m.mean_absolute_percentage_error(ties, answers),
        "explained_variance": m.explained_variance_score(ties, answers),
    }
    if np.ptp(answers) > 0:
        values["spearman"] = spearman(answers, ties, None)
    add("number", answers, ties, None, values)
same = np.full(5, 2.5)
for answers in (same, same + 1, same + np.arange(5)):
    scores = {"r2": m.r2_score, "explained_variance": m.explained_variance_score}
    add("number", answers, same, None, {name: score(same, answers) for name, score in scores.items()})

# Answers of a row: the point, then the quantiles 0.1, 0.5 and 0.9; or the point and a standard deviation.
levels = (0.1, 0.5, 0.9)
truth = rng.integers(-400, 400, 23) / 32
quantiles = np.sort(truth[:, None] + rng.integers(-200, 200, (23, 3)) / 32, axis=1)
deviations = rng.integers(1, 300, 23) / 64
for w in (None, rng.integers(0, 9, 23) / 4):
    inside = (quantiles[:, 0] <= truth) & (truth <= quantiles[:, 2])
    values = {
        "pinball": np.mean([m.mean_pinball_loss(truth, quantiles[:, i], sample_weight=w, alpha=q) for i, q in enumerate(levels)]),
        "coverage": np.average(inside, weights=w),
        "mae": m.mean_absolute_error(truth, quantiles[:, 1], sample_weight=w),
    }
    add("quantiles", np.column_stack([quantiles[:, 1], quantiles]), truth, w, values)
    inside = np.abs(truth - quantiles[:, 1]) <= stats.norm.ppf(0.975) * deviations
    add("deviation", np.column_stack([quantiles[:, 1], deviations]), truth, w, {"coverage": np.average(inside, weights=w)})

lines = ",\n".join(json.dumps(s) for s in sets)
pathlib.Path(__file__).with_name("metrics.json").write_text(f"[\n{lines}\n]\n")
