"""Whole processes: --help, and a training run of 100 epochs on the wine data, best and median of 15 in ms; the executable's size."""
import os
import statistics
import subprocess
import tempfile
import time

BPNET = os.environ["BPNET"]
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def run(*words):
    times = []
    for _ in range(15):
        t = time.perf_counter()
        subprocess.run([BPNET, *words], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
        times.append((time.perf_counter() - t) * 1e3)
    return min(times), statistics.median(times)


with tempfile.TemporaryDirectory() as folder:
    for name, words in [("--help", ["--help"]), ("train wine, 100 epochs", ["train", f"{ROOT}/configs/wine.yaml", "--out", f"{folder}/r", "--force"])]:
        best, median = run(*words)
        print(f"{name:<24} best {best:6.1f} ms  median {median:6.1f} ms")
print(f"executable               {os.path.getsize(os.path.realpath(BPNET)) / 1e6:.1f} MB")
