"""`bpnet predict` from standard input on a small net: MB of CSV a second, and its peak memory; for rows of 13 and of 50 numbers."""
import os
import resource
import subprocess
import tempfile
import time

BPNET = os.environ["BPNET"]
MEGABYTES = 150

with tempfile.TemporaryDirectory() as folder:
    for columns in [13, 50]:
        header = ",".join([f"x{i}" for i in range(columns)] + ["y"]) + "\n"
        rows = [",".join([f"{(i * 7919 + c * 104729) % 20011 / 1000 - 10:.4f}" for c in range(columns)] + ["abc"[i % 3]]) + "\n" for i in range(3000)]
        with open(f"{folder}/t.csv", "w") as f:
            f.write(header + "".join(rows))
        with open(f"{folder}/c.yaml", "w") as f:
            f.write("data: {file: t.csv, target: y}\nmodel: [{dense: {units: 32, activation: relu}}, output]\ntrain: {epochs: 2}\n")
        subprocess.run([BPNET, "train", "c.yaml", "--out", "r", "--force", "--quiet"], cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
        with open(f"{folder}/big.csv", "w") as f:
            f.write(header)
            for _ in range(MEGABYTES * 1_000_000 // len("".join(rows))):
                f.write("".join(rows))
        best = float("inf")
        for _ in range(5):
            with open(f"{folder}/big.csv") as f:
                cat = subprocess.Popen(["cat"], stdin=f, stdout=subprocess.PIPE)
                t = time.perf_counter()
                subprocess.run([BPNET, "predict", "r", "-", "--threads", "1"], cwd=folder, stdin=cat.stdout, stdout=subprocess.DEVNULL, check=True)
                best = min(best, time.perf_counter() - t)
                cat.wait()
        megabytes = os.path.getsize(f"{folder}/big.csv") / 1e6
        print(f"{columns} columns: {megabytes / best:.0f} MB/s on one thread")
    print(f"peak {resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024:.0f} MB")
