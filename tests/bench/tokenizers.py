"""Byte pairs: how long learning merges takes, and how fast a thread makes tokens of text, by the whole program.

The text is made of words drawn by Zipf's law, a million bytes of it or as much as is said; a run that reads bytes as
tokens does all but the learning and the merging.
"""
import os
import random
import subprocess
import tempfile
import time

BPNET = os.environ["BPNET"]
SETTINGS = """task: {{language_model: {{context: 16, tokenizer: {tokenizer}}}}}
data: {{file: {file}}}
model: [{{embedding: 2}}, output]
train: {{steps: 1}}
"""


def text(megabytes):
    draw = random.Random(1)
    letters = "etaoinshrdlucmfwypvbgkjqxz"
    words = ["".join(draw.choices(letters, range(26, 0, -1), k=draw.randrange(1, 10))) for _ in range(20000)]
    shares = [1 / (i + 1) for i in range(len(words))]
    line = " ".join(draw.choices(words, shares, k=220000))[:1_000_000]
    return line * megabytes


def seconds(folder, tokenizer, megabytes):
    with open(f"{folder}/t.txt", "w") as f:
        f.write(text(megabytes))
    with open(f"{folder}/c.yaml", "w") as f:
        f.write(SETTINGS.format(tokenizer=tokenizer, file="t.txt"))
    best = float("inf")
    for _ in range(3):
        start = time.perf_counter()
        subprocess.run([BPNET, "check", f"{folder}/c.yaml", "--threads", "1"], check=True, stdout=subprocess.DEVNULL)
        best = min(best, time.perf_counter() - start)
    return best


with tempfile.TemporaryDirectory() as folder:
    for size in (512, 8000):
        bpe, plain = seconds(folder, f"{{bpe: {size}}}", 1), seconds(folder, "bytes", 1)
        print(f"check of 1 MB with bpe: {size:<5} {bpe:.3f} s, {bpe - plain:.3f} s of them more than with bytes")
    # What 32 MB more take: reading, counting words for the merges, and making tokens.
    for tokenizer in ("{bpe: 8000}", "{words: 20000}", "characters", "bytes"):
        took = seconds(folder, tokenizer, 64) - seconds(folder, tokenizer, 32)
        print(f"{tokenizer:<15} {32 / took:.0f} MB/s a thread, counted and made tokens")
