"""precision: bfloat16 in the real program: on a CPU that has it, training and what comes after; on another, what it says."""
import json
import struct

from program import ROOT, ProgramTest, main

with open("/proc/cpuinfo") as f:
    HAS = "avx512_bf16" in f.read().split()
DIGITS = f"""data: {{file: {ROOT}/data/digits.csv, target: digit, columns: {{digit: category, picture: {{image: {{from: ["pixel_*"], shape: [8, 8, 1]}}}}}}}}
model:
  - conv2d: {{channels: 32, kernel_size: 1, activation: relu}}
  - conv2d: {{channels: 24, kernel_size: 3, stride: 2, activation: relu}}
  - flatten
  - dense: {{units: 250, activation: relu}}
  - output
train: {{epochs: 3, batch_size: 129}}
"""


class Precision(ProgramTest):
    def setUp(self):
        super().setUp()
        self.write("digits.yaml", DIGITS)

    def train(self, out, *words, status=0):
        return self.run_program("train", "digits.yaml", "--out", out, "--quiet", *words, status=status)

    def test_training(self):
        if not HAS:
            said = self.train("r", "--set", "train.precision=bfloat16", status=78).stderr
            self.assertIn("--set #1:1:17: error: train.precision: bfloat16 needs a CPU with AVX512_BF16, which this one has not\n", said)
            return
        self.train("float")
        hashes = []
        for threads in ["1", "2", "3", "4"]:
            self.train(threads, "--set", "train.precision=bfloat16", "--threads", threads)
            hashes.append(self.hashes(threads))
            self.assertEqual(hashes[-1], hashes[0])
        self.assertNotEqual(hashes[0], self.hashes("float"))
        scores = self.last_json(self.run_program("eval", "2", "--json"))
        self.assertEqual(scores["loss"], json.loads(self.read("2", "result.json"))["test"]["loss"])

    def test_a_model_of_bfloat16_answers_on_any_cpu(self):
        self.train("r")
        plain = self.run_program("predict", "r", f"{ROOT}/data/digits.csv").stdout
        with open(self.path("r", "model.safetensors"), "rb") as f:
            model = f.read()
        (size,) = struct.unpack("<Q", model[:8])
        header = json.loads(model[8 : 8 + size])
        about = json.loads(header["__metadata__"]["bpnet"])
        about["settings"]["train"]["precision"] = "bfloat16"
        header["__metadata__"]["bpnet"] = json.dumps(about)
        del header["__metadata__"]["xxh3_128"]  # of what it was
        text = json.dumps(header).encode()
        text += b" " * (-len(text) % 8)
        with open(self.path("rounded.safetensors"), "wb") as f:
            f.write(struct.pack("<Q", len(text)) + text + model[8 + size :])
        r = self.run_program("predict", "rounded.safetensors", f"{ROOT}/data/digits.csv")
        self.assertEqual(r.stdout == plain, not HAS)
        self.assertEqual("this model was trained in bfloat16, which this CPU has not" in r.stderr, not HAS)


if __name__ == "__main__":
    main()
