"""How many test rows lie in the interval of configs/quantile_regression.yaml, which should hold 90 %, over 20 splits of diabetes."""
import json
import os
import subprocess
import sys
import tempfile

import numpy as np

BPNET = os.environ["BPNET"]
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SEEDS = int(sys.argv[1]) if len(sys.argv) > 1 else 20

covered = []
with tempfile.TemporaryDirectory() as folder:
    for seed in range(SEEDS):
        run = os.path.join(folder, "r")
        config = os.path.join(ROOT, "configs", "quantile_regression.yaml")
        words = ["--set", f"data.split.seed={seed}", "--out", run, "--force", "--quiet"]
        subprocess.run([BPNET, "train", config, *words], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        told = subprocess.run([BPNET, "eval", run, "--json"], check=True, capture_output=True, text=True)
        covered.append(json.loads(told.stdout.splitlines()[-1])["metrics"]["coverage"])
error = np.std(covered, ddof=1) / len(covered) ** 0.5
print(f"coverage of the 90 % interval, {SEEDS} splits: mean {np.mean(covered):.3f} +- {error:.3f}, from {min(covered):.3f} to {max(covered):.3f}")
