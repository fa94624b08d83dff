"""Writes linear.json: what scikit-learn's linear models reach on the shipped data, every fifth row for the test. Needs scikit-learn."""
import csv
import json
import pathlib

import numpy as np
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.metrics import accuracy_score, log_loss, mean_squared_error

ROOT = pathlib.Path(__file__).parents[2]
out = {}
for name, target in {"wine": "cultivar", "breast_cancer": "diagnosis", "iris": "species", "diabetes": "progression"}.items():
    with open(ROOT / "data" / f"{name}.csv") as f:
        rows = list(csv.DictReader(f))
    x = np.array([[float(cell) for column, cell in row.items() if column != target] for row in rows])
    y = np.array([row[target] for row in rows])
    test = np.arange(len(y)) % 5 == 4
    x = (x - x[~test].mean(axis=0)) / x[~test].std(axis=0)
    if name == "diabetes":
        y = y.astype(float)
        # The penalty |w|^2 / (2 rows) beside the mean of squares of standardised targets.
        mean, deviation = y[~test].mean(), y[~test].std()
        model = Ridge(alpha=0.5).fit(x[~test], (y[~test] - mean) / deviation)
        answers = model.predict(x[test]) * deviation + mean
        out[name] = {"target": target, "metrics": {"rmse": float(np.sqrt(mean_squared_error(y[test], answers)))}}
    else:
        model = LogisticRegression(C=1, tol=1e-8, max_iter=10000).fit(x[~test], y[~test])
        answers = model.predict_proba(x[test])
        out[name] = {"target": target, "metrics": {"log_loss": float(log_loss(y[test], answers)), "accuracy": float(accuracy_score(y[test], model.predict(x[test])))}}
pathlib.Path(__file__).with_name("linear.json").write_text(json.dumps(out, indent=1) + "\n")
