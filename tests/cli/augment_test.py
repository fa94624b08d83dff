"""Pictures changed by chance in training, looked at before it and after it, and averaged over copies in answers."""
import json
import os
import struct
import unittest
import zlib

from program import ROOT, ProgramTest, main

DIGITS = f"""data:
  file: {ROOT}/data/digits.csv
  target: digit
  columns: {{digit: category, photo: {{image: {{from: ["pixel_*"], shape: [8, 8, 1]}}}}}}
model: [flatten, {{dense: 24}}, relu, output]
train:
  steps: 60
  batch_size: 50
  evaluate: 20 steps
  augment: [{{flip: {{alternating: true}}}}, {{crop: {{padding: 1}}}}, {{rotate: 10}}, brightness, {{cutout: 2}}, {{random_augment: 5}}, {{mixup: 0.2}}, cutmix]
"""


def png_size(data):
    """Width and height, after all of it has been unpacked."""
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    at, packed = 8, b""
    while at < len(data):
        size, kind = struct.unpack(">I4s", data[at : at + 8])
        if kind == b"IHDR":
            width, height, depth, colours = struct.unpack(">IIBB", data[at + 8 : at + 18])
            assert (depth, colours) == (8, 2)
        if kind == b"IDAT":
            packed += data[at + 8 : at + 8 + size]
        at += size + 12
    assert len(zlib.decompress(packed)) == height * (3 * width + 1)
    return width, height


