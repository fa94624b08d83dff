"""float32 beside bfloat16, on a CPU with AVX512_BF16.

One training step with Adam, alternated in one run: minima in ms and their ratio, on dense layers and on 1x1
convolutions of 32x32 pictures. Then the accuracy on the digits that training did not see, mean over seeds.
"""
import json
import os
import struct
import subprocess
import tempfile

import numpy as np

BPNET = os.environ["BPNET"]
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
ROUNDS, SEEDS = 3, 10
PICTURES = ["conv2d: {channels: 64, kernel_size: 1, activation: relu}"] + 2 * ["conv2d: {channels: 128, kernel_size: 1, activation: relu}"]
DENSE = 2 * ["dense: {units: 1024, activation: relu}"]
NETS = [  # name, height and width of an image, layers, batch
    ("784-1024-1024-10", 28, ["flatten"] + DENSE, 128),
    ("784-1024-1024-10", 28, ["flatten"] + DENSE, 512),
    ("1x1: 64-128-128", 32, PICTURES + ["global_average_pool"], 64),
]


def write_case(folder, side, layers, batch):
    rng = np.random.default_rng(0)
    n = 4 * batch
    with open(f"{folder}/images", "wb") as f:
        f.write(struct.pack(">IIII", 0x803, n, side, side) + rng.integers(0, 256, n * side * side, np.uint8).tobytes())
    with open(f"{folder}/labels", "wb") as f:
        f.write(struct.pack(">II", 0x801, n) + (np.arange(n) % 10).astype(np.uint8).tobytes())
    model = "".join(f"  - {layer}\n" for layer in layers + ["output"])
    with open(f"{folder}/c.yaml", "w") as f:
        f.write(f"data: {{file: {{image: images, label: labels}}, target: label, columns: {{label: category}}}}\nmodel:\n{model}optimizer: {{adam: {{learning_rate: 0.001}}}}\ntrain: {{epochs: 1, batch_size: {batch}}}\n")


def ms(folder, precision, threads):
    words = [BPNET, "time", f"{folder}/c.yaml", "--json", "--threads", str(threads), "--set", f"train.precision={precision}"]
    return json.loads(subprocess.run(words, stdout=subprocess.PIPE, text=True, check=True).stdout.splitlines()[-1])["step_ms"]["min"]


def accuracy(config, precision, seed):
    with tempfile.TemporaryDirectory() as folder:
        words = [BPNET, "train", f"{ROOT}/configs/{config}.yaml", "--out", f"{folder}/run", "--json", "--set", f"train.precision={precision}", "--set", f"train.seed={seed}"]
        return json.loads(subprocess.run(words, stdout=subprocess.PIPE, text=True, check=True).stdout.splitlines()[-1])["test"]["accuracy"]


print(f"{'net':<18} {'batch':>5} {'threads':>8} {'float32':>9} {'bfloat16':>9} {'ratio':>7}")
for name, side, layers, batch in NETS:
    with tempfile.TemporaryDirectory() as folder:
        write_case(folder, side, layers, batch)
        for threads in (1, 2):
            best = {"float32": 1e9, "bfloat16": 1e9}
            for _ in range(ROUNDS):
                for precision in best:
                    best[precision] = min(best[precision], ms(folder, precision, threads))
            print(f"{name:<18} {batch:>5} {threads:>8} {best['float32']:>9.3f} {best['bfloat16']:>9.3f} {best['float32'] / best['bfloat16']:>6.2f}x", flush=True)
print(f"{'config':<18} {'seeds':>5} {'float32':>9} {'bfloat16':>9} {'points':>7}")
for config in ("digits", "digits_cnn"):
    of = {p: 100 * np.mean([accuracy(config, p, seed) for seed in range(1, SEEDS + 1)]) for p in ("float32", "bfloat16")}
    print(f"{config:<18} {SEEDS:>5} {of['float32']:>8.2f}% {of['bfloat16']:>8.2f}% {of['bfloat16'] - of['float32']:>+7.2f}", flush=True)
