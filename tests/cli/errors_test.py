"""Error texts as data: what `bpnet check NAME.yaml` says of broken settings, ugly CSV files and broken pictures, byte by byte.

NAME.expected: a line with the exit status, then stderr. BPNET_RECORD=1 writes them anew: read the difference before keeping it.
"""
import glob
import os
import subprocess

from program import BPNET, ROOT, ProgramTest, main


class Errors(ProgramTest):
    def compare(self, folder, least=20):
        paths = sorted(glob.glob(f"{ROOT}/tests/errors/{folder}/*.yaml"))
        self.assertGreater(len(paths), least)
        for path in paths:
            with self.subTest(os.path.basename(path)):
                r = subprocess.run([BPNET, "check", os.path.basename(path)], cwd=os.path.dirname(path), capture_output=True, timeout=60)
                said = f"status {r.returncode}\n" + r.stderr.decode("utf-8", "backslashreplace")
                expected = path[: -len(".yaml")] + ".expected"
                if os.environ.get("BPNET_RECORD"):
                    with open(expected, "w") as f:
                        f.write(said)
                with open(expected) as f:
                    self.assertEqual(said, f.read())

    def test_settings(self):
        self.compare("yaml")

    def test_csv_files(self):
        self.compare("csv")

    def test_pictures(self):
        self.compare("pictures", 7)


if __name__ == "__main__":
    main()
