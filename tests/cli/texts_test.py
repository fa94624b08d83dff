"""Texts and sequences from the settings to the answers."""
import csv
import gzip
import io
import json
import random
import unittest

from program import ProgramTest, main

NEWS = """data:
  file: news.csv
  target: kind
  columns: {title: text, body: text}
model:
  - embedding: 8
  - temporal_pool: mean
  - output
optimizer: {adam: {learning_rate: 0.05}}
train: {epochs: 20, batch_size: 16}
"""
WORDS = {"sport": "match goal team league coach".split(), "money": "market bank shares profit price".split()}
OTHERS = "the a of and in on was said Monday after".split()


class Texts(ProgramTest):
    def setUp(self):
        super().setUp()
        draw = random.Random(5)
        self.rows = []
        for i in range(300):
            kind = draw.choice(list(WORDS))
            body = [draw.choice(OTHERS + WORDS[kind]) for _ in range(draw.randrange(5, 40))]
            self.rows.append({"title": " ".join(body[:2]), "body": " ".join(body) + ".", "kind": kind})
        self.rows[7]["title"] = ""
        self.write("news.csv", self.as_csv(self.rows))
        self.write("news.yaml", NEWS)

    @staticmethod
    def as_csv(rows):
        out = io.StringIO()
        writer = csv.DictWriter(out, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
        return out.getvalue()

    def test_texts_are_learnt_evaluated_and_answered(self):
        trained = self.last_json(self.run_program("train", "news.yaml", "--out", "run", "--json"))
        self.assertGreater(trained["test"]["accuracy"], 0.9)
        again = self.last_json(self.run_program("eval", "run", "--json"))
        self.assertEqual(again["metrics"]["accuracy"], trained["test"]["accuracy"])
        rows = [{"title": "goal", "body": "the team and the coach, zebra"}, {"title": "bank", "body": "shares of the market"}, {"title": "", "body": ""}]
        self.write("new.csv", self.as_csv(rows))
        answers = self.run_program("predict", "run", "new.csv").stdout
        kinds = [row["kind"] for row in csv.DictReader(io.StringIO(answers))]
        self.assertEqual(kinds[:2], ["sport", "money"])
        self.assertEqual(len(kinds), 3)
        lines = "".join(json.dumps(row) + "\n" for row in rows)
        self.assertEqual(self.run_program("predict", "run", "-", stdin=lines).stdout, answers)
        shown = self.run_program("predict", "run", "new.csv", "--stage", "inputs").stdout.splitlines()
        self.assertEqual(shown[0], "main.texts")
        self.assertEqual(len(shown[1].split()), 1 + 1 + 7)
        self.assertEqual(shown[3], "2")
        with open(self.path("latin.csv"), "w", encoding="latin1") as f:
            f.write(self.as_csv([{"title": "goal", "body": "caf\u00e9", "kind": "sport"}]))
        for words in ("predict", "run", "latin.csv"), ("eval", "run", "--data", "latin.csv"), ("train", "news.yaml", "--set", "data.file=latin.csv"):
            said = self.run_program(*words, status=65).stderr
            self.assertIn("latin.csv:2:6: error: this cell of column 'body' is not UTF-8\n", said)
            self.assertIn("data.csv.encoding: latin1" if words[0] == "train" else "save the file as UTF-8\n", said)

    def test_a_row_is_answered_alike_alone_and_beside_longer_ones(self):
        self.run_program("train", "news.yaml", "--out", "run", "--quiet")
        self.write("one.csv", self.as_csv(self.rows[:1]))
        self.write("many.csv", self.as_csv(self.rows))
        one, many = (self.run_program("predict", "run", f"{name}.csv").stdout.splitlines()[1] for name in ("one", "many"))
        self.assertEqual(one.split(",")[0], many.split(",")[0])
        self.assertAlmostEqual(float(one.split(",")[1]), float(many.split(",")[1]), places=6)

    def test_threads_and_file_formats_do_not_matter(self):
        with gzip.open(self.path("news.jsonl.gz"), "wt") as f:
            f.writelines(json.dumps(row) + "\n" for row in self.rows)
        hashes = []
        for threads, file in [("1", "news.csv"), ("2", "news.csv"), ("3", "news.jsonl.gz")]:
            self.run_program("train", "news.yaml", "--out", "run", "--force", "--threads", threads, "--set", f"data.file={file}", "--quiet")
            hashes.append(self.hashes("run"))
        self.assertEqual(hashes[0], hashes[1])
        self.assertEqual(hashes[0], hashes[2])

    def test_check_tells_vocabulary_and_lengths(self):
        checked = json.loads(self.run_program("check", "news.yaml", "--json").stdout)
        body = next(c for c in checked["columns"] if c["name"] == "body")
        self.assertEqual(body["type"], "text")
        self.assertRegex(body["detail"], r"^2\d tokens, length \d+\.\d+ in the mean, 40 at most$")
        cut = self.run_program("check", "news.yaml", "--set", "data.columns.body.text.max_length=9", "--set", "data.columns.title.text.max_length=9")
        self.assertIn("cut at 9", cut.stdout)

    def test_texts_that_are_not_declared(self):
        r = self.run_program("train", "news.yaml", "--set", "data.columns={}", status=65)
        self.assertIn("column 'body' is text, most of it different in each row: declare it, data.columns: {body: text}", r.stderr)

    def test_arrays_are_sequences(self):
        self.write("a.jsonl", "".join('{"s": [%s], "y": %d}\n' % (", ".join(str(i % 7 + k) for k in range(i % 4 + 1)), i % 2) for i in range(60)))
        self.write("b.csv", "s,y\n" + "".join("%s,%d\n" % (" ".join(str(i % 7 + k) for k in range(i % 4 + 1)), i % 2) for i in range(60)))
        for file in "a.jsonl", "b.csv":
            self.write("s.yaml", "data: {file: %s, target: y, columns: {s: sequence}}\nmodel: [{temporal_pool: mean}, {dense: 4}, output]\ntrain: {epochs: 2}\n" % file)
            self.run_program("train", "s.yaml", "--out", file[0])
        self.assertEqual(self.hashes("a"), self.hashes("b"))

    def test_bags_of_ngrams(self):
        r = self.run_program("train", "news.yaml", "--set", "data.columns={body: {text: {ngrams: 2, buckets: 500, tokenizer: {words: {lower: true}}}}}", "--set", "data.ignore=title", "--json")
        self.assertGreater(self.last_json(r)["test"]["accuracy"], 0.9)

    def test_vocabulary_and_small_letters_beside_the_tokenizer(self):
        def train(columns, *more, **kept):
            return self.run_program("train", "news.yaml", "--set", "data.columns={body: {text: {%s}}}" % columns, "--set", "data.ignore=title", "--set", "train.epochs=2", *more, **kept)
        flat = "tokenizer: bpe, vocabulary: 280, lower: true"
        train(flat, "--out", "flat")
        train("tokenizer: {bpe: {vocabulary: 280, lower: true}}", "--out", "nested")
        train("tokenizer: {bpe: {vocabulary: 280}}", "--out", "other")
        self.assertEqual(self.hashes("flat"), self.hashes("nested"))
        self.assertNotEqual(self.hashes("flat"), self.hashes("other"))
        train(flat, "--out", "flat", "--resume")
        self.assertIn("tokenizer: bytes has no vocabulary to choose", train("tokenizer: bytes, vocabulary: 280", status=78).stderr)
        self.assertIn("vocabulary: 200 is too small, tokenizer: bpe needs 259", train("tokenizer: bpe, vocabulary: 200", status=78).stderr)

    def test_a_text_beside_numbers_needs_a_stack_of_its_own(self):
        for i, row in enumerate(self.rows):
            row["words"] = len(row["body"].split())
        self.write("news.csv", self.as_csv(self.rows))
        r = self.run_program("train", "news.yaml", status=78)
        self.assertIn("model.main reads the text 'title' and other features ('words', ...)", r.stderr)
        r = self.run_program("train", "news.yaml", "--set", "model={inputs: {title: [{embedding: 8}, {temporal_pool: mean}], body: [{embedding: 8}, {temporal_pool: mean}], rest: [{dense: 2}]}, trunk: [output]}", "--json")
        self.assertGreater(self.last_json(r)["test"]["accuracy"], 0.9)

    def test_sequences_of_numbers(self):
        draw = random.Random(2)
        rows = [{"s": " ".join(f"{draw.gauss(up, 1):.2f}" for _ in range(draw.randrange(4, 12))), "y": "up" if up else "down"} for up in draw.choices([0, 3], k=200)]
        self.write("s.csv", self.as_csv(rows))
        self.write("s.yaml", "data: {file: s.csv, target: y, columns: {s: sequence}}\nmodel: [{temporal_pool: mean}, {dense: 8}, relu, output]\noptimizer: {adam: {learning_rate: 0.02}}\ntrain: {epochs: 30}\n")
        r = self.run_program("train", "s.yaml", "--json")
        self.assertGreater(self.last_json(r)["test"]["accuracy"], 0.9)
        rows[3]["s"] = "1 two"
        self.write("s.csv", self.as_csv(rows))
        r = self.run_program("train", "s.yaml", status=65)
        self.assertIn("s.csv:5:1: error: column 's' is a sequence of numbers, but in this cell something else is: '1 two'", r.stderr)


class StepsThatAreNotDrawnTogether(ProgramTest):
    def test_are_an_error(self):
        self.write("t.csv", "text,x,y\n" + "".join(f"hello w{i % 7} there,{i},{'ab'[i % 2]}\n" for i in range(80)))
        data = "data: {file: t.csv, target: y, columns: {text: text, x: number}"
        cases = [
            (data + ", features: [text]}\nmodel: [{embedding: 8}, output]\n", "the output answers every step of a sequence"),
            (data + "}\nmodel: {inputs: {text: [{embedding: 8}], rest: [{dense: 8}]}, trunk: [output]}\n", "joins the steps of a sequence with what has other steps"),
        ]
        for text, message in cases:
            self.write("c.yaml", text)
            self.assertIn(message, self.run_program("train", "c.yaml", status=78).stderr)


if __name__ == "__main__":
    main()
