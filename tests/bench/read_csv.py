"""1,000,000 x 50 numbers: `bpnet check` as a whole process against pandas.read_csv; its peak memory."""
import os
import resource
import subprocess
import tempfile
import time

import numpy as np
import pandas as pd

BPNET = os.environ["BPNET"]
ROWS, COLUMNS = 1_000_000, 50

with tempfile.TemporaryDirectory() as folder:
    rng = np.random.default_rng(1)
    with open(f"{folder}/d.csv", "w") as f:
        f.write(",".join(f"x{i}" for i in range(COLUMNS)) + "\n")
        for _ in range(20):
            np.savetxt(f, rng.standard_normal((ROWS // 20, COLUMNS)), "%.6g", ",")
    with open(f"{folder}/c.yaml", "w") as f:
        f.write(f"data: {{file: d.csv, target: x{COLUMNS - 1}}}\nmodel: [output]\n")
    theirs, ours = [], []
    for _ in range(3):
        t = time.perf_counter()
        pd.read_csv(f"{folder}/d.csv")
        theirs.append(time.perf_counter() - t)
        t = time.perf_counter()
        subprocess.run([BPNET, "check", f"{folder}/c.yaml"], stdout=subprocess.DEVNULL, check=True)
        ours.append(time.perf_counter() - t)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    matrix = ROWS * COLUMNS * 4 / 2**20
    print(f"pandas.read_csv {min(theirs):.2f} s, bpnet check {min(ours):.2f} s: {min(theirs) / min(ours):.1f}x; peak {peak:.0f} MB, {peak / matrix:.2f} of the float matrix")
