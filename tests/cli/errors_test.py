"""Slips and what is said of them: tests/errors/<kind>/NAME.yaml is checked, with the overrides in NAME.set if
there is one, and stderr must be NAME.expected. With --record as argument the expected texts are written anew."""
import glob
import os
import subprocess
import sys
import unittest

from program import BPNET, ROOT, main

FOLDER = os.path.join(ROOT, "tests", "errors", "yaml")
STATUS = 78


def slips():
    return sorted(glob.glob(os.path.join(FOLDER, "*.yaml")))


def check(config):
    words = []
    stem = config[: -len(".yaml")]
    if os.path.exists(stem + ".set"):
        with open(stem + ".set", encoding="utf-8") as f:
            for line in f.read().splitlines():
                words += ["--set", line]
    r = subprocess.run([BPNET, "check", os.path.basename(config), *words], cwd=FOLDER, capture_output=True)
    return r.returncode, r.stdout.decode(), r.stderr.decode()


class Errors(unittest.TestCase):
    def test_texts(self):
        for config in slips():
            with self.subTest(config=os.path.basename(config)):
                status, out, err = check(config)
                with open(config[: -len(".yaml")] + ".expected", encoding="utf-8") as f:
                    self.assertEqual(err, f.read())
                self.assertEqual(status, STATUS)
                self.assertEqual(out, "")

    def test_there_are_slips(self):
        self.assertGreater(len(slips()), 80)


def record():
    for config in slips():
        status, _, err = check(config)
        if status != STATUS:
            print(f"{os.path.basename(config)}: status {status}")
        with open(config[: -len(".yaml")] + ".expected", "w", encoding="utf-8") as f:
            f.write(err)


if __name__ == "__main__":
    record() if "--record" in sys.argv else main()
