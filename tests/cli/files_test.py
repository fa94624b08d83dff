"""The run folder opens in other people's programs. Their readers come from the environment; what is missing is skipped."""
import csv
import glob
import json
import struct
import unittest

from program import WINE, ProgramTest, main


class Files(ProgramTest):
    def setUp(self):
        super().setUp()
        self.write("wine.yaml", WINE)
        self.run_program("train", "wine.yaml", "--out", "r", "--quiet")

    def test_safetensors_by_the_format(self):
        data = self.read("r/model.safetensors", mode="rb")
        (length,) = struct.unpack("<Q", data[:8])
        header = json.loads(data[8 : 8 + length])
        meta = header.pop("__metadata__")
        self.assertEqual((8 + length) % 8, 0)
        self.assertEqual(header["main.1.weight"]["shape"], [16, 13])  # PyTorch: out, in
        self.assertEqual(header["main.3.running_var"]["shape"], [16])
        about = json.loads(meta["bpnet"])
        self.assertEqual(about["settings"]["train"]["batch_size"], 16)
        ends = sorted(t["data_offsets"] for t in header.values())
        self.assertEqual(ends[0][0], 0)
        self.assertEqual(ends[-1][1], len(data) - 8 - length)

    def test_safetensors_by_its_own_reader(self):
        try:
            from safetensors import safe_open
        except ImportError:
            raise unittest.SkipTest("the package safetensors is not installed")
        for name in ["model.safetensors", "last.safetensors"]:
            with safe_open(self.path("r", name), "np") as f:
                self.assertIn("main.4.weight", f.keys())
                self.assertEqual(f.get_tensor("main.4.weight").shape, (3, 16))
                self.assertIn("bpnet", f.metadata())

    def test_events_by_tensorboards_own_reader(self):
        try:
            from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
        except ImportError:
            raise unittest.SkipTest("the package tensorboard is not installed")
        events = EventAccumulator(self.path("r"))
        events.Reload()
        tags = events.Tags()["scalars"]
        for tag in ["loss/train", "loss/validation", "loss/test", "accuracy/test", "learning_rate", "gradient_norm", "gradient_norm/main.4"]:
            self.assertIn(tag, tags)
        with open(self.path("r/log.csv")) as f:
            rows = list(csv.DictReader(f))
        logged = [float(r["test_loss"]) for r in rows]
        for event, want, row in zip(events.Scalars("loss/test"), logged, rows):
            self.assertAlmostEqual(event.value, want, places=5)
            self.assertEqual(event.step, int(row["step"]))

    def test_one_event_file_a_run(self):
        self.assertEqual(len(glob.glob(self.path("r/events.out.tfevents.*"))), 1)


if __name__ == "__main__":
    main()
