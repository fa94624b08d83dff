"""Writes encoders.json: columns encoded by scikit-learn. Needs scikit-learn and numpy."""
import json
import pathlib

import numpy as np
from sklearn.impute import SimpleImputer
from sklearn.preprocessing import (
    FunctionTransformer,
    MinMaxScaler,
    OneHotEncoder,
    QuantileTransformer,
    RobustScaler,
    StandardScaler,
)

rng = np.random.default_rng(5)
numbers, labels = [], []


def scaler(scale, rows):
    return {
        "standard": StandardScaler(),
        "minmax": MinMaxScaler(),
        "robust": RobustScaler(),
        "quantile": QuantileTransformer(
            n_quantiles=min(1000, rows), output_distribution="normal", subsample=None
        ),
        "none": FunctionTransformer(),
    }[scale]


def log1p(x):
    return np.sign(x) * np.log1p(np.abs(x))


def add_numbers(name, training, other):
    """Multiples of 1/64 or 1/4, so that float holds them exactly; NaN is missing."""
    column = np.asarray(training, float)[:, None]
    both = np.concatenate([training, other])[:, None]
    there = int(np.isfinite(column).sum())
    cases = []
    for scale in ["standard", "minmax", "robust", "quantile", "log1p", "none"]:
        for missing in ["mean", "median", "mode", "constant"]:
            if missing != "mean" and scale not in ("standard", "quantile"):
                continue
            if scale == "quantile" and len(set(training)) == 1:
                continue  # scikit-learn puts a constant at the lower end, -5.2; bpnet in the middle
            strategy = {"mode": "most_frequent"}.get(missing, missing)
            imputer = SimpleImputer(strategy=strategy, fill_value=7.5 if missing == "constant" else None)
            full = imputer.fit(column).transform(both)
            if scale == "log1p":
                encoded = StandardScaler().fit(log1p(column)).transform(log1p(full))
            else:
                encoded = scaler(scale, there).fit(column).transform(full)
            cases.append({"scale": scale, "missing": missing, "encoded": [float(f"{x:.9g}") for x in encoded.ravel()]})
    plain = lambda values: [None if np.isnan(x) else x for x in values]
    numbers.append({"name": name, "training": plain(training), "other": plain(other), "cases": cases})


def holes(x, count):
    rows = rng.choice(len(x) + count, count, replace=False)
    out = np.full(len(x) + count, np.nan)
    out[np.setdiff1d(np.arange(len(out)), rows)] = x
    return out


# 2^k + 1 numbers: the ranks of scikit-learn's quantiles are exact then, and equal numbers have the same rank.
outside = np.array([-500.0, -0.25, 0, 0.125, 3, 1000, np.nan])
add_numbers("normal", np.round(rng.normal(3, 10, 65) * 64) / 64, outside)
add_numbers("with holes", holes(np.round(rng.normal(-2, 5, 65) * 64) / 64, 12), outside)
add_numbers("long tail", np.round(np.exp(rng.normal(2, 2, 65)) * 4) / 4, outside)
add_numbers("few values", holes(rng.integers(0, 4, 33).astype(float), 5), outside)
add_numbers("one value", np.full(9, 3.0), np.array([3.0, np.nan]))


def add_labels(training, other, min_count):
    column = np.array(training, object)[:, None]
    encoder = OneHotEncoder(
        handle_unknown="ignore", min_frequency=None if min_count == 1 else min_count, sparse_output=False
    )
    encoder.fit(column)
    both = np.array(training + other, object)[:, None]
    labels.append(
        {
            "min_count": min_count,
            "training": training,
            "other": other,
            "encoded": encoder.transform(both).astype(int).tolist(),
        }
    )


words = ["red", "blue", "Green", "dark red", "\u00e9cru", "zinc"]
drawn = [words[i] for i in rng.choice(6, 40, p=[0.4, 0.3, 0.15, 0.05, 0.05, 0.05])]
for min_count in (1, 2, 4, 9):
    add_labels(drawn, ["red", "purple", "zinc", "Red"], min_count)

lines = [f'"{key}": [\n' + ",\n".join(map(json.dumps, cases)) + "\n]" for key, cases in (("numbers", numbers), ("labels", labels))]
pathlib.Path(__file__).with_name("encoders.json").write_text("{\n" + ",\n".join(lines) + "\n}\n")
