"""Heat maps of what an answer goes by: of rows, of files, of classes and numbers; and what is refused."""
import os
import struct
import zlib

from program import ROOT, WINE, ProgramTest, main

DIGITS = f"""data:
  file: {ROOT}/data/digits.csv
  target: digit
  columns: {{digit: category, photo: {{image: {{from: ["pixel_*"], shape: [8, 8, 1]}}}}}}
model:
  - conv2d: {{channels: 8, kernel_size: 3, padding: same, bias: false}}
  - batch_norm
  - relu
  - conv2d: {{channels: 16, kernel_size: 3, padding: same}}
  - relu
  - max_pool2d: 2
  - dropout: 0.2
  - flatten
  - output
optimizer: {{adam: {{learning_rate: 0.01}}}}
train: {{epochs: 2, batch_size: 64}}
"""


def pixels(data):
    """Rows of colours of a PNG of 8 bits whose rows are filtered in any way."""
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    at, packed = 8, b""
    while at < len(data):
        size, kind = struct.unpack(">I4s", data[at : at + 8])
        if kind == b"IHDR":
            width, height = struct.unpack(">II", data[at + 8 : at + 16])
        if kind == b"IDAT":
            packed += data[at + 8 : at + 8 + size]
        at += size + 12
    raw, step, rows = zlib.decompress(packed), 3 * width, []
    above = bytes(step)
    for y in range(height):
        kind, line = raw[y * (step + 1)], bytearray(raw[y * (step + 1) + 1 : (y + 1) * (step + 1)])
        for i in range(step):
            a, b, c = (line[i - 3] if i > 2 else 0), above[i], (above[i - 3] if i > 2 else 0)
            p = a + b - c
            near = min((abs(p - a), 0, a), (abs(p - b), 1, b), (abs(p - c), 2, c))[2]
            line[i] = (line[i] + [0, a, b, (a + b) // 2, near][kind]) & 255
        above = bytes(line)
        rows.append([tuple(above[i : i + 3]) for i in range(0, step, 3)])
    return rows


def grey(level):
    """8x8, a bright square at a corner or none."""
    return b"P5 8 8 255\n" + bytes(min(255, level + 120 * (x < 3 and y < 3)) for y in range(8) for x in range(8))


class Explain(ProgramTest):
    def said(self, *words):
        lines = self.run_program("explain", *words).stdout.splitlines()
        return {line.split()[0]: line[14:] for line in lines}

    def refused(self, status, *words):
        return self.run_program("explain", *words, status=status).stderr

    def test_rows_of_pixels(self):
        self.write("c.yaml", DIGITS)
        self.run_program("train", "c.yaml", "--quiet")
        said = self.said("--row", "3")
        self.assertEqual(said["model"], "runs/c-001")
        self.assertRegex(said["picture"], r"digits.csv:\d+$")
        self.assertRegex(said["answer"], r"^\d \(probability [01]\.\d{3}\)$")
        self.assertEqual(said["method"], "grad_cam of main.7 4x4x16")
        self.assertEqual(said["written"], "explain.png")
        whole = pixels(self.read("explain.png", mode="rb"))
        self.assertEqual(len(whole[0]), 2 * 256 + 9)
        left = [row[3:259] for row in whole[3:259]]
        right = [row[262:518] for row in whole[3:259]]
        self.assertTrue(all(a == b == c for row in left for a, b, c in row))
        self.assertTrue(any(a > c + 50 for row in right for a, b, c in row))

        other = self.said("runs/c-001", "--row", "3", "--class", "8", "--method", "gradient", "--out", "other.png")
        self.assertNotIn("model", other)
        self.assertEqual(other["method"], "gradient")
        if not said["answer"].startswith("8"):
            self.assertRegex(other["asked"], r"8 \(probability")
        self.assertNotEqual(self.read("other.png", mode="rb"), self.read("explain.png", mode="rb"))
        self.said("--row", "3", "--threads", "2", "--out", "again.png")
        self.assertEqual(self.read("again.png", mode="rb"), self.read("explain.png", mode="rb"))
        train = self.said("--row", "3", "--rows", "train")
        self.assertNotEqual(train["picture"], said["picture"])

        self.assertIn("which picture? --image FILE or --row N", self.refused(64))
        self.refused(64, "--row", "3", "--image", "x.png")
        self.refused(64, "--row", "0")
        self.refused(64, "--rows", "train")
        self.assertIn("there are 359 test rows", self.refused(64, "--row", "400"))
        self.assertIn("there are: 0, 1, 2", self.refused(64, "--row", "1", "--class", "ten"))
        self.assertIn("there is no target 'digits'\n  did you mean 'digit'?", self.refused(64, "--row", "1", "--target", "digits"))
        self.assertIn("of columns of pixels\n  --row N", self.refused(64, "--image", "x.png"))
        self.refused(66, "none", "--row", "1")
        self.refused(74, "--row", "1", "--out", "none/x.png")

    def folder_of_classes(self):
        for kind, levels in [("dark", range(20)), ("light", range(100, 120))]:
            os.makedirs(self.path("data", kind))
            for i, level in enumerate(levels):
                with open(self.path("data", kind, f"{i:02}.pgm"), "wb") as f:
                    f.write(grey(level))

    def test_files_of_two_classes(self):
        self.folder_of_classes()
        self.write("c.yaml", "data: {file: data}\nmodel: [{conv2d: {channels: 4, kernel_size: 3}}, relu, global_average_pool, output]\noptimizer: {adam: {learning_rate: 0.05}}\ntrain: {epochs: 30, batch_size: 8}\n")
        self.run_program("train", "c.yaml", "--out", "r", "--quiet")
        for kind, other in [("dark", "light"), ("light", "dark")]:
            said = self.said("r", "--image", f"data/{kind}/05.pgm", "--class", other)
            self.assertRegex(said["answer"], f"^{kind} ")
            self.assertRegex(said["asked"], f"^{other} ")
            probability = self.run_program("predict", "r", f"data/{kind}/05.pgm").stdout.splitlines()[1].split(",")
            self.assertIn(f"{max(map(float, probability[1:])):.3f}", said["answer"])
        self.assertIn("did you mean 'light'?", self.refused(64, "r", "--image", "data/dark/05.pgm", "--class", "ligth"))
        self.assertIn("there is no file 'none.png'", self.refused(66, "r", "--image", "none.png"))
        self.assertIn("not called as pictures are", self.refused(65, "r", "--image", "c.yaml"))
        self.write("text.png", "no picture")
        self.assertIn("text.png", self.refused(65, "r", "--image", "text.png"))

    def test_a_number_beside_other_columns(self):
        self.folder_of_classes()
        rows = [f"data/{kind}/{i:02}.pgm,{i % 5},{level + i * 0.5}" for kind, level in [("dark", 0), ("light", 100)] for i in range(20)]
        self.write("t.csv", "\n".join(["photo,size,brightness"] + rows) + "\n")
        model = "{inputs: {photo: [flatten, {dense: 4}], rest: []}, trunk: [{dense: 4}, relu, output]}"
        self.write("c.yaml", f"data: {{file: t.csv, target: brightness, columns: {{photo: image}}}}\nmodel: {model}\ntrain: {{epochs: 3, batch_size: 8}}\n")
        self.run_program("train", "c.yaml", "--out", "r", "--quiet")
        said = self.said("r", "--row", "1")
        self.assertEqual(said["method"], "gradient")
        float(said["answer"])
        self.assertIn("is a number\n  leave it out", self.refused(64, "r", "--row", "1", "--class", "5"))
        self.assertIn("--method gradient", self.refused(64, "r", "--row", "1", "--method", "grad_cam"))
        self.assertIn("other columns beside the picture", self.refused(64, "r", "--image", "data/dark/01.pgm"))

    def test_models_without_pictures(self):
        self.write("wine.yaml", WINE)
        self.run_program("train", "wine.yaml", "--out", "r", "--quiet")
        self.assertIn("this model reads none", self.refused(64, "r", "--row", "1"))


if __name__ == "__main__":
    main()
