"""One training step with Adam in bpnet and in PyTorch, alternated in one run; minima in ms and their ratio.

PyTorch: its best of 1 and 2 threads, eager and compiled. bpnet: its best of 1 and 2 threads.
"""
import tempfile

import numpy as np

from step_times import compare, print_head, torch_ms

NETS = [((4, 16, 3), 32), ((10, 64, 64, 2), 32), ((784, 256, 128, 10), 128), ((784, 1024, 1024, 10), 128)]

TORCH = r"""
sizes, batch = case
layers = []
for i, (a, b) in enumerate(zip(sizes, sizes[1:])):
    layers.append(nn.Linear(a, b))
    if i < len(sizes) - 2:
        layers.append(nn.ReLU())
net = nn.Sequential(*layers)
x, y = torch.randn(batch, sizes[0]), torch.randint(sizes[-1], (batch,))
"""


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


print_head()
for sizes, batch in NETS:
    with tempfile.TemporaryDirectory() as folder:
        write_case(folder, sizes, batch)
        compare("-".join(map(str, sizes)), batch, f"{folder}/c.yaml", lambda: torch_ms(TORCH, (sizes, batch)))
