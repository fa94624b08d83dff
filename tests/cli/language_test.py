"""Language models and texts told from texts, from settings to what they write."""
import json
import math
import os
import random
import unittest

from program import ROOT, ProgramTest, main

GPT = """
  - embedding: {units: 16, name: tokens}
  - positions: {type: learned, max_positions: 16}
  - transformer: {layers: 1, heads: 2, causal: true, dropout: 0.1}
  - output: {tied: tokens}
"""
LSTM = """
  - embedding: 16
  - lstm: {units: 24, layers: 2, dropout: 0.1}
  - output
"""
TEXT = "the quick brown fox jumps over the lazy dog.\n" * 60
WORDS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]


def settings(model, context=16, tokenizer="characters", steps=40, train=""):
    return f"""task: {{language_model: {{context: {context}, tokenizer: {tokenizer}}}}}
data: {{file: text.txt, split: {{validation: 10%, test: 10%}}}}
model:{model}
optimizer: {{adam: {{learning_rate: 0.01}}}}
train: {{steps: {steps}, batch_size: 8, evaluate: 20 steps{train}}}
"""


class LanguageModels(ProgramTest):
    def setUp(self):
        super().setUp()
        self.write("text.txt", TEXT)

    def test_what_is_learnt_is_written(self):
        for model in [GPT, LSTM]:
            self.write("c.yaml", settings(model, steps=400))
            result = self.last_json(self.run_program("train", "c.yaml", "--out", "r", "--force", "--json"))
            self.assertLess(result["test"]["perplexity"], 1.4)
            # Longer than the context: goes on as it learnt.
            written = self.run_program("generate", "r", "--prompt", "the quick", "--length", "200", "--temperature", "0").stdout
            self.assertEqual(written, (TEXT * 2)[:209] + "\n")

    def test_the_text_may_be_declared_as_a_column(self):
        def train(task, columns, *words, status=0):
            self.write("c.yaml", f"""task: {task}
data: {{file: text.txt, columns: {columns}}}
model: [{{embedding: 8}}, {{gru: 8}}, output]
train: {{steps: 3, batch_size: 8}}
""")
            return self.run_program("train", "c.yaml", "--out", "r", "--force", "--json", *words, status=status)

        said = "{language_model: {context: 24, tokenizer: {characters: {lower: true}}}}"
        train(said, "{}")
        by_task = self.hashes("r")
        train("language_model", "{text: {text: {tokenizer: characters, lower: true, max_length: 24}}}")
        self.assertEqual(self.hashes("r"), by_task)
        train("language_model", "{text: {text: {tokenizer: characters, lower: true}}}")
        self.assertNotEqual(self.hashes("r"), by_task)
        for task, columns, message in [
            (said, "{text: {text: {max_length: 24}}}", "the task says what tokens of the text are, or how many a window has, as well"),
            ("language_model", "{text: {text: {ngrams: 2, buckets: 10}}}", "ngrams: a language model tells one token after the other"),
            ("language_model", "{text: number}", "a language model reads a text, not a number"),
            ("language_model", "{words: text}", "data.columns.words: a text has no columns"),
        ]:
            self.assertIn(message, train(task, columns, status=78).stderr)

    def test_seeds_and_choices_of_what_is_drawn(self):
        self.write("c.yaml", settings(GPT))
        self.run_program("train", "c.yaml", "--out", "r")
        write = lambda *words: self.run_program("generate", "r", "--prompt", "the", "--length", "60", *words).stdout
        self.assertEqual(write("--seed", "1"), write("--seed", "1", "--threads", "1"))
        self.assertNotEqual(write("--seed", "1"), write("--seed", "2"))
        self.assertEqual(write("--top-k", "1"), write("--temperature", "0"))
        self.assertEqual(write("--top-p", "0.000001"), write("--temperature", "0"))
        self.assertEqual(write("--top-p", "0"), write("--temperature", "0"))
        unknown = self.run_program("generate", "r", "--prompt", "tñe", "--length", "5")
        self.assertIn("warning: a token of the prompt is not in the training text", unknown.stderr)
        self.assertTrue(unknown.stdout.startswith("tñe"))
        self.run_program("generate", "r", "--length", "3")  # without a prompt
        for bad in ("--temperature", "nan"), ("--top-p", "nan"), ("--length", "99999999999999999999"), ("--length", "1.5"), ("--top-k", "0"), ("--seed", "-1"):
            self.assertIn("number from", self.run_program("generate", "r", *bad, status=64).stderr, bad)
        self.assertIn("bpnet generate", self.run_program("predict", "r", "text.txt", status=64).stderr)

    def test_tokenizers(self):
        for tokenizer in ["bytes", "words", "{bpe: 300}"]:
            self.write("c.yaml", settings(GPT, tokenizer=tokenizer, steps=20))
            self.run_program("train", "c.yaml", "--out", "r", "--force")
            self.run_program("generate", "r", "--prompt", "the quick", "--length", "10")
            bits = json.loads(self.run_program("eval", "r", "--json").stdout)["metrics"]["bits_per_character"]
            self.assertGreater(bits, 0)

    def test_bytes_within_a_character_are_no_characters(self):
        text = "x" + "größe, 日本語. " * 100
        self.write("text.txt", text)
        for tokenizer, tokens in ("bytes", len(text.encode())), ("characters", len(text)):
            self.write("c.yaml", settings(LSTM, tokenizer=tokenizer, steps=20))
            self.run_program("train", "c.yaml", "--out", "r", "--force")
            self.write("all.txt", text)
            scores = json.loads(self.run_program("eval", "r", "--data", "all.txt", "--json").stdout)["metrics"]
            self.assertAlmostEqual(scores["bits_per_character"] / (math.log2(scores["perplexity"]) * (tokens - 1) / (len(text) - 1)), 1, 5)

    def test_a_byte_order_mark_is_no_text(self):
        self.write("c.yaml", settings(LSTM, steps=4))
        self.run_program("train", "c.yaml", "--out", "r")
        self.write("new.txt", TEXT[:900])
        self.write("marked.txt", "\ufeff" + TEXT[:900])
        new, marked = (self.run_program("eval", "r", "--data", file, "--json") for file in ("new.txt", "marked.txt"))
        self.assertEqual(json.loads(marked.stdout)["metrics"], json.loads(new.stdout)["metrics"])
        self.assertNotIn("has not", marked.stderr)
        self.write("text.txt", "\ufeff" + TEXT)
        self.run_program("train", "c.yaml", "--out", "m")
        self.assertEqual(self.hashes("m"), self.hashes("r"))

    def test_tokens_that_the_vocabulary_leaves_out(self):
        self.write("c.yaml", settings(LSTM, tokenizer="{words: {vocabulary: 8}}", steps=4))
        self.assertRegex(self.run_program("train", "c.yaml", "--out", "r").stderr, r"the test text has \d+ tokens that the vocabulary has not")
        self.write("new.txt", TEXT[:900])
        self.assertRegex(self.run_program("eval", "r", "--data", "new.txt").stderr, r"new.txt: warning: \d+ tokens that the vocabulary has not, of ")
        self.assertIn("a token of the prompt is not in the vocabulary: read as unknown", self.run_program("generate", "r", "--prompt", "zebra", "--length", "3").stderr)

    def test_a_vocabulary_of_nothing_is_remarked_on(self):
        self.write("c.yaml", settings(GPT, tokenizer="{words: {min_count: 100000}}"))
        self.assertRegex(self.run_program("check", "c.yaml").stderr, r"warning: the text: the vocabulary has 0 tokens, and (\d+) of \1 tokens in training are unknown\n")

    def test_what_the_training_text_has_not_is_counted_apart(self):
        self.write("c.yaml", settings(LSTM, steps=60))
        self.run_program("train", "c.yaml", "--out", "r")
        self.write("known.txt", TEXT[:900])
        self.write("other.txt", TEXT[:450] + "\u00e4" + TEXT[450:900])
        known, other = (json.loads(self.run_program("eval", "r", "--data", file, "--json").stdout) for file in ("known.txt", "other.txt"))
        self.assertIn("other.txt: warning: 1 token that the training text has not, of 901", self.run_program("eval", "r", "--data", "other.txt").stderr)
        # It surprises, and is no character that could be told: bits are of those that are.
        self.assertGreater(other["metrics"]["perplexity"], known["metrics"]["perplexity"])
        self.assertAlmostEqual(other["metrics"]["bits_per_character"], known["metrics"]["bits_per_character"], delta=0.02)
        low, high = known["interval"]["perplexity"]
        self.assertTrue(low <= known["metrics"]["perplexity"] <= high)
        self.assertGreater(known["baselines"]["guess"]["metrics"]["perplexity"], known["metrics"]["perplexity"])
        standard = json.loads(self.run_program("eval", "r", "--data", "-", "--json", stdin=TEXT[:900]).stdout)
        self.assertEqual(standard["metrics"], known["metrics"])

    def test_the_same_bits_on_any_number_of_threads_and_after_a_pause(self):
        for model in [GPT, LSTM]:
            self.write("c.yaml", settings(model))
            runs = []
            for threads in "1", "2", "3", "4":
                self.run_program("train", "c.yaml", "--out", f"r{threads}", "--force", "--threads", threads)
                runs.append(self.hashes(f"r{threads}"))
            self.assertEqual(runs, [runs[0]] * 4)
            self.run_program("train", "c.yaml", "--out", "s", "--force", "--set", "train.steps=27")
            self.run_program("train", "c.yaml", "--out", "s", "--resume")
            self.assertEqual(self.hashes("s")[-1], runs[0][-1])

    def test_a_state_that_is_carried_on(self):
        """Truncated backpropagation through time: a pause changes nothing, and what lies before a window helps."""
        model = "\n  - embedding: 8\n  - gru: 16\n  - output\n"
        for carry in "true", "false":
            text = settings(model, context="4, carry: " + carry, steps=301).replace("evaluate: 20", "evaluate: 50")
            self.write("c.yaml", text)
            self.run_program("train", "c.yaml", "--out", carry)
        self.assertNotEqual(self.hashes("true"), self.hashes("false"))
        self.assertLess(self.train_losses("true")[-1], self.train_losses("false")[-1])
        self.write("c.yaml", settings(model, context="4, carry: true", steps=301).replace("evaluate: 20", "evaluate: 50"))
        self.run_program("train", "c.yaml", "--out", "s", "--set", "train.steps=133")
        self.run_program("train", "c.yaml", "--out", "s", "--resume")
        self.assertEqual(self.hashes("s")[-1], self.hashes("true")[-1])
        # Four of each letter: windows of two from zeros see no more than "aa" or "bb", which goes on either way, and lose 0.347 at best.
        self.write("four.txt", "aaaabbbb" * 450)
        self.write("c.yaml", "task: {language_model: {context: 2, carry: true}}\ndata: {file: four.txt}\nmodel: [{embedding: 4}, {gru: 16}, output]\n"
                             "optimizer: {adam: 0.02}\ntrain: {epochs: 20, batch_size: 8, evaluate: 20 epochs}\n")
        result = self.last_json(self.run_program("train", "c.yaml", "--out", "four", "--json"))
        self.assertLess(result["test"]["loss"], 0.25)
        judged = self.last_json(self.run_program("eval", "four", "--json"))
        self.assertAlmostEqual(judged["loss"], result["test"]["loss"], places=6)
        # What begins anew is told worse: a text of 60 windows is one stream, not three like the short one.
        self.write("short.txt", "bbaaaabb" * 5 + "b")
        self.write("long.txt", "bbaaaabb" * 15 + "b")
        short, long = (self.last_json(self.run_program("eval", "four", "--data", file, "--json"))["loss"] for file in ("short.txt", "long.txt"))
        self.assertLess(long, 0.7 * short)
        self.write("c.yaml", settings(GPT, context="16, carry: true"))
        self.assertIn("is for recurrent layers", self.run_program("train", "c.yaml", status=78).stderr)

    def test_vectors_of_other_tokens_are_warned_of(self):
        model = "\n  - embedding: 8\n  - gru: 8\n  - output\n"
        for name, letters in ("ab", "abcdef"), ("uv", "uvwxyz"):
            self.write(f"{name}.txt", letters * 100)
            self.write(f"{name}.yaml", f"task: {{language_model: {{context: 8}}}}\ndata: {{file: {name}.txt}}\nmodel: {model}train: {{epochs: 1}}\n")
        self.run_program("train", "ab.yaml", "--out", "r")
        told = lambda name: self.run_program("check", f"{name}.yaml", "--set", "train.start_from=r").stderr
        self.assertIn("the tokens of the two models differ", told("uv"))
        self.assertNotIn("the tokens of the two models differ", told("ab"))

    def train_losses(self, run):
        lines = self.read(run, "log.csv").splitlines()
        at = lines[0].split(",").index("train_loss")
        return [float(line.split(",")[at]) for line in lines[1:]]

    def test_what_cannot_be_is_told(self):
        cases = [
            (settings("[{embedding: 8}, {transformer: {heads: 2}}, output]"), "looks ahead"),
            (settings("[{embedding: 8}, {lstm: {units: 8, bidirectional: true}}, output]"), "looks ahead"),
            (settings("[{embedding: 8}, {temporal_pool: mean}, output]"), "tell every step"),
            (settings("[{embedding: {units: 8, name: e}}, {output: {tied: f}}]"), "no embedding before it has that name"),
            (settings("[{embedding: {units: 8, name: e}}, {dense: 9}, {output: {tied: e}}]"), "shares vectors of 8 numbers"),
            (settings("[{embedding: 8}, batch_norm, output]"), "takes means over rows"),
            (settings("[{embedding: 8}, {cross_attention: {heads: 2}}, output]"), "looks at what an encoder made"),
            (settings(GPT, train=", ensemble: 2"), "have none"),
            (settings(GPT).replace("file: text.txt", "file: text.txt, target: x"), "learns what comes next"),
        ]
        for text, message in cases:
            self.write("c.yaml", text.replace("model:[", "model: ["))
            self.assertIn(message, self.run_program("train", "c.yaml", status=78).stderr)
        for option in ["split.validation=60%", "features=[a]", "csv={delimiter: tab}", "split.stratify=true", "series={time: a}"]:
            self.write("c.yaml", settings(GPT))
            more = ["--set", "data.split.test=60%"] if "60%" in option else []
            said = self.run_program("train", "c.yaml", "--set", "data." + option, *more, status=78).stderr
            self.assertIn("data.split" if more else "data." + option.split("=")[0], said)
        self.write("text.txt", "x")
        self.write("c.yaml", settings(GPT))
        self.assertIn("fewer than two tokens", self.run_program("train", "c.yaml", status=65).stderr)

    def test_long_lines_and_bytes_that_are_no_text(self):
        with open(self.path("text.txt"), "wb") as f:
            f.write(b"a line\n" + b"abc\xff\xfe\x00" * 3000)
        self.write("c.yaml", settings(LSTM, steps=2))
        for command in "train", "check":
            self.assertIn("text.txt:2:4: error: the text is not UTF-8 here\n  save it as UTF-8; or learn from its bytes", self.run_program(command, "c.yaml", status=65).stderr)
        for tokenizer in "bytes", "bpe":
            self.write("b.yaml", settings(LSTM, tokenizer=tokenizer, steps=2))
            self.run_program("train", "b.yaml", "--out", "b", "--force")
            self.run_program("eval", "b", "--data", "text.txt")
        os.rename(self.path("text.txt"), self.path("bytes.txt"))
        self.write("text.txt", "ab c" * 9000)  # one long line
        self.run_program("train", "c.yaml", "--out", "r")
        self.assertIn("bytes.txt:2:4: error: the text is not UTF-8 here", self.run_program("eval", "r", "--data", "bytes.txt", status=65).stderr)
        self.write("t.csv", "a,b\n" + "1,2\n" * 200)
        self.assertIn("t.csv looks like a table", self.run_program("check", "c.yaml", "--set", "data.file=" + self.path("t.csv")).stderr)


