"""Networks of convolutions through the program: what they reach, threads, and weights taken from another run."""
from program import ROOT, ProgramTest, main

DIGITS = f"""data:
  file: {ROOT}/data/digits.csv
  target: digit
  columns: {{digit: category, picture: {{image: {{from: ["pixel_*"], shape: [8, 8, 1]}}}}}}
model:
  - conv2d: {{name: first, channels: 6, kernel_size: 3, padding: same}}
  - relu
  - max_pool2d: 2
  - conv2d: {{channels: 16, kernel_size: 3, padding: same, bias: false}}
  - batch_norm
  - relu
  - conv2d: {{channels: 16, kernel_size: 3, padding: same, bias: false}}
  - batch_norm
  - relu
  - conv2d: {{depthwise: true, kernel_size: 3, padding: 1}}
  - conv2d: {{channels: 12, kernel_size: 1, groups: 2, stride: 2}}
  - flatten
  - output
train: {{steps: 12, batch_size: 33, evaluate: 4 steps}}
"""


class Convolutions(ProgramTest):
    def test_digits_are_told_apart(self):
        self.run_program("train", ROOT + "/configs/digits_cnn.yaml", "--out", "r", "--quiet")
        self.assertGreaterEqual(self.last_json(self.run_program("eval", "r", "--json"))["metrics"]["accuracy"], 0.98)

    def test_the_same_weights_on_any_number_of_threads(self):
        self.write("c.yaml", DIGITS)
        hashes = []
        for threads in "1234":
            self.run_program("train", "c.yaml", "--out", threads, "--threads", threads, "--quiet")
            hashes.append(self.hashes(threads))
        self.assertEqual(len(set(map(tuple, hashes))), 1)

    def test_weights_from_another_run(self):
        self.write("c.yaml", DIGITS)
        self.run_program("train", "c.yaml", "--out", "first", "--quiet")
        wider = DIGITS.replace("channels: 12", "channels: 10").replace("name: first,", "name: first, freeze: true,")
        self.write("second.yaml", wider + "\n")
        said = self.run_program("train", "second.yaml", "--set", "train.start_from=first", "--out", "second").stdout
        self.assertIn("start_from: ", said)
        self.assertIn("of another shape: main.11.weight (12x8x1x1 there, 10x8x1x1 here)", said)
        self.assertNotIn("not in the file", said)
        tensor = lambda run: self.read(run, "model.safetensors", mode="rb")
        at = {run: self.tensor(tensor(run), "main.first.weight") for run in ["first", "second"]}
        self.assertEqual(at["first"], at["second"])  # taken, and frozen
        self.assertNotEqual(self.hashes("first")[-1], self.hashes("second")[-1])
        kept = self.read("second", "config.yaml")
        self.assertIn("start_from: " + self.path("first"), kept)
        self.run_program("train", "second/config.yaml", "--out", "again", "--quiet")
        self.assertEqual(self.hashes("again"), self.hashes("second"))

    def test_weights_for_a_stack_of_another_name(self):
        self.write("c.yaml", DIGITS)
        self.run_program("train", "c.yaml", "--out", "first", "--quiet")
        plain = DIGITS.split("model:")
        layers = "".join("    " + line + "\n" for line in plain[1].splitlines() if line.startswith("  - ") and "- output" not in line)
        self.write("two.yaml", plain[0] + "model:\n  inputs:\n    picture:\n" + layers + "  trunk: [{dense: {units: 5, freeze: true}}, output]\ntrain: {steps: 4}\n")
        said = self.run_program("train", "two.yaml", "--set", "train.start_from=first/last.safetensors", "--out", "two")
        self.assertIn("stacks of another name: main as inputs.picture\n", said.stdout)
        self.assertNotIn("training.", said.stdout)
        self.assertIn("does not give what is frozen, which keeps its random numbers: trunk.1.weight, trunk.1.bias\n", said.stderr)
        self.assertIn("main as inputs.picture", self.read("two", "train.log"))
        self.assertIn("main as inputs.picture", self.run_program("check", "two.yaml", "--set", "train.start_from=first").stdout)

    def tensor(self, file, name):
        import json
        size = int.from_bytes(file[:8], "little")
        begin, end = json.loads(file[8:8 + size])[name]["data_offsets"]
        return file[8 + size + begin:8 + size + end]

    def test_a_file_to_start_from_that_does_not_fit(self):
        self.write("c.yaml", DIGITS)
        self.run_program("train", "c.yaml", "--out", "first", "--quiet")
        other = DIGITS.split("model:")[0] + "model: [flatten, {dense: 3}, output]\n"
        self.write("other.yaml", other + "train:\n  start_from: first\n")
        said = self.run_program("train", "other.yaml", "--out", "o", status=78).stderr
        self.assertIn("other.yaml:7:15: error: train.start_from: no tensor of ", said)
        self.assertIn("give the layers the same names", said)
        self.assertIn("other.yaml:7:15: error: train.start_from: no tensor of ", self.run_program("check", "other.yaml", status=78).stderr)
        several = self.run_program("check", "c.yaml", "--set", "train.start_from=first", "--set", "train.ensemble=2", status=78).stderr
        self.assertIn("both are to be ensembles (train.ensemble), or neither", several)
        self.write("missing.yaml", other + "train:\n  start_from: nothing\n")
        said = self.run_program("train", "missing.yaml", "--out", "o", status=66).stderr
        self.assertIn("missing.yaml:7:15: error: there is no run or model file", said)


if __name__ == "__main__":
    main()
