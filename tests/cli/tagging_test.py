"""A label for each step of a text, from settings to what is told."""
import json
import random

from program import ProgramTest, main

CONFIG = """task: tagging
data:
  file: letters.csv
  target: tags
  columns: {line: {text: {tokenizer: characters}}}
model:
  - embedding: 12
  - conv1d: {channels: 24, kernel_size: 3, padding: same, activation: relu}
  - output
optimizer: {adam: {learning_rate: 0.02}}
train: {epochs: 8, batch_size: 16}
"""


def tags_of(line):
    """first of a word, vowel, consonant or gap: the letter before is to be seen"""
    return ["gap" if c == " " else "first" if i == 0 or line[i - 1] == " " else "vowel" if c in "aeiou" else "consonant" for i, c in enumerate(line)]


class Tagging(ProgramTest):
    def setUp(self):
        super().setUp()
        draw = random.Random(3)
        word = lambda: "".join(draw.choice("abcdefghiklmnorstu") for _ in range(draw.randrange(1, 7)))
        self.lines = [" ".join(word() for _ in range(draw.randrange(1, 6))) for _ in range(400)]
        self.write_rows([(line, " ".join(tags_of(line))) for line in self.lines])
        self.write("c.yaml", CONFIG)

    def write_rows(self, rows, name="letters.csv"):
        self.write(name, "line,tags\n" + "".join(f"{line},{tags}\n" for line, tags in rows))

    def test_labels_are_learnt_and_told(self):
        for model in ["", "lstm"]:
            if model:
                self.write("c.yaml", CONFIG.replace("conv1d: {channels: 24, kernel_size: 3, padding: same, activation: relu}", "lstm: {units: 16, bidirectional: true}"))
            result = self.last_json(self.run_program("train", "c.yaml", "--out", "r", "--force", "--json"))
            scores = result["test"]
            self.assertGreater(scores["accuracy"], 0.995)
            self.assertGreater(scores["sequence_accuracy"], 0.95)
            again = json.loads(self.run_program("eval", "r", "--json").stdout)["metrics"]
            self.assertEqual(again["accuracy"], scores["accuracy"])
            self.assertEqual(again["sequence_accuracy"], scores["sequence_accuracy"])
            self.compared_with_the_most_frequent_label(again["accuracy"])
            self.write("new.csv", "line\nno one\n")
            self.assertEqual(self.run_program("predict", "r", "new.csv", "--keep", "line").stdout, "line,tags\nno one,first vowel gap first consonant vowel\n")

    def compared_with_the_most_frequent_label(self, accuracy):
        found = json.loads(self.run_program("eval", "r", "--json").stdout)
        share = sum(tags_of(line).count("consonant") for line in self.lines) / sum(map(len, self.lines))
        self.assertAlmostEqual(found["baselines"]["guess"]["metrics"]["accuracy"], share, delta=0.05)
        low, high = found["interval"]["accuracy"]
        self.assertLessEqual(low, accuracy)
        self.assertLessEqual(accuracy, high)
        self.assertIn("majority: the shares of labels of the training rows, for every step\n", self.run_program("eval", "r").stdout)

    def test_the_same_bits_on_any_number_of_threads_and_after_a_pause(self):
        runs = []
        for threads in "1", "2", "3":
            self.run_program("train", "c.yaml", "--out", threads, "--threads", threads, "--set", "train.epochs=2")
            runs.append(self.log_without_times(threads))
        self.assertEqual(runs, [runs[0]] * 3)
        self.run_program("train", "c.yaml", "--out", "s", "--set", "train.epochs=1")
        self.run_program("train", "c.yaml", "--out", "s", "--resume", "--set", "train.epochs=2")
        self.assertEqual(self.log_without_times("s"), runs[0])

    def test_each_step_has_a_label(self):
        rows = [(line, " ".join(tags_of(line))) for line in self.lines]
        self.run_program("train", "c.yaml", "--out", "r", "--set", "train.epochs=1")
        rows[4] = ("ab", "first vowel gap")
        rows[9] = ("ab", "first")
        self.write_rows(rows)
        for words in [("train", "c.yaml"), ("check", "c.yaml"), ("eval", "r", "--rows", "all", "--data", "letters.csv")]:
            error = self.run_program(*words, status=65).stderr
            self.assertIn("letters.csv:6:4: error: ", error)
            self.assertIn("column 'tags' has 3 labels for 2 steps of 'line'", error)
            self.assertIn("letters.csv:11:4: error: ", error)

    def test_error_rates_are_of_symbols_between_their_own_separators(self):
        rows = [(line, ";".join(tags_of(line))) for line in self.lines]
        self.write_rows(rows)
        self.write("s.yaml", CONFIG.replace("characters}}}", "characters}}, tags: {sequence: {of: symbols, separator: ';'}}}") + "metrics: [accuracy, word_error_rate, sequence_accuracy]\n")
        self.run_program("train", "s.yaml", "--out", "r")
        self.write_rows([("no one", "first;vowel;gap;first;strange;vowel"), ("a b", "first;gap;first")], "e.csv")
        scores = json.loads(self.run_program("eval", "r", "--data", "e.csv", "--json").stdout)["metrics"]
        self.assertAlmostEqual(scores["word_error_rate"], 1 / 9, 6)

    def test_what_is_no_text_is_not_read_beside_a_declared_one(self):
        """A number and a few labels are ignored; a text is read. Without a declaration all are texts, and the error names them."""
        rows = [(f"{i},{line},{'ab'[i % 2]}", " ".join(tags_of(line))) for i, line in enumerate(self.lines)]
        self.write("letters.csv", "id,line,speaker,tags\n" + "".join(f"{row},{tags}\n" for row, tags in rows))
        r = self.run_program("check", "c.yaml")
        self.assertRegex(r.stdout, r"\n *id +ignored .*not declared, and no text: declare it to read it\n")
        self.assertRegex(r.stdout, r"\n *speaker +ignored .*not declared, and no text: declare it to read it\n")
        self.run_program("train", "c.yaml", "--out", "r", "--set", "train.epochs=1")
        self.write("new.csv", "line\nno one\n")
        self.run_program("predict", "r", "new.csv")
        every = ("--set", "data.columns={'*': {text: {tokenizer: characters}}}")
        error = self.run_program("check", "c.yaml", *every, status=65).stderr
        self.assertIn(" steps of 'id' and 'line' and 'speaker'\n", error)
        self.assertIn("'id' and 'line' and 'speaker' are read one behind the other; to read one of them: data.features: [line]\n", error)
        self.run_program("check", "c.yaml", *every, "--set", "data.features=[line]")
        self.assertIn("main reads 'id' and 'line' as one sequence", self.run_program("check", "c.yaml", "--set", "data.features=[id, line]", status=78).stderr)  # asked for

    def test_texts_with_different_options_cannot_be_read_together(self):
        rows = [(f"note {i % 9},{line}", " ".join(tags_of(line))) for i, line in enumerate(self.lines)]
        self.write("letters.csv", "note,line,tags\n" + "".join(f"{row},{tags}\n" for row, tags in rows))
        both = ("--set", "data.features=[note, line]")
        for columns in "{line: {text: {tokenizer: characters}}}", "{line: {sequence: symbols}}":
            error = self.run_program("check", "c.yaml", *both, "--set", f"data.columns={columns}", status=78).stderr
            self.assertRegex(error, "main reads 'note' and 'line' as one sequence, but they have different options\n")
            self.assertIn("  give both the same options, or read one of them: data.features: [line], or each a stack: ", error)

    def test_what_is_cut_off_has_no_label(self):
        cut = ("--set", "data.columns.line={text: {tokenizer: characters, max_length: 5}}")
        r = self.run_program("train", "c.yaml", "--out", "r", "--set", "train.epochs=1", *cut)
        longer = sum(len(line) > 5 for line in self.lines)
        told = f"column 'tags' has more than 5 labels in {longer} rows: those behind are cut off, neither learnt nor judged\n  the longest has {max(map(len, self.lines))}: "
        self.assertIn(told, r.stderr)
        r = self.run_program("check", "c.yaml", *cut)
        self.assertIn(told, r.stderr)
        self.assertRegex(r.stdout, r"tags +target: labels +0 +\d+ +4 labels, ")
        self.assertIn("4 classes (consonant ", r.stdout)
        self.run_program("train", "c.yaml", "--out", "s", "--set", "metrics=[accuracy, sequence_accuracy]", *cut)
        scores = json.loads(self.run_program("eval", "s", "--json").stdout)["metrics"]
        self.assertGreater(scores["sequence_accuracy"], 0.9)  # what is cut off is not judged
        self.write("new.csv", "line\nabcdefgh\n")
        r = self.run_program("predict", "r", "new.csv")
        self.assertEqual(len(r.stdout.split()), 1 + 5)
        self.assertIn("warning: column 'line': 1 row has more than 5 tokens, and what is behind is not read: it gets no labels\n", r.stderr)

    def test_labels_of_other_files(self):
        """One that no training row has is told of and wrong where whole rows count; a row without labels is left out; nothing has no labels."""
        self.run_program("train", "c.yaml", "--out", "r", "--set", "metrics=[accuracy, sequence_accuracy, edit_distance]")
        self.write_rows([("no one", "first vowel gap first strange vowel"), ("a b", "first gap first"), ("abc", ""), ("", "")], "e.csv")
        r = self.run_program("eval", "r", "--data", "e.csv", "--json")
        found = json.loads(r.stdout)
        self.assertEqual([found["rows"], found["metrics"]["accuracy"], found["metrics"]["sequence_accuracy"], found["metrics"]["edit_distance"]], [2, 1, 0.5, 3.5])  # strange for consonant: 7 letters to change
        self.assertIn("2 rows without a target are left out", r.stderr)
        self.assertIn("target 'tags': 1 row has labels that no training row has; scores of steps leave them out", r.stderr)
        self.write_rows([("", "first")], "e.csv")
        self.assertIn("column 'tags' has 1 label for an empty 'line'", self.run_program("eval", "r", "--data", "e.csv", status=65).stderr)
        self.assertEqual(self.run_program("predict", "r", "-", stdin='line\nab\n""\n').stdout, 'tags\nfirst consonant\n""\n')

    def test_lines(self):
        self.write("lines.txt", "".join(line + "\n" for line in self.lines))
        self.write("tags.txt", "".join(" ".join(tags_of(line)) + "\n" for line in self.lines))
        self.write("l.yaml", CONFIG.replace("file: letters.csv", "file: {line: lines.txt, tags: tags.txt}"))
        self.run_program("train", "l.yaml", "--out", "r")
        new = ["the red house", "a", "abacus in rome"]
        told = self.run_program("predict", "r", "-", stdin="".join(line + "\n" for line in new)).stdout
        self.assertEqual(told.splitlines(), [" ".join(tags_of(line)) for line in new])
        self.write("tags.txt", "first\n" + self.read("tags.txt").split("\n", 1)[1])
        self.assertIn("tags.txt:1:1: error: column 'tags' has 1 label for", self.run_program("check", "l.yaml", status=65).stderr)

    def test_rows_without_labels_are_left_out(self):
        rows = [(line, " ".join(tags_of(line))) for line in self.lines]
        self.write_rows([*rows, ("abc", "")])
        r = self.run_program("check", "c.yaml")
        self.assertIn("left out      1 rows without a target", r.stdout)

    def test_words_and_sequences(self):
        rows = [(line, " ".join(w[0].upper() for w in line.split())) for line in self.lines]
        self.write_rows(rows)
        words = CONFIG.replace("  columns: {line: {text: {tokenizer: characters}}}\n", "")
        self.write("w.yaml", words)
        self.run_program("train", "w.yaml", "--out", "w")
        draw = random.Random(1)
        numbers = [[draw.uniform(-1, 1) for _ in range(5 + i % 7)] for i in range(300)]
        self.write_rows([(" ".join(f"{x:.3f}" for x in xs), " ".join("up" if x > 0 else "down" for x in xs)) for xs in numbers])
        self.write("n.yaml", words.replace("target: tags\n", "target: tags\n  columns: {line: sequence}\n").replace("  - embedding: 12\n", ""))
        result = self.last_json(self.run_program("train", "n.yaml", "--out", "n", "--json"))
        self.assertGreater(result["test"]["accuracy"], 0.95)
        self.write("new.csv", "line\n0.5 -0.5 -0.7 0.9\n")
        self.assertEqual(self.run_program("predict", "n", "new.csv").stdout, "tags\nup down down up\n")

    def test_refusals(self):
        for change, word in [
            (("output\n", "temporal_pool: mean\n  - output\n"), "every step"),
            (("columns: {line", "columns: {tags: category, line"), "sequence of symbols"),
            (("columns: {line: {text: {tokenizer: characters}}}", "columns: {line: category}"), "labels the steps"),
            (("train: {", "metrics: [mae]\ntrain: {"), "metric mae"),
        ]:
            self.write("x.yaml", CONFIG.replace(*change))
            self.assertIn(word, self.run_program("check", "x.yaml", status=78).stderr)
        self.write_rows([("abc", "x x x")] * 50)
        self.assertIn("nothing to learn", self.run_program("check", "c.yaml", status=65).stderr)


if __name__ == "__main__":
    main()