class Augment(ProgramTest):
    def setUp(self):
        super().setUp()
        self.write("digits.yaml", DIGITS)

    def train(self, out, *set, threads="1", more=()):
        words = [word for s in set for word in ("--set", s)]
        self.run_program("train", "digits.yaml", "--out", out, "--quiet", "--threads", threads, *words, *more)
        return self.hashes(out)

    def test_same_bits_on_any_number_of_threads_and_others_for_another_seed(self):
        whole = self.train("a")
        self.assertEqual(len(whole), 3)
        for threads in ["2", "4"]:
            self.assertEqual(self.train("t" + threads, threads=threads), whole)
        self.assertNotEqual(self.train("plain", "train.augment=[]"), whole)
        self.assertNotEqual(self.train("seed", "train.seed=7"), whole)

    def test_resume_in_the_middle_gives_the_same_weights(self):
        whole = self.train("whole")
        for steps in [7, 20, 33, 59]:  # an epoch has 26 steps
            with self.subTest(steps=steps):
                run = f"part{steps}"
                self.train(run, f"train.steps={steps}")
                self.assertEqual(self.train(run, threads="2", more=["--resume"])[-1], whole[-1])
                self.assertEqual(self.read(run, "model.safetensors", mode="rb"), self.read("whole", "model.safetensors", mode="rb"))

    def test_a_random_part_of_each_picture_in_training_and_the_middle_elsewhere(self):
        text = self.read("digits.yaml").replace("shape: [8, 8, 1]", "shape: [8, 8, 1], random_crop: 6")
        self.write("digits.yaml", text.replace("augment:", "# augment:"))
        whole = self.train("whole")
        self.assertEqual(self.train("threads", threads="3"), whole)
        self.train("part", "train.steps=33")
        self.assertEqual(self.train("part", more=["--resume"])[-1], whole[-1])
        self.assertIn("6x6x1 cut out of 8x8x1", self.run_program("check", "digits.yaml", "--images", "2").stdout)
        one = 6 * 16 + 3
        self.assertEqual(png_size(self.read("sheet.png", mode="rb")), (8 * one + 3, 2 * (one + 9) + 3))
        first = self.run_program("predict", "whole", f"{ROOT}/data/digits.csv", "--stage", "inputs").stdout
        self.assertEqual(self.run_program("predict", "part", f"{ROOT}/data/digits.csv", "--stage", "inputs").stdout, first)
        self.assertEqual(len(first.splitlines()[1].split(",")), 36)
        again = json.loads(self.run_program("eval", "whole", "--json").stdout)
        self.assertAlmostEqual(again["loss"], json.loads(self.read("whole", "result.json"))["test"]["loss"], places=5)
        self.write("digits.yaml", self.read("digits.yaml").replace("# augment:", "augment:"))
        both = self.train("both")
        self.assertNotEqual(both, whole)
        self.assertEqual(self.train("both2", threads="2"), both)

    def test_changed_augmentation_is_refused_when_resuming(self):
        self.train("r", "train.steps=20")
        r = self.run_program("train", "digits.yaml", "--out", "r", "--resume", "--set", "train.augment=[flip]", status=78)
        self.assertIn("train.augment", r.stderr)

    def test_check_draws_a_sheet(self):
        said = self.run_program("check", "digits.yaml", "--images", "5", "--out", "some.png").stdout
        self.assertRegex(said, r"(?m)^pictures +some\.png$")
        one = 8 * 12 + 3
        self.assertEqual(png_size(self.read("some.png", mode="rb")), (8 * one + 3, 5 * (one + 9) + 3))
        again = self.read("some.png", mode="rb")
        self.run_program("check", "digits.yaml", "--images", "5", "--out", "some.png", "--threads", "3")
        self.assertEqual(self.read("some.png", mode="rb"), again)
        self.run_program("check", "digits.yaml", "--images", "5", "--set", "train.augment=[]")
        self.assertEqual(png_size(self.read("sheet.png", mode="rb")), (3 * one + 3, 2 * (one + 9) + 3))
        self.run_program("check", "digits.yaml", "--out", "x.png", status=64)
        r = self.run_program("check", f"{ROOT}/configs/wine.yaml", "--images", "5", status=78)
        self.assertIn("no image column", r.stderr)
        self.run_program("check", "digits.yaml", "--images", "5", "--out", "none/x.png", status=74)

    def test_eval_draws_confusions_and_mistakes_into_the_run(self):
        self.train("r")
        said = self.run_program("eval", "r").stdout
        self.assertTrue(said.endswith("\npictures in r: confusion.png, mistakes.png\n"), said)
        for name in ["confusion.png", "mistakes.png"]:
            width, height = png_size(self.read("r", name, mode="rb"))
            self.assertGreater(min(width, height), 100)
        self.assertEqual(json.loads(self.run_program("eval", "r", "--json").stdout)["pictures"], ["confusion.png", "mistakes.png"])
        self.train("conv", "train.steps=5", "model=[{conv2d: {channels: 6, kernel_size: 5}}, relu, flatten, output]")
        said = self.run_program("eval", "conv").stdout
        self.assertTrue(said.endswith("\npictures in conv: confusion.png, mistakes.png, filters.png\n"), said)
        own = self.read("conv", "confusion.png", mode="rb")
        said = self.run_program("eval", "conv", "--rows", "validation").stdout
        self.assertIn("pictures in conv: confusion-validation.png, mistakes-validation.png, filters.png\n", said)
        lines = self.read(ROOT, "data", "digits.csv").splitlines()
        self.write("some.new.csv", "\n".join(lines[:200]) + "\n")
        said = self.run_program("eval", "conv", "--data", "some.new.csv").stdout
        self.assertIn("pictures in conv: confusion-some.new.png, mistakes-some.new.png, filters.png\n", said)
        self.assertEqual(self.read("conv", "confusion.png", mode="rb"), own)
        self.assertEqual(png_size(self.read("conv", "filters.png", mode="rb")), (3 * 103 + 3, 2 * 103 + 3))
        os.rename(self.path("r", "model.safetensors"), self.path("alone.safetensors"))
        self.assertNotIn("pictures", self.run_program("eval", "alone.safetensors").stdout)
        self.run_program("train", f"{ROOT}/configs/wine.yaml", "--out", "wine", "--quiet", "--set", "train.epochs=2")
        self.assertNotIn("pictures", self.run_program("eval", "wine").stdout)
        self.assertFalse(os.path.exists(self.path("wine", "confusion.png")))

    def test_answers_are_averaged_over_copies(self):
        logits = {}
        for average in ["none", "mirror", "mirror_shift"]:
            self.train(average, f"train.test_average={average}", "train.augment=[]")
            self.assertEqual(self.hashes(average), self.hashes("none"))
            rows = self.run_program("predict", average, f"{ROOT}/data/digits.csv", "--stage", "logits").stdout.splitlines()[1:]
            logits[average] = [[float(cell) for cell in row.split(",")] for row in rows]
            told = json.loads(self.run_program("eval", average, "--json").stdout)
            self.assertAlmostEqual(told["loss"], json.loads(self.read(average, "result.json"))["test"]["loss"], places=5)
        self.assertNotEqual(logits["mirror"], logits["none"])
        self.assertNotEqual(logits["mirror_shift"], logits["mirror"])
        inputs = [self.run_program("predict", run, f"{ROOT}/data/digits.csv", "--stage", "inputs").stdout for run in logits]
        self.assertEqual(inputs[0], inputs[1])
        self.assertEqual(inputs[0], inputs[2])


if __name__ == "__main__":
    main()
