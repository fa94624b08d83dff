"""Times of one training step, in ms: of bpnet, and of a PyTorch script in all ways that are asked for."""
import itertools
import json
import os
import subprocess
import sys

BPNET = os.environ["BPNET"]

# A script defines net, x and y by `case`, and is run with threads, compiled and seconds, too; LOOP is put behind it.
HEAD = r"""
import sys, time, torch, torch.nn as nn, torch.nn.functional as F
case, threads, compiled, channels_last, seconds = eval(sys.argv[1])
torch.set_num_threads(threads)
torch.manual_seed(0)
"""
LOOP = r"""
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


def torch_ms(script, case, layouts=(False,), seconds=2.0):
    """The best of 1 and 2 threads, eager and compiled, and these layouts (True: channels last)."""
    best = 1e9
    for threads, compiled, layout in itertools.product((1, 2), (False, True), layouts):
        env = dict(os.environ, OMP_NUM_THREADS=str(threads))
        words = [sys.executable, "-c", HEAD + script + LOOP, repr((case, threads, compiled, layout, seconds))]
        r = subprocess.run(words, capture_output=True, text=True, env=env)
        if r.returncode == 0:
            best = min(best, float(r.stdout.split()[-1]))
    return best


def bpnet_ms(config, threads):
    r = subprocess.run([BPNET, "time", config, "--json", "--threads", str(threads)], capture_output=True, text=True, check=True)
    return json.loads(r.stdout.splitlines()[-1])["step_ms"]["min"]


def print_head():
    print(f"{'net':<22} {'batch':>5} {'bpnet 1 thread':>15} {'2 threads':>10} {'PyTorch':>9} {'ratio':>7} {'2 threads/1':>12}")


def compare(name, batch, config, peer):
    """Measures bpnet before and after `peer`, a call that measures PyTorch, and prints a line."""
    one, two = bpnet_ms(config, 1), bpnet_ms(config, 2)
    other = peer()
    one, two = min(one, bpnet_ms(config, 1)), min(two, bpnet_ms(config, 2))
    print(f"{name:<22} {batch:>5} {one:>15.4f} {two:>10.4f} {other:>9.4f} {other / min(one, two):>6.1f}x {one / two:>11.2f}x", flush=True)
