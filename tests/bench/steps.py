"""One training step with Adam in bpnet and in PyTorch, alternated in one run; minima in ms and their ratio.

PyTorch: its best of 1 and 2 threads, eager and compiled. bpnet: its best of 1 and 2 threads.
"""
import json
import os
import subprocess
import sys
import tempfile

import numpy as np

BPNET = os.environ["BPNET"]
NETS = [((4, 16, 3), 32), ((10, 64, 64, 2), 32), ((784, 256, 128, 10), 128), ((784, 1024, 1024, 10), 128)]
SECONDS = 2.0

TORCH = r"""
import sys, time, torch, torch.nn as nn, torch.nn.functional as F
sizes, batch, threads, compiled, seconds = eval(sys.argv[1])
torch.set_num_threads(threads)
torch.manual_seed(0)
layers = []
for i, (a, b) in enumerate(zip(sizes, sizes[1:])):
    layers.append(nn.Linear(a, b))
    if i < len(sizes) - 2:
        layers.append(nn.ReLU())
net = nn.Sequential(*layers)
x, y = torch.randn(batch, sizes[0]), torch.randint(sizes[-1], (batch,))
adam = torch.optim.Adam(net.parameters(), lr=1e-3, fused=True)
loss_of = lambda x, y: F.cross_entropy(net(x), y)
if compiled:
    loss_of = torch.compile(loss_of)
def step():
    adam.zero_grad(set_to_none=True)
    loss_of(x, y).backward()
    adam.step()
for _ in range(5):
    step()
best, end = 1e9, time.perf_counter() + seconds
while time.perf_counter() < end:
    t = time.perf_counter()
    step()
    best = min(best, time.perf_counter() - t)
print(best * 1e3)
"""


def torch_ms(sizes, batch):
    best = 1e9
    for threads in (1, 2):
        for compiled in (False, True):
            env = dict(os.environ, OMP_NUM_THREADS=str(threads))
            r = subprocess.run([sys.executable, "-c", TORCH, repr((sizes, batch, threads, compiled, SECONDS))], capture_output=True, text=True, env=env)
            if r.returncode == 0:
                best = min(best, float(r.stdout.split()[-1]))
    return best


def write_case(folder, sizes, batch):
    rng = np.random.default_rng(0)
    n = max(512, 4 * batch)
    x = rng.standard_normal((n, sizes[0])).round(3)
    y = np.arange(n) % sizes[-1]
    with open(f"{folder}/d.csv", "w") as f:
        f.write(",".join([f"x{i}" for i in range(sizes[0])] + ["y"]) + "\n")
        for row, label in zip(x, y):
            f.write(",".join(map(str, row)) + f",k{label}\n")
    hidden = "".join(f"  - dense: {{units: {u}, activation: relu}}\n" for u in sizes[1:-1])
    with open(f"{folder}/c.yaml", "w") as f:
        f.write(f"data: {{file: d.csv, target: y}}\nmodel:\n{hidden}  - output\noptimizer: {{adam: {{learning_rate: 0.001}}}}\ntrain: {{epochs: 1, batch_size: {batch}}}\n")


def bpnet_ms(folder, threads):
    r = subprocess.run([BPNET, "time", f"{folder}/c.yaml", "--json", "--threads", str(threads)], capture_output=True, text=True, check=True)
    return json.loads(r.stdout.splitlines()[-1])["step_ms"]["min"]


print(f"{'net':<22} {'batch':>5} {'bpnet 1 thread':>15} {'2 threads':>10} {'PyTorch':>9} {'ratio':>7} {'2 threads/1':>12}")
for sizes, batch in NETS:
    with tempfile.TemporaryDirectory() as folder:
        write_case(folder, sizes, batch)
        one, two = bpnet_ms(folder, 1), bpnet_ms(folder, 2)
        other = torch_ms(sizes, batch)
        one, two = min(one, bpnet_ms(folder, 1)), min(two, bpnet_ms(folder, 2))
    name = "-".join(map(str, sizes))
    print(f"{name:<22} {batch:>5} {one:>15.4f} {two:>10.4f} {other:>9.4f} {other / min(one, two):>6.1f}x {one / two:>11.2f}x", flush=True)
