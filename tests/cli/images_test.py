"""Pictures from files to predictions: folders, cells that name files, IDX files, columns of pixels."""
import gzip
import os
import random
import struct
import subprocess
import zlib

from program import BPNET, ROOT, ProgramTest, main

MODEL = """model: [flatten, {dense: {units: 8, activation: relu}}, output]
optimizer: {adam: {learning_rate: 0.02}}
train: {epochs: 30, batch_size: 16}
"""


def picture(kind, rng):
    """8x6 in colour: its upper half is brighter, or its left one."""
    out = b"P6 8 6 255\n"
    for y in range(6):
        for x in range(8):
            bright = y < 3 if kind == "upper" else x < 4
            out += bytes(rng.randrange(256) // 2 + 120 * bright for _ in range(3))
    return out


def png(width, height, scanlines):
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(scanlines, 1)) + chunk(b"IEND", b"")


MEMORY = 256 << 20


class Images(ProgramTest):
    def folder_of_classes(self, name, each, seed=1):
        rng = random.Random(seed)
        for kind in ["left", "upper"]:
            os.makedirs(self.path(name, kind))
            for i in range(each):
                with open(self.path(name, kind, f"{i:03}.ppm"), "wb") as f:
                    f.write(picture(kind, rng))

    def accuracy(self, *words):
        return self.last_json(self.run_program("eval", *words, "--json"))["metrics"]["accuracy"]

    def test_a_folder_for_each_class(self):
        self.folder_of_classes("data", 60)
        self.folder_of_classes("new", 20, seed=2)
        self.write("c.yaml", "data: {file: data/}\n" + MODEL)
        said = self.run_program("check", "c.yaml").stdout
        self.assertIn("6x8x3, 120 pictures, mean ", said)
        self.assertRegex(said, r"label +target: classes")
        self.run_program("time", "c.yaml")
        self.run_program("train", "c.yaml", "--out", "r", "--quiet")
        self.assertGreater(self.accuracy("r"), 0.9)
        self.assertGreater(self.accuracy("r", "--data", "new"), 0.9)
        self.assertEqual(self.accuracy("r", "--data", "data"), self.accuracy("r"))  # its test rows only
        rows = self.run_program("predict", "r", "new", "--keep", "image").stdout.splitlines()
        self.assertEqual(rows[0], "image,label,p(left),p(upper)")
        self.assertEqual([r.split(",")[0] for r in rows[1:3]], ["left/000.ppm", "left/001.ppm"])
        one = self.run_program("predict", "r", "new/left/000.ppm").stdout.splitlines()
        self.assertEqual(one[1], rows[1].split(",", 1)[1])
        worst = self.run_program("eval", "r", "--data", "new").stdout
        self.assertRegex(worst, r"new/(left|upper)/\d+\.ppm\n")
        os.rename(self.path("data/left/000.ppm"), self.path("data/left/900.ppm"))
        self.assertIn("changed since this model was trained", self.run_program("eval", "r", status=65).stderr)

    def test_the_same_weights_on_any_number_of_threads(self):
        self.folder_of_classes("data", 20)
        self.write("c.yaml", "data: {file: data, columns: {image: {image: {resize: [5, 7]}}}}\n" + MODEL)
        for threads in "123":
            self.run_program("train", "c.yaml", "--out", threads, "--quiet", "--threads", threads)
        self.assertEqual(self.hashes("1"), self.hashes("2"))
        self.assertEqual(self.hashes("1"), self.hashes("3"))

    def test_cells_that_name_files_beside_a_number(self):
        self.folder_of_classes("data", 40)
        rows = [f"data/{kind}/{i:03}.ppm,{i % 7},{kind}" for kind in ["left", "upper"] for i in range(40)]
        self.write("t.csv", "\n".join(["photo,size,kind"] + rows) + "\n")
        self.write("c.yaml", "data: {file: t.csv, target: kind, columns: {photo: image}}\nmodel: {inputs: {photo: [flatten, {dense: 8}], rest: []}, trunk: [{dense: 8}, relu, output]}\ntrain: {epochs: 20, batch_size: 16}\n")
        self.run_program("train", "c.yaml", "--out", "r", "--quiet")
        self.assertGreater(self.accuracy("r"), 0.9)
        self.write("n.jsonl", '{"photo": "data/left/003.ppm", "size": 2}\n')
        self.assertEqual(len(self.run_program("predict", "r", "n.jsonl").stdout.splitlines()), 2)
        self.write("broken.csv", "photo,size\ndata/left/003.ppm,1\nnone.ppm,2\n")
        r = self.run_program("predict", "r", "broken.csv")  # an answer less
        self.assertEqual(r.stdout.splitlines()[2], ",,")
        self.assertIn("the rows have no answer; the first is 'none.ppm': there is no such file at none.ppm", r.stderr)
        os.makedirs(self.path("else"))
        self.write("else/all.csv", "photo,size,kind\ndata/left/003.ppm,1,left\nnone.ppm,2,left\n")
        for words in (("predict", "r", "else/all.csv"), ("eval", "r", "--data", "else/all.csv")):
            self.assertIn("else/all.csv:2:1: error: picture 'data/left/003.ppm' cannot be read: there is no such file at else/data/left/003.ppm\n"
                          "  a path in a cell begins at the folder of its file\n", self.run_program(*words, status=65).stderr)

    def test_idx_files(self):
        rng = random.Random(3)
        kinds = [rng.randrange(2) for _ in range(150)]
        images = b"".join(picture("upper" if k else "left", rng)[11:] for k in kinds)
        with gzip.open(self.path("images.gz"), "wb") as f:
            f.write(struct.pack(">IIIII", 0x804, 150, 6, 8, 3) + images)
        with open(self.path("labels"), "wb") as f:
            f.write(struct.pack(">II", 0x801, 150) + bytes(kinds))
        self.write("c.yaml", "data: {file: {image: images.gz, label: labels}, target: label}\n" + MODEL)
        self.run_program("train", "c.yaml", "--out", "r", "--quiet")
        self.assertGreater(self.accuracy("r"), 0.9)
        answers = [row.split(",")[0] for row in self.run_program("predict", "r", "images.gz").stdout.splitlines()[1:]]
        self.assertGreater(sum(a == str(k) for a, k in zip(answers, kinds)), 135)
        with open(self.path("images.gz"), "rb") as f:
            packed = f.read()
        r = subprocess.run([BPNET, "predict", "r", "-"], cwd=self.folder, input=packed, capture_output=True)
        self.assertEqual((r.returncode, r.stderr), (65, b"standard input: error: it is IDX, which is read from files only\n  name the file instead of -\n"))
        with open(self.path("images.gz"), "wb") as f:
            f.write(packed[:-300])
        self.assertIn("images.gz: error: the file is cut short", self.run_program("check", "c.yaml", status=65).stderr)

    def test_which_of_two_pictures_is_shown(self):
        self.folder_of_classes("data", 12)
        self.write("t.csv", "near,far,kind\n" + "".join(f"data/{kind}/{i:03}.ppm,data/{kind}/{11 - i:03}.ppm,a long name of a kind: {kind}\n" for kind in ["left", "upper"] for i in range(12)))
        self.write("c.yaml", "data: {file: t.csv, target: kind, columns: {near: image, far: image}}\nmodel: {inputs: {near: [flatten, {dense: 8}], far: [flatten, {dense: 8}]}, trunk: [output]}\ntrain: {epochs: 2}\n")
        self.assertIn("pictures      sheet.png, column 'near' (not 'far')\n", self.run_program("check", "c.yaml", "--images", "2").stdout)
        self.run_program("train", "c.yaml", "--out", "r", "--quiet")
        self.assertRegex(self.run_program("explain", "r", "--row", "1").stdout, r"picture       t.csv:\d+, column 'near' \(not 'far'\)\n")
        said = self.run_program("eval", "r").stdout
        self.assertIn("a long nam...kind: left", said)
        self.assertIn("a long nam...ind: upper", said)

    def test_folders_that_are_not_as_they_should_be(self):
        self.folder_of_classes("tt/train", 6)
        self.folder_of_classes("tt/test", 6, seed=2)
        self.write("c.yaml", "data: {file: tt}\n" + MODEL)
        said = self.run_program("check", "c.yaml", status=78).stderr
        self.assertIn("c.yaml:1:14: error: data.file: the sub-folders of 'tt' are parts that have folders of classes, not classes\n", said)
        self.assertIn("  instead of file write train: \"tt/train\", test: \"tt/test\"\n", said)
        self.run_program("train", "c.yaml", "--set", "data={train: tt/train, test: tt/test}", "--out", "r", "--quiet")
        self.assertIn("error: it is one picture, and a model learns from many\n", self.run_program("check", "c.yaml", "--set", "data.file=tt/train/left/000.ppm", status=65).stderr)
        self.assertIn("name the folder above: its sub-folders are called like the classes\n", self.run_program("eval", "r", "--data", "tt/test/left", status=65).stderr)
        for key, words in (("data.columns={label: number}", "its cells are the names of sub-folders: take the declaration away"), ("data.csv.missing=[left]", "data.csv.missing is of CSV, but tt/train is none")):
            self.assertIn(words, self.run_program("check", "c.yaml", "--set", "data.file=tt/train", "--set", key, status=78 if "csv" in key else 65).stderr)
        os.makedirs(self.path("tt/train/none"))
        os.makedirs(self.path("tt/train/torn"))
        self.write("tt/train/torn/1.ppm", "P6 8")
        self.write("tt/train/beside.ppm", "P6 8")
        said = self.run_program("check", "c.yaml", "--set", "data={file: tt/train, columns: {image: {image: {broken: skip}}}}").stderr
        for words in ("tt/train: warning: sub-folder 'none' has no pictures: it is no class\n", "pictures beside the sub-folders of the classes, such as 'beside.ppm', are not read\n", "no picture of the class 'torn' can be read: it is left out\n"):
            self.assertIn(words, said)

    def test_pictures_that_cannot_be_read_get_no_answer(self):
        self.folder_of_classes("data", 20)
        self.folder_of_classes("new", 2)
        self.write("c.yaml", "data: {file: data}\n" + MODEL)
        self.run_program("train", "c.yaml", "--out", "r", "--quiet")
        self.write("new/left/000.ppm", "P6 8")
        self.write("a.csv", "x\n1\n")
        r = self.run_program("predict", "r", "new", "--keep", "image")
        self.assertEqual(r.stdout.splitlines()[1], "left/000.ppm,,,")
        self.assertEqual(len(r.stdout.splitlines()), 5)
        self.assertIn("1 picture of column 'image' cannot be read, and the rows have no answer", r.stderr)
        self.assertNotIn("scores", r.stderr)
        self.run_program("predict", "r", "new/left/000.ppm", status=65)
        for name, begin, words in (("a.gif", b"GIF89a", "it is a GIF; PNG, JPEG, BMP, PPM and PGM can be read"), ("a.webp", b"RIFF\1\0\0\0WEBPVP8 ", "it is WebP; PNG"), ("a.tif", b"II*\0", "it is a TIFF; PNG"),
                                   ("a.npy", b"\x93NUMPY\1\0", "the file is NumPy's, not CSV\n  save numbers as CSV, pictures as PNG or IDX"), ("a.png2", png(1, 1, b"\0\0\0\0"), "it is a picture, but not called so")):
            with open(self.path(name), "wb") as f:
                f.write(begin + bytes(40))
            self.assertIn(f"{name}: error: {words}", self.run_program("predict", "r", name, status=65).stderr)
            self.assertIn(f"{name}: error: {words}", self.run_program("eval", "r", "--data", name, status=65).stderr)
        said = self.run_program("predict", "r", "new/left/001.ppm", "new/upper/000.ppm", status=64).stderr
        self.assertIn("several pictures are answered together as a folder", said)
        self.assertIn("write --out a.png", self.run_program("explain", "r", "--row", "1", "--out", "a.jpg", status=64).stderr)

    def idx_pair(self, images, labels, count, seed):
        rng = random.Random(seed)
        kinds = [rng.randrange(2) for _ in range(count)]
        with gzip.open(self.path(images), "wb") as f:
            f.write(struct.pack(">IIIII", 0x804, count, 6, 8, 3) + b"".join(picture("upper" if k else "left", rng)[11:] for k in kinds))
        with open(self.path(labels), "wb") as f:
            f.write(struct.pack(">II", 0x801, count) + bytes(kinds))

    def test_other_idx_files_side_by_side_are_scored(self):
        self.idx_pair("i.gz", "l", 120, 3)
        self.idx_pair("i2.gz", "l2", 40, 4)
        self.write("c.yaml", "data: {file: {image: i.gz, label: l}, target: label}\n" + MODEL)
        self.run_program("train", "c.yaml", "--out", "r", "--quiet")
        r = self.run_program("eval", "r", "--data", "{label: l2, image: i2.gz}")
        self.assertIn("data  40 rows of l2, i2.gz", r.stdout)
        self.assertRegex(r.stdout, r"i2.gz:\d+\n|l2:\d+\n")
        alone = self.run_program("predict", "r", "i2.gz", "--keep", "image").stdout
        self.assertEqual(alone.splitlines()[1].split(",")[0], "1")
        self.assertEqual(self.run_program("predict", "r", "{image: i2.gz}", "--keep", "image").stdout, alone)
        self.assertEqual(r.stderr, "")
        self.assertGreater(self.accuracy("r", "--data", "{image: i2.gz, label: l2}"), 0.9)
        os.rename(self.path("i.gz"), self.path("moved.gz"))
        r = self.run_program("eval", "r", "--data", "{image: moved.gz, label: l}")
        self.assertIn("moved.gz, l are the files this model was trained on: scoring its test rows only", r.stderr)
        self.assertIn("there is no column 'label', the target", self.run_program("eval", "r", "--data", "i2.gz", status=65).stderr)
        self.assertIn("cannot read 'none'", self.run_program("eval", "r", "--data", "{image: i2.gz, label: none}", status=66).stderr)
        for columns in ["label: category", "image: image, label: category"]:
            self.write("swapped.yaml", "data: {file: {image: l2, label: i2.gz}, target: label, columns: {" + columns + "}}\n" + MODEL)
            said = self.run_program("check", "swapped.yaml", status=78).stderr
            self.assertIn("data.columns.label: the target cannot be an image, but 'i2.gz' holds pictures\n", said)
            self.assertIn("are two files swapped? the pictures belong to the image column", said)
        self.assertIn("data.columns.image: it is to be an image, but 'l2' holds numbers\n", said)
        self.assertIn("its IDX file holds numbers, no pictures", self.run_program("eval", "r", "--data", "{image: l2, label: l2}", status=65).stderr)
        self.idx_pair("i3.gz", "l3", 39, 4)
        self.assertEqual(self.run_program("eval", "r", "--data", "{image: i2.gz, label: l3}", status=65).stderr, "l3: error: the file has 39 rows, but i2.gz, which is beside it, has 40\n")

    def test_changed_pictures_are_noticed(self):
        self.folder_of_classes("data", 30)
        rows = [f"data/{kind}/{i:03}.ppm,{kind}" for kind in ["left", "upper"] for i in range(30)]
        self.write("t.csv", "\n".join(["photo,kind"] + rows) + "\n")
        self.write("c.yaml", "data: {file: t.csv, target: kind, columns: {photo: image}}\n" + MODEL)
        self.run_program("train", "c.yaml", "--out", "r", "--quiet", "--set", "train.epochs=3")
        for changed in range(30):  # also one of a part that no statistics are taken of
            name = f"data/left/{changed:03}.ppm"
            before = self.read(name, mode="rb")
            with open(self.path(name), "wb") as f:
                f.write(before[:-1] + bytes([before[-1] ^ 1]))
            r = self.run_program("eval", "r", status=65)
            self.assertIn("pictures that " + self.path("t.csv") + " names changed since this model was trained on them", r.stderr)
            if changed % 10 == 0:
                self.assertIn("the data files", self.run_program("train", "c.yaml", "--out", "r", "--resume", status=78).stderr)
            with open(self.path(name), "wb") as f:
                f.write(before)
        self.run_program("eval", "r")
        self.run_program("train", "c.yaml", "--out", "r", "--resume", "--quiet")

    def test_pictures_larger_than_the_memory(self):
        side, count = 512, 360
        self.write("t.csv", "photo,kind\n" + "".join(f"{i}.png,{'abc'[i % 3]}\n" for i in range(count)))
        for i in range(count):
            shade = bytes([80 * (i % 3) + i % 50]) * (3 * side)
            with open(self.path(f"{i}.png"), "wb") as f:
                f.write(png(side, side, (b"\0" + shade) * side))
        self.write("c.yaml", """
data: {file: t.csv, target: kind, columns: {photo: image}}
model: [{average_pool2d: 64}, flatten, output]
optimizer: {adam: {learning_rate: 0.1}}
train: {epochs: 2, batch_size: 8, augment: [flip]}
""")
        self.assertGreater(count * side * side * 3, MEMORY)  # they cannot be held
        r = self.run_program("train", "c.yaml", "--out", "small", "--threads", "2", memory=MEMORY)
        self.assertRegex(r.stderr, "the pictures of column 'photo' take 283 MB, which is most of the memory or more: they are read again")
        self.run_program("eval", "small", "--threads", "2", memory=MEMORY)
        self.run_program("predict", "small", "t.csv", "--threads", "2", memory=MEMORY)
        r = self.run_program("train", "c.yaml", "--out", "large", "--threads", "1")
        self.assertNotIn("read again", r.stderr)
        self.assertEqual(self.hashes("large"), self.hashes("small"))

    def test_memory_that_runs_out_while_pictures_are_read(self):
        side, count = 256, 60
        for i in range(count):
            os.makedirs(self.path(f"data/{'ab'[i % 2]}"), exist_ok=True)
            with open(self.path(f"data/{'ab'[i % 2]}/{i}.png"), "wb") as f:
                f.write(png(side, side, (b"\0" + bytes([100 * (i % 2) + i]) * (3 * side)) * side))
        self.write("c.yaml", "data: {file: data}\nmodel: [{conv2d: {channels: 4, kernel_size: 8, stride: 8}}, global_average_pool, output]\ntrain: {epochs: 1, batch_size: 16, augment: [flip]}\n")
        self.run_program("version", memory=MEMORY)  # skips builds that take far more
        ends = set()
        for mb in range(30, 60, 2):
            r = subprocess.run(["sh", "-c", f"ulimit -v {mb}000; exec {BPNET} train c.yaml --threads 1 --out r --force"], cwd=self.folder, capture_output=True, text=True)
            self.assertIn(r.returncode, (0, 65, 78), r.stderr)
            self.assertNotIn("it has changed", r.stderr)
            ends.add(r.returncode)
            if "while picture" in r.stderr:
                self.assertIn("memory ran out while picture", self.read("r", "train.log"))
        self.assertTrue({0, 78} <= ends)

    def test_an_idx_file_larger_than_the_memory(self):
        with open(self.path("i"), "wb") as f:
            f.write(struct.pack(">IIII", 0x803, 5000000, 28, 28))
            f.truncate(16 + 5000000 * 28 * 28)  # takes no room on the disk
        with open(self.path("l"), "wb") as f:
            f.write(struct.pack(">II", 0x801, 0))
        self.write("c.yaml", "data: {file: {image: i, label: l}, target: label}\n" + MODEL)
        r = self.run_program("train", "c.yaml", memory=MEMORY, status=65)
        self.assertRegex(r.stderr, r"^i: error: the file says that it has 5000000 pictures, which take 3920 MB of memory, and \d+ MB are free\n")

    def test_columns_of_pixels(self):
        self.write("c.yaml", f"data: {{file: {ROOT}/data/digits.csv, target: digit, columns: {{digit: category, picture: {{image: {{from: ['pixel_*'], shape: [8, 8, 1]}}}}}}}}\n" + MODEL.replace("units: 8", "units: 24").replace("30", "8"))
        said = self.run_program("check", "c.yaml").stdout
        self.assertIn("8x8x1, 64 columns pixel_0_0 to pixel_7_7, mean 0.305 deviation 0.376", said)
        self.run_program("train", "c.yaml", "--out", "r", "--quiet")
        self.assertGreater(self.accuracy("r"), 0.9)
        self.assertEqual(len(self.run_program("predict", "r", f"{ROOT}/data/digits.csv").stdout.splitlines()), 1798)

    def test_broken_pictures_are_left_out_on_demand(self):
        self.folder_of_classes("data", 40)
        self.write("data/left/notes.txt", "no picture")
        self.write("c.yaml", "data: {file: data}\n" + MODEL)
        self.assertIn("data/left/notes.txt: error: picture 'left/notes.txt' cannot be read", self.run_program("train", "c.yaml", status=65).stderr)
        self.write("c.yaml", "data: {file: data, columns: {image: {image: {broken: skip}}}}\n" + MODEL)
        r = self.run_program("train", "c.yaml", "--out", "r")
        self.assertIn("1 picture of column 'image' cannot be read, and the rows are left out", r.stderr)
        os.symlink("nowhere", self.path("data/left/dangling.ppm"))
        r = self.run_program("train", "c.yaml", "--out", "r", "--force")
        self.assertIn("2 pictures of column 'image' cannot be read, and the rows are left out; the first is 'left/dangling.ppm': there is no such file", r.stderr)
        self.assertIn("2 pictures", self.run_program("check", "c.yaml").stderr)
        self.run_program("eval", "r")
        self.run_program("train", "c.yaml", "--out", "r", "--resume")
        r = self.run_program("predict", "r", "data", "--keep", "image")
        rows = r.stdout.splitlines()
        self.assertEqual(len(rows), 1 + 82)
        self.assertEqual([row for row in rows if row.endswith(",")], ["left/dangling.ppm,,,", "left/notes.txt,,,"])
        self.assertIn("2 pictures of column 'image' cannot be read, and the rows have no answer; the first is 'left/dangling.ppm'", r.stderr)
        self.write("some.csv", "image\nleft/notes.txt\n")
        os.rename(self.path("some.csv"), self.path("data/some.csv"))
        self.assertEqual(self.run_program("predict", "r", "data/some.csv").stdout.splitlines()[1:], [",,"])  # none can be read

    def test_a_number_told_of_pictures_that_cannot_be_read(self):
        self.folder_of_classes("data", 20)
        rows = [f"data/{kind}/{i:03}.ppm,{i}.5" for kind in ["left", "upper"] for i in range(20)]
        self.write("t.csv", "\n".join(["photo,size"] + rows) + "\n")
        self.write("c.yaml", "data: {file: t.csv, target: size, columns: {photo: {image: {broken: skip}}}}\n" + MODEL.replace("30", "1"))
        self.run_program("train", "c.yaml", "--out", "r", "--quiet")
        self.write("n.csv", "photo\ndata/left/000.ppm\nnone.ppm\ndata/left/001.ppm\n")
        rows = self.run_program("predict", "r", "n.csv").stdout.splitlines()
        self.assertEqual([len(rows), rows[2]], [4, '""'])  # no blank line
        self.write("two.csv", "photo\ndata/left/000.ppm\ndata/left/001.ppm\n")
        self.assertEqual(self.run_program("predict", "r", "two.csv").stdout.splitlines()[1:], [rows[1], rows[3]])

    def test_pictures_of_another_size_are_told_where_they_are_named(self):
        self.folder_of_classes("data", 20)
        os.makedirs(self.path("new"))
        with open(self.path("new/wide.ppm"), "wb") as f:
            f.write(b"P6 9 6 255\n" + bytes(9 * 6 * 3))
        self.write("c.yaml", "data: {file: data}\n" + MODEL.replace("30", "1"))
        self.run_program("train", "c.yaml", "--out", "r", "--quiet")
        said = "picture 'wide.ppm' is 9x6 pixels large, but this model reads pictures of 8x6"
        self.assertIn("new/wide.ppm: error: " + said, self.run_program("predict", "r", "new", status=65).stderr)
        self.write("new/t.csv", "n,image\n1,../data/left/000.ppm\n2,wide.ppm\n")
        self.assertIn("new/t.csv:3:3: error: " + said, self.run_program("predict", "r", "new/t.csv", status=65).stderr)
        os.rename(self.path("new/wide.ppm"), self.path("data/left/wide.ppm"))
        self.assertIn("'data/left/000.ppm' is 8x6 pixels, 'data/left/wide.ppm' is 9x6", self.run_program("check", "c.yaml", status=65).stderr)

    def test_photographs_stand_upright(self):
        rows = [f"{ROOT}/tests/pictures/turned_{1 + i % 2 * 5}.jpg,{'ab'[i % 2]}" for i in range(40)]
        self.write("t.csv", "\n".join(["photo,kind"] + rows) + "\n")
        self.write("c.yaml", "data: {file: t.csv, target: kind, columns: {photo: image}}\n" + MODEL)
        self.assertIn("'" + f"{ROOT}/tests/pictures/turned_6.jpg' is 19x21", self.run_program("check", "c.yaml", status=65).stderr)

    def test_sheets_are_png_files(self):
        self.folder_of_classes("data", 5)
        self.write("c.yaml", "data: {file: data}\n" + MODEL)
        r = self.run_program("check", "c.yaml", "--images", "3", "--out", "s.jpg", status=64)
        self.assertEqual(r.stderr, "bpnet: error: --out: the pictures go into a PNG file, but got 's.jpg'\n  write --out s.png\n")
        self.run_program("check", "c.yaml", "--images", "3", "--out", "s.png")

    def test_a_batch_that_does_not_fit_into_memory(self):
        self.folder_of_classes("data", 40)
        self.write("c.yaml", "data: {file: data}\nmodel:\n  - conv2d: {channels: 16, kernel_size: 1}\n  - upsample: 64\n  - global_average_pool\n  - output\ntrain: {epochs: 1}\n")
        said = "a batch of 32 rows takes [0-9.]+ (MB|GB) of memory, and [0-9]+ MB are free; most of it goes to what .upsample. .main.2. puts out, 384x512x16 a row"
        r = self.run_program("check", "c.yaml", memory=MEMORY, status=78)
        self.assertRegex(r.stderr, "(?m)^c.yaml:4:5: error: " + said)
        self.assertIn("  make train.batch_size or the pictures (resize, in their image column) or this layer smaller\n", r.stderr)
        self.assertRegex(r.stdout, "main.2 +upsample +384x512x16")  # the plan is there all the same
        self.assertRegex(r.stdout, "memory +[0-9.]+ MB to train")
        r = self.run_program("train", "c.yaml", memory=MEMORY, status=78)
        self.assertRegex(r.stderr, said)
        self.run_program("train", "c.yaml", "--out", "r", "--set", "train.batch_size=2", memory=MEMORY)


if __name__ == "__main__":
    main()
