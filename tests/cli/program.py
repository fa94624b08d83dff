"""Runs the real program the way a user would; shared by the tests beside it."""
import json
import os
import resource
import shutil
import subprocess
import tempfile
import unittest

BPNET = os.environ["BPNET"]
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
WINE = f"""data: {{file: {ROOT}/data/wine.csv, target: cultivar}}
model: [{{dense: {{units: 16, activation: relu}}}}, {{dropout: 0.1}}, batch_norm, output]
optimizer: {{adam: {{learning_rate: 0.01}}}}
train: {{epochs: 6, batch_size: 16}}
"""


class ProgramTest(unittest.TestCase):
    """Each test runs in an empty folder of its own."""

    def setUp(self):
        self.folder = os.path.realpath(tempfile.mkdtemp(prefix="bpnet-test-"))
        self.addCleanup(shutil.rmtree, self.folder, True)

    def path(self, *names):
        return os.path.join(self.folder, *names)

    def write(self, name, text):
        with open(self.path(name), "w") as f:
            f.write(text)
        return name

    def read(self, *names, mode="r"):
        with open(self.path(*names), mode) as f:
            return f.read()

    def run_program(self, *words, status=0, stdin=None, env=None, memory=None):
        """`memory`: bytes of address space that it may take; a build with AddressSanitizer needs far more to start at all."""
        limit = None if memory is None else lambda: resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        if limit and b"AddressSanitizer" in subprocess.run([BPNET, "version"], capture_output=True, preexec_fn=limit).stderr:
            self.skipTest("a build with AddressSanitizer")
        r = subprocess.run([BPNET, *words], cwd=self.folder, input=stdin, capture_output=True, text=True, env=dict(os.environ, **(env or {})), preexec_fn=limit)
        self.assertEqual(r.returncode, status, f"{words}\n--- stdout\n{r.stdout}\n--- stderr\n{r.stderr}")
        return r

    def last_json(self, result):
        return json.loads(result.stdout.splitlines()[-1])

    def log_without_times(self, run):
        lines = self.read(run, "log.csv").splitlines()
        at = lines[0].split(",").index("seconds")
        return [",".join(c for i, c in enumerate(line.split(",")) if i != at) for line in lines]

    def hashes(self, run):
        lines = self.read(run, "log.csv").splitlines()
        at = lines[0].split(",").index("weights_hash")
        return [line.split(",")[at] for line in lines[1:]]


def main():
    unittest.main(verbosity=1)