SEQ2SEQ = """task: {sequence_to_sequence: {beam: 3}}
data:
  file: d.csv
  target: words
  columns: {digits: {text: {tokenizer: characters}}, words: {text: {tokenizer: words}}}
model:
  encoder: [{embedding: 32}, {positions: sinusoidal}, {transformer: {heads: 2, units: 64}}]
  decoder: [{embedding: 32}, {positions: sinusoidal}, {transformer: {heads: 2, units: 64, causal: true}}, output]
metrics: [sequence_accuracy, word_error_rate, bleu, chrf, edit_distance, perplexity]
optimizer: {adam: {learning_rate: 0.004}}
train: {epochs: 30, batch_size: 32, evaluate: 15 epochs}
"""


def edits(a, b):
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        row, before = [i], row
        for j, y in enumerate(b, 1):
            row.append(min(before[j] + 1, row[-1] + 1, before[j - 1] + (x != y)))
    return row[-1]


class TextsToldFromTexts(ProgramTest):
    def setUp(self):
        super().setUp()
        draw = random.Random(1)
        self.digits = sorted({"".join(draw.choice("0123456789") for _ in range(draw.randint(1, 4))) for _ in range(900)})
        self.told = [" ".join(WORDS[int(d)] for d in text) for text in self.digits]
        self.write("d.csv", "digits,words\n" + "".join(f"'{a},{b}\n" for a, b in zip(self.digits, self.told)).replace("'", ""))
        self.write("c.yaml", SEQ2SEQ)

    def test_from_rows_to_rows_and_from_lines_to_lines(self):
        long = "--set", "train.epochs=40", "--set", "train.evaluate=20 epochs"
        result = self.last_json(self.run_program("train", "c.yaml", "--out", "r", "--json", *long))
        self.assertGreater(result["test"]["sequence_accuracy"], 0.95)
        self.assertGreater(result["test"]["bleu"], 90)
        said = self.run_program("predict", "r", "-", "--keep", "digits", stdin="digits\n12\n905\n").stdout.splitlines()
        self.assertEqual(said, ["digits,words", "12,one two", "905,nine zero five"])
        shown = self.run_program("eval", "r").stdout
        self.assertRegex(shown, r"sequence_accuracy +(0\.9\d+|1\.0000) +[01]\.\d+ to ")
        self.assertRegex(shown, r"perplexity +1\.\d+ +\d+\.\d+\n")
        # The same from two files of lines.
        self.write("a.txt", "".join(text + "\n" for text in self.digits))
        self.write("b.txt", "".join(text + "\n" for text in self.told))
        self.write("l.yaml", SEQ2SEQ.replace("file: d.csv", "file: {digits: a.txt, words: b.txt}"))
        self.run_program("train", "l.yaml", "--out", "l", *long)
        self.assertEqual(self.hashes("l"), self.hashes("r"))
        self.assertEqual(self.run_program("predict", "l", "-", stdin="12\n905\n").stdout, "one two\nnine zero five\n")
        # Scored side by side, as they are written in the settings.
        self.write("x.txt", "12\n905\n")
        self.write("y.txt", "one two\nnine zero six\n")
        pair = json.loads(self.run_program("eval", "l", "--data", "{digits: x.txt, words: y.txt}", "--json").stdout)
        self.assertEqual((pair["rows"], pair["metrics"]["sequence_accuracy"], pair["data"]), (2, 0.5, "x.txt, y.txt"))
        own = self.run_program("eval", "l", "--data", "{digits: a.txt, words: b.txt}")
        self.assertIn("a.txt, b.txt are the files this model was trained on: scoring its test rows only", own.stderr)
        said = self.run_program("eval", "l", "--data", "x.txt", status=65).stderr
        self.assertIn("x.txt: error: there is no column 'words', the target\n  where it is in a file of its own: --data '{COLUMN: FILE, words: FILE}'", said)
        self.write("y.txt", "one two\n")
        self.assertIn("the file has 1 row, but x.txt, which is beside it, has 2", self.run_program("eval", "l", "--data", "{digits: x.txt, words: y.txt}", status=65).stderr)
        self.assertIn("--data:", self.run_program("eval", "l", "--data", "{digits: x.txt", status=64).stderr)

    def test_answers_are_judged_beside_the_texts_of_the_file(self):
        words = ["don't", "Zed-2", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
        told = [", ".join(words[int(d)] for d in text) + "." for text in self.digits]
        quoted = lambda rows: "digits,words\n" + "".join(f'{a},"{b}"\n' for a, b in rows)
        self.write("d.csv", quoted(zip(self.digits, told)))
        run = self.run_program("train", "c.yaml", "--out", "r", "--set", "train.epochs=20", "--set", "train.evaluate=20 epochs", "--set", "data.columns.words.text.max_length=12")
        longer = sum(2 * (len(text) + text.count("0") + text.count("1")) > 12 for text in self.digits)
        self.assertIn(f"column 'words' has more than 12 tokens in {longer} rows: those behind are cut off and not learnt, but metrics of texts judge all of it", run.stderr)
        # Words the vocabulary lacks, rows that are longer than what is learnt, and a text that is read twice.
        own = self.run_program("predict", "r", "-", "--keep", "digits", stdin="digits\n12\n").stdout.splitlines()[1].split(",", 1)[1].strip('"')
        rows = list(zip(self.digits, told))[:60] + [("12", "Zed-2, dos."), ("12", own), ("3", "tres!"), ("111", "Zed-2,  Zed-2, Zed-2.")]
        self.write("new.csv", quoted(rows))
        found = json.loads(self.run_program("eval", "r", "--data", "new.csv", "--json").stdout)
        answers = self.run_program("predict", "r", "new.csv", "--keep", "digits").stdout.splitlines()[1:]
        answers = [line.split(",", 1)[1].strip('"') for line in answers]
        self.assertIn(own, answers)  # one of several references is met
        right, answer = {}, {}
        for (source, meant), said in zip(rows, answers):
            right.setdefault(source, []).append(" ".join(meant.split()))  # more blanks than one cannot be told
            answer[source] = said
        self.assertLess(len(right), len(rows))
        self.assertEqual(found["sources"], len(right))
        self.assertEqual(found["rows"], len(rows))
        mean = lambda values: sum(values) / len(right)
        self.assertAlmostEqual(found["metrics"]["sequence_accuracy"], mean(answer[s] in right[s] for s in right), 9)
        self.assertAlmostEqual(found["metrics"]["edit_distance"], mean(min(edits(answer[s], r) for r in right[s]) for s in right), 9)
        nearest = [min(((edits(answer[s].split(), r.split()), len(r.split())) for r in right[s]), key=lambda e: e[0] / e[1]) for s in right]
        self.assertAlmostEqual(found["metrics"]["word_error_rate"], sum(e for e, _ in nearest) / sum(n for _, n in nearest), 9)
        self.assertIn(f"texts: {len(right)} different ones are read in {len(rows)} rows; what any row of a text tells is right for it\n", self.run_program("eval", "r", "--data", "new.csv").stdout)

    def test_blanks_around_separators_do_not_count(self):
        self.write("d.csv", "digits,words\n" + "".join(f'{a},"{b.replace(" ", ", ")}"\n' for a, b in zip(self.digits, self.told)))
        self.write("c.yaml", SEQ2SEQ.replace("words: {text: {tokenizer: words}}", "words: {sequence: {of: symbols, separator: \",\"}}").replace("epochs: 30", "epochs: 15"))
        result = self.last_json(self.run_program("train", "c.yaml", "--out", "r", "--json"))
        self.assertGreater(result["test"]["sequence_accuracy"], 0.5)

    def test_what_is_lost_of_texts_is_told(self):
        short = ("--set", "task.sequence_to_sequence.max_length=3", "--set", "data.columns.digits.text.max_length=3")
        run = self.run_program("train", "c.yaml", "--out", "r", "--set", "train.epochs=1", *short)
        longer = sum(len(text) > 3 for text in self.digits)
        self.assertIn(f"warning: column 'words' has more than 3 tokens in {longer} rows, and no text that is told has more\n  the longest has 4: task: {{sequence_to_sequence: {{max_length: 4}}}}\n", run.stderr)
        self.assertRegex(run.stderr, r"warning: column 'digits': \d+ training rows have more than 3 tokens, and what is behind is not read\n")
        for words in ("predict", "r", "-"), ("eval", "r", "--data", "-"):
            said = self.run_program(*words, stdin="digits,words\n12x,one\n9055,nine\n1,one\n").stderr
            self.assertIn("warning: column 'digits': 1 row has tokens that the vocabulary of the training rows lacks; they count as unseen\n", said)
            self.assertIn("warning: column 'digits': 1 row has more than 3 tokens, and what is behind is not read\n", said)
        said = self.run_program("check", "c.yaml", "--set", "data.columns.words.text.tokenizer={words: {min_count: 100000}}").stderr
        self.assertRegex(said, r"warning: column 'words': the vocabulary has 0 tokens, and (\d+) of \1 tokens in training are unknown\n  a smaller min_count")
        self.assertNotIn("vocabulary", self.run_program("check", "c.yaml").stderr)

    def test_texts_that_are_read_may_be_longer_than_what_is_told(self):
        self.run_program("train", "c.yaml", "--out", "r", "--set", "train.epochs=1", "--set", "task.sequence_to_sequence.max_length=3")
        self.assertEqual(len(self.run_program("predict", "r", "-", "--keep", "digits", stdin="digits\n" + "7" * 60 + "\n").stdout.splitlines()), 2)
        self.assertIn("writes no text of its own\n  bpnet predict tells", self.run_program("generate", "r", status=64).stderr)

    def test_each_stack_may_have_its_own_optimizer(self):
        def train(out, *optimizer, more=(), status=0):
            sets = [word for o in optimizer for word in ("--set", f"optimizer{o}")]
            self.run_program("train", "c.yaml", "--out", out, "--set", "train.epochs=2", "--set", "train.evaluate=1 epoch", *sets, *more, status=status)
            return self.hashes(out)

        one = train("one", "=adam")
        self.assertEqual(train("same", "={encoder: adam, decoder: adam}"), one)
        two = train("two", "={encoder: {lookahead: {inner: {sgd: 0.01}}}, decoder: {adamw: 0.002}}", ".decoder.adamw.learning_rate=0.004")
        self.assertNotEqual(two, train("slower", "={encoder: {lookahead: {inner: {sgd: 0.01}}}, decoder: {adamw: 0.002}}"))
        half = ("={encoder: {lookahead: {inner: {sgd: 0.01}}}, decoder: {adamw: 0.004}}",)
        train("stopped", *half, more=("--set", "train.epochs=1"))
        self.assertEqual(train("stopped", *half, more=("--resume",)), two)
        # Without a word of an optimizer in the file, an option is that of adam.
        self.run_program("check", "c.yaml", "--set", "optimizer={}", "--set", "optimizer.learning_rate=0.5")
        for optimizer, message in (
            ("={encoder: adam}", "optimizer says nothing of the stack 'decoder'"),
            ("={encoder: adam, decoder: adam, trunk: adam}", "optimizer: the model has no stack 'trunk'"),
            ("={encoder: adam, decoder: {sam: {inner: adam}}}", "sam moves all weights to look at the loss, and decoder has only its own"),
        ):
            self.assertIn(message, self.run_program("check", "c.yaml", "--set", f"optimizer{optimizer}", status=78).stderr)
        # The place is that of the stack's own.
        self.write("o.yaml", SEQ2SEQ.replace("{adam: {learning_rate: 0.004}}", "{encoder: adam, decoder: {sam: {inner: adam}}}"))
        self.assertIn("o.yaml:10:38: error: optimizer: sam", self.run_program("check", "o.yaml", status=78).stderr)

    def test_stacks_that_do_not_work_together(self):
        for more, message in (
            (("model.decoder=[{embedding: 8}, {gru: 8}, output]",), "the decoder never looks at what the encoder has read"),
            (("model.decoder.2={positions: {type: learned, max_positions: 20}}",), "has learnt vectors for 20 positions, but a sequence may have 257 steps"),
            (("task.sequence_to_sequence={shared_vocabulary: true}",), "columns 'digits' and 'words' have different tokenizers"),
            (("data.columns.words={text: {ngrams: 2, buckets: 50}}",), "ngrams are for texts that are read"),
            (("loss=mse",), "leave the loss out (auto takes cross_entropy)\n"),
        ):
            r = self.run_program("train", "c.yaml", *(w for m in more for w in ("--set", m)), status=78)
            self.assertIn(message, r.stderr)

    def test_the_same_bits_on_any_number_of_threads_and_after_a_pause(self):
        for more in "batch_size: 32", "batch_tokens: 200":
            self.write("c.yaml", SEQ2SEQ.replace("epochs: 30, batch_size: 32, evaluate: 15 epochs", f"epochs: 2, {more}"))
            runs = []
            for threads in "1", "2", "3", "4":
                self.run_program("train", "c.yaml", "--out", f"r{threads}", "--force", "--threads", threads)
                runs.append(self.hashes(f"r{threads}"))
            self.assertEqual(runs, [runs[0]] * 4)
            self.run_program("train", os.path.join("r1", "config.yaml"), "--out", "again", "--force")
            self.assertEqual(self.hashes("again"), runs[0])
            self.run_program("train", "c.yaml", "--out", "s", "--force", "--set", "train.steps=13", "--set", "train.epochs=none")
            self.run_program("train", "c.yaml", "--out", "s", "--force", "--set", "train.epochs=1")
            self.run_program("train", "c.yaml", "--out", "s", "--resume")
            self.assertEqual(self.hashes("s"), runs[0])

    def test_what_cannot_be_is_told(self):
        cases = [
            (SEQ2SEQ.replace("  encoder:", "  reader:"), 78, "the model has no encoder"),
            (SEQ2SEQ.replace(", causal: true", ""), 78, "looks ahead"),
            (SEQ2SEQ.replace("batch_size: 32", "batch_size: 32, batch_tokens: 100"), 78, "both batch_size and batch_tokens"),
        ]
        for text, status, message in cases:
            self.write("c.yaml", text)
            self.assertIn(message, self.run_program("train", "c.yaml", status=status).stderr)
        self.write("w.yaml", f"data: {{file: {ROOT}/data/wine.csv, target: cultivar}}\nmodel: [output]\ntrain: {{batch_tokens: 100}}\n")
        self.assertIn("no input is one", self.run_program("train", "w.yaml", status=78).stderr)
        self.assertIn("writes no text", self.generate_of_wine())

    def generate_of_wine(self):
        self.write("w.yaml", f"data: {{file: {ROOT}/data/wine.csv, target: cultivar}}\nmodel: [output]\ntrain: {{epochs: 1}}\n")
        self.run_program("train", "w.yaml", "--out", "w")
        return self.run_program("generate", "w", status=64).stderr

    def test_numbers_in_words(self):
        """The shipped config: held-out numbers are told right in at least 99 of 100."""
        result = self.last_json(self.run_program("train", os.path.join(ROOT, "configs", "number_words.yaml"), "--out", "n", "--json"))
        self.assertGreaterEqual(result["test"]["sequence_accuracy"], 0.99)


if __name__ == "__main__":
    main()
