"""predict reads whatever comes in: packed, JSON Lines, bit by bit, with columns anyhow; and says what it cannot read."""
import csv
import gzip
import io
import json
import os
import subprocess
import time

from program import BPNET, WINE, ROOT, ProgramTest, main


def read_lines(pipe, n, got=b""):
    """Reads on until there are as many lines; fails where the program ends before."""
    while got.count(b"\n") < n:
        piece = os.read(pipe.fileno(), 4096)
        assert piece, f"the program ended behind {got!r}"
        got += piece
    return got


class Streams(ProgramTest):
    def setUp(self):
        super().setUp()
        self.write("wine.yaml", WINE)
        self.run_program("train", "wine.yaml", "--out", "r", "--quiet")
        with open(f"{ROOT}/data/wine.csv") as f:
            self.text = f.read()
        self.expected = self.predict(self.text.encode())

    def predict(self, data, *words, status=0):
        r = subprocess.run([BPNET, "predict", "r", "-", *words], cwd=self.folder, input=data, capture_output=True)
        self.assertEqual(r.returncode, status, r.stderr)
        return (r.stdout if status == 0 else r.stderr).decode()

    def rows(self):
        return list(csv.DictReader(io.StringIO(self.text)))

    def json_lines(self, rows):
        return "".join(json.dumps(r) + "\n" for r in rows).encode()

    def test_a_header_that_comes_alone_does_not_settle_the_delimiter(self):
        self.write("bar.csv", "weight|kg,height,y\n" + "".join(f"{i},{i % 9},{i % 7}.5\n" for i in range(60)))
        self.write("bar.yaml", "data: {file: bar.csv, target: y}\nmodel: [output]\ntrain: {epochs: 2}\n")
        self.run_program("train", "bar.yaml", "--out", "b", "--quiet")
        head, rest = self.read("bar.csv").split("\n", 1)
        p = subprocess.Popen([BPNET, "predict", "b", "-"], cwd=self.folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        p.stdin.write(head.encode() + b"\n")
        p.stdin.flush()
        time.sleep(0.1)
        out = p.communicate(rest.encode())[0].decode()
        self.assertEqual(out, self.run_program("predict", "b", "bar.csv").stdout)

    def test_a_blank_line_of_one_column_is_a_row(self):
        self.write("one.csv", "size,kind\n" + "".join(f"{i}.5,{'small' if i < 30 else 'large'}\n" for i in range(60)))
        self.write("one.yaml", "data: {file: one.csv, target: kind}\nmodel: [output]\noptimizer: {adam: {learning_rate: 0.1}}\ntrain: {epochs: 20, batch_size: 8}\n")
        self.run_program("train", "one.yaml", "--out", "o", "--quiet")
        self.write("new.csv", "size\n1\n\n59\n  \n1\n")
        for words, stdin in ((("new.csv",), None), (("-",), self.read("new.csv")), (("-",), self.read("new.csv").replace("\n", "\r\n"))):
            answers = self.run_program("predict", "o", *words, "--keep", "size", stdin=stdin).stdout.splitlines()[1:]
            self.assertEqual([a.split(",")[0] for a in answers], ["1", "", "59", "", "1"])
            self.assertEqual([answers[i].split(",")[1] for i in (0, 2, 4)], ["small", "large", "small"])
        # Of two columns such a line is none, as anywhere.
        self.assertEqual(len(self.run_program("predict", "o", "-", stdin="size,x\n1,2\n\n2,2\n").stdout.splitlines()), 3)

    def test_an_error_in_a_later_row(self):
        head, rows = self.text.split("\n", 1)
        many = rows * 100
        whole = self.predict((head + "\n" + many).encode()).splitlines(True)
        bad = (head + "\n" + many + rows.replace(",", ",oops", 1)).encode()
        r = subprocess.run([BPNET, "predict", "r", "-"], cwd=self.folder, input=bad, capture_output=True)
        self.assertEqual(r.returncode, 65)
        answers = r.stdout.decode().splitlines(True)
        self.assertGreater(len(answers), 1000)
        self.assertEqual(answers, whole[: len(answers)])
        self.assertIn(f"  the first {len(answers) - 1} rows are answered; those behind them are not\n", r.stderr.decode())
        # In the first rows it comes before any answer.
        r = subprocess.run([BPNET, "predict", "r", "-"], cwd=self.folder, input=(head + "\n" + rows.replace(",", ",oops", 1)).encode(), capture_output=True)
        self.assertEqual((r.returncode, r.stdout), (65, b""))
        self.assertNotIn(b"answered", r.stderr)

    def test_packed_and_converted(self):
        self.assertEqual(self.predict(gzip.compress(self.text.encode())), self.expected)
        self.assertEqual(self.predict(("\ufeff" + self.text).encode("utf-16-le")), self.expected)
        half = len(self.text) // 2
        self.assertEqual(self.predict(gzip.compress(self.text[:half].encode()) + gzip.compress(self.text[half:].encode())), self.expected)
        self.assertIn("standard input: error: the file is cut short", self.predict(gzip.compress(self.text.encode())[:-9], status=65))

    def test_json_lines(self):
        rows = [{k: v if k == "cultivar" else float(v) for k, v in r.items()} for r in self.rows()]
        self.assertEqual(self.predict(self.json_lines(rows)), self.expected)
        self.assertEqual(self.predict(gzip.compress(self.json_lines(rows))), self.expected)
        turned = [dict(reversed(list(r.items())), note={"a": [i]}, id=f"{i}, \"x\"") for i, r in enumerate(rows)]
        for r in turned:
            del r["cultivar"]
        kept = list(csv.DictReader(io.StringIO(self.predict(self.json_lines(turned), "--keep", "id"))))
        self.assertEqual([r.pop("id") for r in kept], [r["id"] for r in turned])
        self.assertEqual(kept, list(csv.DictReader(io.StringIO(self.expected))))
        with open(self.path("w.jsonl.gz"), "wb") as f:
            f.write(gzip.compress(self.json_lines(rows)))
        said = self.run_program("eval", "r", "--data", "w.jsonl.gz", "--json").stdout
        self.assertEqual(json.loads(said)["rows"], len(rows))
        del rows[0]["ash"]
        for r in rows:
            r.pop("ash", None)
        said = self.predict(self.json_lines(rows), status=65)
        self.assertIn("there is no column 'ash', which the model reads\n  no training row missed it", said)
        self.assertIn("standard input:2:9: error:", self.predict(b'{"ash": 1}\n{"ash": x}\n', status=65))

    def test_lines_above_the_header_are_left_out_of_a_pipe_as_of_a_file(self):
        text = "made by hand\n\n" + self.text
        self.write("t.csv", text)
        self.write("t.yaml", WINE.replace(f"{ROOT}/data/wine.csv", "t.csv, csv: {skip_rows: 2}"))
        self.run_program("train", "t.yaml", "--out", "r", "--force", "--quiet")
        self.assertEqual(self.predict(text.encode()), self.run_program("predict", "r", "t.csv").stdout)
        said = self.predict(self.text.encode(), status=65)
        self.assertIn("as in the training file, the first 2 lines are left out (data.csv.skip_rows)", said)

    def test_a_key_that_comes_late_is_read_where_it_may_be_missing(self):
        self.write("t.jsonl", "".join('{"x": %d, %s"y": %d}\n' % (i % 7, '"z": %d, ' % (i % 3) if i % 4 else "", i % 3) for i in range(200)))
        self.write("t.yaml", "data: {file: t.jsonl, target: y, columns: {y: category}}\nmodel: [output]\ntrain: {epochs: 2}\n")
        self.run_program("train", "t.yaml", "--out", "j", "--quiet")
        self.write("new.jsonl", '{"x": 1}\n' * 60000 + '{"x": 1, "z": 2}\n')
        answers = self.run_program("predict", "j", "new.jsonl").stdout.splitlines()
        self.assertEqual(len(answers), 60002)
        self.assertEqual(set(answers[1:-1]), {answers[1]})
        self.assertNotEqual(answers[-1], answers[1])

    def test_bad_cells_are_told_without_advice_on_settings(self):
        bad = self.text.splitlines()
        bad[5] = bad[5].replace(bad[5].split(",")[2], "unknown")
        said = self.predict("\n".join(bad).encode(), status=65)
        self.assertRegex(said, "standard input:6:[0-9]+: error: column '[a-z_0-9]+' is a number to this model, but this cell is 'unknown'")
        self.assertNotIn("data.csv", said)

    def test_rows_are_answered_as_they_come(self):
        lines = self.text.splitlines(keepends=True)
        p = subprocess.Popen([BPNET, "predict", "r", "-"], cwd=self.folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        p.stdin.write("".join(lines[:3]).encode())
        p.stdin.flush()
        got = read_lines(p.stdout, 3)
        p.stdin.write("".join(lines[3:]).encode())
        p.stdin.close()
        got += p.stdout.read()
        p.stdout.close()
        self.assertEqual(p.wait(), 0)
        self.assertEqual(got.decode(), self.expected)


class Lines(ProgramTest):
    """Models that learnt from files of lines read lines."""

    def setUp(self):
        super().setUp()
        words = ["red", "blue", "old", "new"]
        lines = [f"{words[i % 4]} {words[i // 4 % 4]}" for i in range(80)]
        self.write("text.txt", "".join(line + "\n" for line in lines))
        self.write("kind.txt", "".join(line.split()[0] + "\n" for line in lines))
        self.write("c.yaml", """data: {file: {text: text.txt, kind: kind.txt}, target: kind, columns: {text: {text: {tokenizer: words}}, kind: category}}
model: [{embedding: 4}, {temporal_pool: mean}, output]
train: {epochs: 2}
""")
        self.run_program("train", "c.yaml", "--out", "r", "--quiet")

    def answer(self, text):
        r = subprocess.run([BPNET, "predict", "r", "-"], cwd=self.folder, input=text, capture_output=True)
        return r.returncode, r.stdout.decode().splitlines(), r.stderr.decode()

    def test_lines_are_answered_as_they_come(self):
        text = b"red old\nnew\nblue red\n"
        status, expected, _ = self.answer(text)
        self.assertEqual((status, len(expected)), (0, 4))
        p = subprocess.Popen([BPNET, "predict", "r", "-"], cwd=self.folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.addCleanup(p.stdout.close)
        got = b""
        for n, line in enumerate(text.splitlines(keepends=True)):
            p.stdin.write(line)
            p.stdin.flush()
            got = read_lines(p.stdout, n + 2, got)
        p.stdin.close()
        self.assertEqual(p.wait(), 0)
        self.assertEqual(got.decode().splitlines(), expected)

    def test_what_comes_before_a_bad_line_is_answered(self):
        for bad, told in ((b"ol\0d", ":200001:3: error: there is a zero byte here"), (b"ol\xffd", ":200001:1: error:")):
            status, answers, said = self.answer(b"red old\n" * 200000 + bad + b"\n")
            self.assertEqual(status, 65)
            self.assertIn(f"standard input{told}", said)
            self.assertGreater(len(answers), 1000)

    def test_a_carriage_return_alone_ends_no_line(self):
        status, _, said = self.answer(b"red\rold\nol\0d\n")
        self.assertEqual(status, 65)
        self.assertIn("standard input:2:3: error: there is a zero byte here", said)

    def test_text_of_four_bytes_a_letter_is_named(self):
        for encoding, name in ("utf-32", "utf-32"), ("utf-32-be", "utf-32be"), ("utf-32-le", "utf-32le"):
            data = "red\n".encode(encoding)
            self.assertIn(f"make it UTF-8: iconv -f {name} -t utf-8 > FILE\n", self.answer(data)[2])
            for file, shown in ("new.txt", "new.txt"), ("it's new.txt", "'it'\\''s new.txt'"):
                with open(self.path(file), "wb") as f:
                    f.write(data)
                said = self.run_program("predict", "r", file, status=65).stderr
                self.assertIn(f"iconv -f {name} -t utf-8 {shown} > FILE\n", said)

    def test_extensions_in_capitals_are_those_of_tables(self):
        self.write("kind.csv", "kind\n" + self.read("kind.txt"))
        os.mkdir(self.path("capitals"))
        self.write("capitals/kind.CSV", self.read("kind.csv"))
        for out, file in ("small", "kind.csv"), ("capitals", "capitals/kind.CSV"):
            self.write("t.yaml", self.read("c.yaml").replace("kind: kind.txt", f"kind: {file}"))
            self.run_program("train", "t.yaml", "--out", f"run_{out}", "--quiet")
        self.assertEqual(self.hashes("run_capitals"), self.hashes("run_small"))

    def test_a_byte_order_mark_is_no_text(self):
        self.assertEqual(self.answer(b"\xef\xbb\xbfred\nblue old\n"), self.answer(b"red\nblue old\n"))
        self.write("text.txt", "\ufeff" + self.read("text.txt"))
        self.run_program("train", "c.yaml", "--out", "marked", "--quiet")
        self.assertEqual(self.hashes("marked"), self.hashes("r"))

    def test_files_without_an_extension_are_lines(self):
        os.rename(self.path("text.txt"), self.path("text"))
        os.rename(self.path("kind.txt"), self.path("kind"))
        self.write("d.yaml", self.read("c.yaml").replace(".txt", ""))
        self.run_program("train", "d.yaml", "--out", "d", "--quiet")
        self.assertEqual(self.hashes("d"), self.hashes("r"))
        self.write("new", "red, old\nnew\n")
        self.write("new.txt", "red, old\nnew\n")
        self.assertEqual(self.run_program("predict", "d", "new").stdout, self.run_program("predict", "r", "new.txt").stdout)

    def test_empty_files_are_named(self):
        self.write("text.txt", "")
        self.write("kind.txt", "")
        self.assertIn("text.txt: error: the file has no rows", self.run_program("train", "c.yaml", "--out", "e", status=65).stderr)

    def test_a_line_is_one_cell_whatever_is_in_it(self):
        status, expected, _ = self.answer(b"red\n\nblue\n")
        self.assertEqual((status, len(expected)), (0, 4))
        for text in (b"red\r\n\r\nblue\r\n", b"red\n\nblue", b"red\n\nblue\r"):
            self.assertEqual(self.answer(text)[:2], (0, expected))
        for text in (b'"red\n"blue\n', b'red"\nblue, ""old\n', b'"red", "blue"\n\n', b"red\rold\nblue\n"):
            self.assertEqual(len(self.answer(text)[1]), 3)


if __name__ == "__main__":
    main()
