"""What is remarked on in settings and data that can be trained, but hardly say what was meant."""
import os

from program import ProgramTest, main

ROWS = "x,c,y\n" + "".join(f"{i * 37 % 50 / 7:.3f},{'uvw'[i * i % 7 % 3]},{'yes' if i * 7 % 11 > 4 else 'no'}\n" for i in range(120))


class Remarks(ProgramTest):
    def setUp(self):
        super().setUp()
        self.write("a.csv", ROWS)

    def said(self, data, more="model: [output]\n", head=""):
        """What check writes to stderr, less the remarks on rows."""
        self.write("a.yaml", f"{head}data: {data}\n{more}")
        lines = self.run_program("check", "a.yaml").stderr.splitlines(True)
        return "".join(line for line in lines if "few rows" not in line and "among the training rows" not in line)


class Files(Remarks):
    TWICE = "what is in it counts twice"

    def test_the_same_file_twice_whatever_it_is_called(self):
        os.symlink("a.csv", self.path("b.csv"))
        for other in ("a.csv", "./a.csv", self.path("a.csv"), "b.csv"):
            said = self.said(f"{{file: [a.csv, {other}], target: y}}")
            self.assertIn("a.yaml:1:22: warning: data.file.2 is the same file as data.file.1: " + self.TWICE + ", and may be learnt and held out", said)
            self.assertIn("  leave one of them out\n", said)

    def test_the_same_file_for_two_parts(self):
        self.write("b.csv", ROWS.replace("0.", "1."))
        said = self.said("{train: a.csv, test: ./a.csv, target: y}")
        self.assertIn("a.yaml:1:28: warning: data.test is the same file as data.train: the test scores are those of what was learnt\n", said)
        said = self.said("{train: [b.csv, a.csv], validation: a.csv, test: b.csv, target: y}")
        self.assertIn("data.validation is the same file as data.train.2: the validation scores are those of what was learnt\n", said)
        self.assertIn("data.test is the same file as data.train.1: the test scores are those of what was learnt\n", said)
        said = self.said("{train: a.csv, validation: b.csv, test: b.csv, target: y}")
        self.assertIn("data.test is the same file as data.validation: the test scores are those of the validation rows\n", said)

    def test_files_that_share_rows_of_one_column_are_others(self):
        for name, word in (("s.txt", "a"), ("t.txt", "b"), ("u.txt", "c")):
            self.write(name, "".join(f"{word} {i}\n" for i in range(60)))
        told = "model: {encoder: [{embedding: 4}, {gru: 4}], decoder: [{embedding: 4}, {gru: 4}, {cross_attention: {heads: 2}}, output]}\n"
        several = "{train: [{read: s.txt, told: t.txt}, {read: s.txt, told: %s}], target: told}"
        self.assertNotIn("same file", self.said(several % "u.txt", told, "task: sequence_to_sequence\n"))
        self.assertIn("data.train.2 is the same file as data.train.1: " + self.TWICE, self.said(several % "./t.txt", told, "task: sequence_to_sequence\n"))


