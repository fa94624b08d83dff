"""Language models, from settings to what they write."""
import json
import math
import os

from program import ProgramTest, main

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


if __name__ == "__main__":
    main()
