"""One training step with Adam of recurrent networks and of a small GPT in bpnet and in PyTorch, alternated in one run;
minima in ms and their ratio. Then 500 characters written by the GPT: the whole command beside PyTorch's loop with a
key/value cache, without its start; and how fast texts become tokens. usage: sequences.py [lstm128|lstm256|gpt|generate|tokens]...

PyTorch: its best of 1 and 2 threads, eager and compiled. bpnet: its best of 1 and 2 threads.
"""
import os
import random
import subprocess
import sys
import tempfile
import time

from step_times import BPNET, HEAD, compare, print_head, torch_ms

LETTERS = [chr(c) for c in range(33, 33 + 64)] + ["\n"]
GPT = """  - embedding: 128
  - positions: {type: learned, max_positions: 64}
  - transformer: {layers: 4, heads: 4, causal: true}
  - output
"""
NETS = {
    "lstm128": (32, 32, "  - embedding: 128\n  - lstm: 128\n  - output\n"),
    "lstm256": (64, 64, "  - embedding: 256\n  - lstm: {units: 256, layers: 2}\n  - output\n"),
    "gpt": (64, 12, GPT),
}

MODULES = r"""
class Recurrent(nn.Module):
    def __init__(self, width, layers):
        super().__init__()
        self.tokens, self.lstm, self.out = nn.Embedding(65, width), nn.LSTM(width, width, layers, batch_first=True), nn.Linear(width, 65)
    def forward(self, x):
        return self.out(self.lstm(self.tokens(x))[0]).flatten(0, 1)
class Block(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads, self.n1, self.n2 = heads, nn.LayerNorm(width), nn.LayerNorm(width)
        self.qkv, self.proj = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.up, self.down = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)
    def forward(self, x, cache=None):
        b, t, c = x.shape
        q, k, v = [z.view(b, t, self.heads, c // self.heads).transpose(1, 2) for z in self.qkv(self.n1(x)).split(c, 2)]
        if cache is None:
            a = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        else:
            keys, values, at = cache
            keys[:, :, at:at + t], values[:, :, at:at + t] = k, v
            a = F.scaled_dot_product_attention(q, keys[:, :, :at + t], values[:, :, :at + t], is_causal=t > 1)
        x = x + self.proj(a.transpose(1, 2).reshape(b, t, c))
        return x + self.down(F.gelu(self.up(self.n2(x))))
class Gpt(nn.Module):
    def __init__(self, width=128, heads=4, layers=4, steps=64):
        super().__init__()
        self.tokens, self.places = nn.Embedding(65, width), nn.Parameter(torch.randn(steps, width) * 0.02)
        self.blocks, self.norm, self.out = nn.ModuleList(Block(width, heads) for _ in range(layers)), nn.LayerNorm(width), nn.Linear(width, 65)
    def forward(self, x, caches=None, at=0):
        x = self.tokens(x) + self.places[at:at + x.shape[1]]
        for i, block in enumerate(self.blocks):
            x = block(x, None if caches is None else (*caches[i], at))
        return self.out(self.norm(x)).flatten(0, 1)
"""
TORCH = MODULES + r"""
name, steps, batch = case
net = {"lstm128": lambda: Recurrent(128, 1), "lstm256": lambda: Recurrent(256, 2), "gpt": Gpt}[name]()
x, y = torch.randint(65, (batch, steps)), torch.randint(65, (batch * steps,))
"""
WRITE = MODULES + r"""
net = Gpt().eval()
best = 1e9
with torch.inference_mode():
    for _ in range(5):
        begin = time.perf_counter()
        caches = [(torch.zeros(1, 4, 64, 32), torch.zeros(1, 4, 64, 32)) for _ in range(4)]
        text, at = torch.zeros(1, 1, dtype=torch.long), 0
        x = text
        for _ in range(500):
            logits = net(x, caches, at)[-1]
            at += x.shape[1]
            token = torch.multinomial(F.softmax(logits / 0.8, 0), 1)[None]
            text = torch.cat([text, token], 1)
            x = token
            if at >= 64:
                x, at = text[:, -32:], 0
        best = min(best, time.perf_counter() - begin)
print(best * 1e3)
"""


def write_case(folder, steps, batch, model):
    draw = random.Random(0)
    with open(f"{folder}/t.txt", "w") as f:
        f.write("".join(LETTERS) + "".join(draw.choices(LETTERS, k=steps * batch * 12)))
    with open(f"{folder}/c.yaml", "w") as f:
        f.write(f"task: {{language_model: {{context: {steps}, tokenizer: characters}}}}\ndata: {{file: t.txt, split: {{validation: 0%, test: 0%}}}}\nmodel:\n{model}optimizer: {{adam: {{learning_rate: 0.001}}}}\ntrain: {{steps: 20, batch_size: {batch}}}\n")


def generate():
    with tempfile.TemporaryDirectory() as folder:
        write_case(folder, *NETS["gpt"])
        subprocess.run([BPNET, "train", "c.yaml", "--out", "r", "--quiet"], cwd=folder, check=True, capture_output=True)
        best = 1e9
        for _ in range(7):
            begin = time.perf_counter()
            subprocess.run([BPNET, "generate", "r", "--length", "500", "--temperature", "0.8"], cwd=folder, check=True, capture_output=True)
            best = min(best, (time.perf_counter() - begin) * 1e3)
    other = 1e9
    for threads in (1, 2):
        r = subprocess.run([sys.executable, "-c", HEAD + WRITE, repr((None, threads, False, False, 0))], capture_output=True, text=True, check=True)
        other = min(other, float(r.stdout.split()[-1]))
    print(f"500 characters by the GPT: bpnet {best:.1f} ms with its start, PyTorch {other:.1f} ms without: {other / best:.1f}x", flush=True)


if __name__ == "__main__":
    wanted = sys.argv[1:] or [*NETS, "generate"]
    print_head()
    for name in wanted:
        if name == "generate":
            generate()
            continue
        steps, batch, model = NETS[name]
        with tempfile.TemporaryDirectory() as folder:
            write_case(folder, steps, batch, model)
            compare(name, batch, f"{folder}/c.yaml", lambda: torch_ms(TORCH, (name, steps, batch)))