class Labels(Remarks):
    def test_a_replacement_of_what_is_nowhere(self):
        said = self.said("{file: a.csv, target: y, columns: {c: {category: {replace: {foo: u, v: u, W: u}}}, x: number}}")
        self.assertIn("a.yaml:1:46: warning: data.columns.c: replace speaks of 'foo', and no cell is that\n", said)
        self.assertIn("  there are 2 labels: u, w\n", said)
        self.assertIn("replace speaks of 'W', and no cell is that\n", said)
        self.assertIn("  did you mean 'w'?\n", said)
        self.assertNotIn("'v'", said)

    def test_a_replacement_for_all_columns_may_be_of_one(self):
        self.write("b.csv", "c,d,y\n" + "".join(f"{'uvw'[i * i % 7 % 3]},{'no' if i % 5 else 'ok'},{'pq'[i * i % 11 % 2]}\n" for i in range(120)))
        said = self.said('{file: b.csv, target: y, columns: {"*": {category: {replace: {u: v, ok: yes, x: z}}}}}')
        self.assertIn("data.columns.\"*\": replace speaks of 'x', and no cell is that\n", said)
        self.assertIn("  there are 4 labels: v, w, yes, no\n", said)
        self.assertNotIn("'ok', and", said)
        self.assertNotIn("'u', and", said)

    def test_labels_that_differ_only_in_capitals_or_blanks(self):
        text = "c,y\n" + "".join(f"{('Rome', 'rome', 'Oslo')[i % 3]},{('YES', 'yes', 'yes', 'no')[i % 4]}\n" for i in range(120))
        self.write("b.csv", text)
        said = self.said("{file: b.csv, target: y}")
        self.assertIn("target 'y' has classes that differ only in capitals, or in blanks before or behind them: 'yes' and 'YES'\n", said)
        self.assertIn("  to join them: data.columns: {y: {category: {replace: {YES: yes}}}}, with what else is declared of it\n", said)
        self.assertIn("column 'c' has labels that differ only in capitals", said)
        joined = "columns: {y: {category: {replace: {YES: yes}}}, c: {category: {replace: {rome: Rome}}}}"
        self.assertEqual(self.said("{file: b.csv, target: y, %s}" % joined), "")
        self.write("b.csv", "x,y\n" + "".join(f"{i * 7 % 5},\"{('a', 'a ', 'b')[i % 3]}\"\n" for i in range(120)))
        self.assertIn("'a' and 'a '\n  to join them: data.columns: {y: {category: {replace: {\"a \": a}}}}, with what else is declared of it\n", self.said("{file: b.csv, target: y}"))

    def test_of_many_labels_alike_three_pairs_are_told(self):
        words = [w for letter in "abcdefg" for w in (letter * 3, letter.upper() * 3)]
        self.write("b.csv", "c,y\n" + "".join(f"{words[i % 14]},{'pq'[i % 3 == 0]}\n" for i in range(700)))
        said = self.said("{file: b.csv, target: y}")
        self.assertIn(" and 4 more pairs\n", said)
        self.assertIn(", ...}}}}, with what else is declared of it\n", said)


class Schedules(Remarks):
    def warm_up(self, warmup, train="epochs: 3"):
        return self.said("{file: a.csv, target: y}", f"model: [output]\nschedule:\n  cosine: {{warmup: {warmup}}}\ntrain: {{{train}}}\n")

    def test_a_warm_up_as_long_as_the_training(self):
        said = self.warm_up("5 epochs")
        self.assertIn("a.yaml:4:20: warning: schedule.cosine.warmup takes 15 steps, and the whole training has 9: the learning rate never comes to its full height\n", said)
        self.assertIn("  say warmup: 10%, for example, or train longer\n", said)
        for warmup, train in (("9 steps", "epochs: 3"), ("100%", "epochs: 3"), ("4 steps", "steps: 4"), ("2 epochs", "epochs: 2, accumulate: 2")):
            self.assertIn("never comes to its full height", self.warm_up(warmup, train))
        for warmup, train in (("8 steps", "epochs: 3"), ("50%", "epochs: 3"), ("2 epochs", "epochs: 3"), ("0 steps", "epochs: 1")):
            self.assertNotIn("full height", self.warm_up(warmup, train))


class Texts(Remarks):
    def windows(self, times, train="epochs: 1", task="language_model", data="{file: t.txt}"):
        self.write("t.txt", "ab cd ef. " * times)
        return self.said(data, f"model: [{{embedding: 4}}, output]\ntrain: {{{train}}}\n", f"task: {task}\n")

    def test_a_text_of_few_windows(self):
        said = self.windows(9)
        self.assertIn("a.yaml:1:7: warning: the training text of 63 tokens is 1 window of up to 128: a batch is that window alone\n", said)
        self.assertIn("  shorter windows: task.language_model.context: 8\n", said)
        said = self.windows(100)
        self.assertIn("of 700 tokens is 6 windows of up to 128, and a batch has 32\n", said)
        self.assertIn("  shorter windows: task.language_model.context: 21\n", said)
        self.assertIn("is 1 window", self.windows(9, "epochs: 1, batch_size: all"))
        said = self.windows(9, data="{file: t.txt, columns: {text: {text: {max_length: 64}}}}")
        self.assertIn("  shorter windows: data.columns.text.text.max_length: 8\n", said)
        self.assertNotIn("window", self.windows(100, task="{language_model: {context: 21}}"))
        self.assertNotIn("window", self.windows(100, "epochs: 1, batch_size: 6"))


if __name__ == "__main__":
    main()
