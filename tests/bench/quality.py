"""bpnet against scikit-learn's MLPs of the same sizes on the small sets: 20 seeds, the same rows for both by a split column.

Both: one hidden layer of 64 relu units (digits: 128), Adam 0.001 (diabetes 0.01), batches of 32, the same number of epochs, no
early stopping; features standardised on training rows. Reported: mean test accuracy (R2 for diabetes), and the mean paired
difference with its standard error.
"""
import json
import os
import subprocess
import sys
import tempfile
import warnings

import numpy as np
import pandas as pd
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.preprocessing import StandardScaler

warnings.filterwarnings("ignore")
BPNET = os.environ["BPNET"]
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SEEDS = int(sys.argv[1]) if len(sys.argv) > 1 else 20
CASES = {  # target, hidden units, epochs, learning rate
    "iris": ("species", 64, 100, 0.001),
    "wine": ("cultivar", 64, 100, 0.001),
    "breast_cancer": ("diagnosis", 64, 50, 0.001),
    "digits": ("digit", 128, 50, 0.001),
    "diabetes": ("progression", 64, 50, 0.001),
}


def ours(folder, frame, target, hidden, epochs, rate, seed, classes):
    frame.to_csv(f"{folder}/d.csv", index=False)
    kind = "category" if classes else "number"
    with open(f"{folder}/c.yaml", "w") as f:
        f.write(
            f"data: {{file: d.csv, target: {target}, columns: {{{target}: {kind}}}, split: {{column: part}}}}\n"
            f"model: [{{dense: {{units: {hidden}, activation: relu}}}}, output]\n"
            f"optimizer: {{adam: {{learning_rate: {rate}}}}}\n"
            f"train: {{epochs: {epochs}, batch_size: 32, seed: {seed}, best: last}}\n"
        )
    subprocess.run([BPNET, "train", f"{folder}/c.yaml", "--out", f"{folder}/r", "--force", "--quiet"], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    r = subprocess.run([BPNET, "eval", f"{folder}/r", "--json"], check=True, capture_output=True, text=True)
    return json.loads(r.stdout.splitlines()[-1])["metrics"]["accuracy" if classes else "r2"]


def theirs(x, y, train, test, hidden, epochs, rate, seed, classes):
    scaler = StandardScaler().fit(x[train])
    made = MLPClassifier if classes else MLPRegressor
    net = made(hidden_layer_sizes=(hidden,), batch_size=32, learning_rate_init=rate, max_iter=epochs, random_state=seed, alpha=0, n_iter_no_change=epochs, tol=0)
    goal = y
    if not classes:
        goal = (y - y[train].mean()) / y[train].std()
    net.fit(scaler.transform(x[train]), goal[train])
    return net.score(scaler.transform(x[test]), goal[test])


print(f"{'set':<14} {'bpnet':>8} {'sklearn':>8} {'difference':>11} {'its error':>10}  in errors")
for name, (target, hidden, epochs, rate) in CASES.items():
    frame = pd.read_csv(f"{ROOT}/data/{name}.csv")
    classes = name != "diabetes"
    x, y = frame.drop(columns=target).to_numpy(float), frame[target].to_numpy()
    differences, a, b = [], [], []
    for seed in range(SEEDS):
        train, test = train_test_split(np.arange(len(frame)), test_size=0.2, random_state=seed, stratify=y if classes else None)
        frame["part"] = "train"
        frame.loc[test, "part"] = "test"
        with tempfile.TemporaryDirectory() as folder:
            a.append(ours(folder, frame, target, hidden, epochs, rate, seed, classes))
        b.append(theirs(x, y, train, test, hidden, epochs, rate, seed, classes))
        differences.append(a[-1] - b[-1])
    mean, error = np.mean(differences), np.std(differences, ddof=1) / np.sqrt(SEEDS)
    print(f"{name:<14} {np.mean(a):>8.4f} {np.mean(b):>8.4f} {mean:>+11.4f} {error:>10.4f}  {mean / max(error, 1e-12):+.1f}", flush=True)
