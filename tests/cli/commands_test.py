import csv
import io
import json
import os
import subprocess

from program import BPNET, ROOT, WINE, ProgramTest, main


class Commands(ProgramTest):
    def train(self, *words):
        self.write("wine.yaml", WINE)
        self.run_program("train", "wine.yaml", "--quiet", *words)

    def rows(self, text):
        return list(csv.DictReader(io.StringIO(text)))

    def test_help_has_an_example_for_every_command(self):
        top = self.run_program("--help").stdout
        for command in ["train", "eval", "predict", "explain", "check", "time", "list", "schema", "version"]:
            self.assertIn(command, top)
            said = self.run_program(command, "--help").stdout
            self.assertIn(f"bpnet {command}", said)
            for of_the_program in "INT", "FLOAT", ":{", " in [":
                self.assertNotIn(of_the_program, said, command)

    def test_settings_of_the_command_line_beside_a_wrong_column_type(self):
        self.write("t.csv", "a,y\n" + "".join(f"{i * 7 % 13}.5,{i * 3 % 7}.25\n" for i in range(40)))
        self.write("t.yaml", "data: {file: t.csv, target: y, columns: {a: numbr}}\nmodel: [output]\n")
        for setting in ["optimizer=sgd", "schedule=cosine", "metrics=[rmse]"]:
            self.assertIn("did you mean 'number'?", self.run_program("check", "t.yaml", "--set", setting, status=78).stderr)
        self.write("u.yaml", "data: {file: t.csv, target: z}\nmodel: [output]\n")
        error = self.run_program("check", "u.yaml", "--set", "train.epochs=-1", status=78).stderr
        self.assertIn("train.epochs must be 1 or more", error)
        self.assertIn("t.csv has no column 'z'", error)

    def test_command_line_errors(self):
        self.run_program(status=64)
        self.assertIn("did you mean 'train'", self.run_program("trian", "x.yaml", status=64).stderr)
        self.assertIn("did you mean '--resume'", self.run_program("train", "x.yaml", "--resum=r", status=64).stderr)
        self.assertIn("bpnet train wine.yaml", self.run_program("wine.yaml", status=64).stderr)
        for words, part in [
            (["train", "a.yaml", "train.epochs=3"], "train does not take train.epochs=3\n  write --set train.epochs=3\n"),
            (["train", "--set", "train.epochs=2", "train.seed=3", "a.yaml"], "train does not take a.yaml\n  write --set train.seed=3\n"),
            (["train", "a.yaml", "--epochs", "3"], "train does not take --epochs 3\n  write --set train.epochs=3\n"),
            (["train", "a.yaml", "--set", "train.epochs", "3"], "write --set train.epochs=3\n"),
            (["train", "a.yaml", "--lr=0.1"], "did you mean 'learning_rate'?"),
            (["predict", "r", "x.csv", "--out", "p.csv"], "write > FILE"),
            (["predict", "r", "x.csv", "--keep", "id", "--keep", "id"], "--keep names 'id' twice"),
            (["generate", "--max-new-tokens", "5"], "write --length N"),
            (["list", "adam"], "did you mean 'bpnet list optimizers adam'?"),
        ]:
            self.assertIn(part, self.run_program(*words, status=64).stderr)
        self.run_program("train", status=64)
        self.run_program("train", "a.yaml", "--fast", status=64)
        self.run_program("train", "a.yaml", "--threads", "0", status=64)
        self.run_program("eval", "--rows", "some", status=64)
        self.run_program("train", "none.yaml", status=66)
        self.run_program("eval", status=66)
        self.run_program("eval", "nowhere", status=66)

    def test_cannot_write(self):
        self.write("wine.yaml", WINE)
        self.write("file", "")
        self.assertIn(self.run_program_any("train", "wine.yaml", "--out", "file/r"), (73, 74))

    def run_program_any(self, *words):
        return subprocess.run([BPNET, *words], cwd=self.folder, capture_output=True).returncode

    def test_full_disk(self):
        self.write("wine.yaml", WINE)
        r = subprocess.run(["sh", "-c", f"ulimit -f 1; exec {BPNET} train wine.yaml --out r --set 'model=[{{dense: 500}}, output]'"], cwd=self.folder, capture_output=True, text=True)
        self.assertEqual(r.returncode, 74, r.stderr)

    def test_generate_says_which_run_it_took(self):
        self.write("wine.yaml", WINE)
        self.run_program("train", "wine.yaml", "--set", "train.epochs=1")
        newest = "  it is the newest run, runs/wine-001; to take another: bpnet generate RUN\n"
        self.assertIn(newest, self.run_program("generate", status=64).stderr)
        self.assertNotIn("newest", self.run_program("generate", "runs/wine-001", status=64).stderr)

    def test_eval(self):
        self.train()
        text = self.run_program("eval").stdout
        self.assertIn("accuracy", text)
        self.assertIn("barolo", text)
        line = self.last_json(self.run_program("eval", "runs/wine-001", "--json"))
        self.assertEqual(line["rows"], 36)
        result = json.loads(self.read("runs/wine-001/result.json"))
        self.assertEqual(line["metrics"]["accuracy"], result["test"]["accuracy"])
        self.assertAlmostEqual(line["loss"], result["test"]["loss"])
        for part in ["train", "validation"]:
            self.assertEqual(self.last_json(self.run_program("eval", "--json", "--rows", part))["rows"], result["rows"][part])
        self.assertEqual(self.last_json(self.run_program("eval", "--json", "--rows", "all"))["rows"], 178)

    def test_eval_of_other_rows(self):
        self.train()
        with open(f"{ROOT}/data/wine.csv") as f:
            lines = f.read().splitlines()
        self.write("few.csv", "\n".join(lines[:21]) + "\n")
        self.assertEqual(self.last_json(self.run_program("eval", "--data", "few.csv", "--json"))["rows"], 20)
        r = self.run_program("eval", "--data", f"{ROOT}/data/wine.csv", "--json")
        self.assertEqual(self.last_json(r)["rows"], 36)
        self.assertIn("trained on", r.stderr)
        self.assertIn("--rows", self.run_program("eval", "--data", "few.csv", "--rows", "train", status=64).stderr)

    def test_moved_training_file(self):
        with open(f"{ROOT}/data/wine.csv") as f:
            self.write("own.csv", f.read())
        self.write("own.yaml", WINE.replace(f"{ROOT}/data/wine.csv", "own.csv"))
        self.run_program("train", "own.yaml", "--quiet")
        os.rename(self.path("own.csv"), self.path("moved.csv"))
        self.assertEqual(self.last_json(self.run_program("eval", "--data", "moved.csv", "--json"))["rows"], 36)

    def test_full_stdout(self):
        for words in [["list"], ["schema"], ["version"]]:
            with open("/dev/full", "w") as full:
                r = subprocess.run([BPNET, *words], stdout=full, stderr=subprocess.PIPE, text=True)
            self.assertEqual(r.returncode, 74, r.stderr)

    def test_changed_training_file_is_refused(self):
        with open(f"{ROOT}/data/wine.csv") as f:
            self.write("own.csv", f.read())
        self.write("own.yaml", WINE.replace(f"{ROOT}/data/wine.csv", "own.csv"))
        self.run_program("train", "own.yaml", "--quiet")
        self.write("own.csv", self.read("own.csv").replace("14.23", "14.24"))
        self.assertIn("changed", self.run_program("eval", status=65).stderr)

    def test_predict(self):
        self.train()
        with open(f"{ROOT}/data/wine.csv") as f:
            head, *lines = f.read().splitlines()
        names = head.split(",")
        out = self.rows(self.run_program("predict", "runs/wine-001", f"{ROOT}/data/wine.csv", "--keep", "cultivar", "--keep", "ash").stdout)
        self.assertEqual(len(out), 178)
        self.assertEqual(list(out[0]), ["cultivar", "ash", "cultivar_predicted", "p(barbera)", "p(barolo)", "p(grignolino)"])
        self.assertGreater(sum(r["cultivar"] == r["cultivar_predicted"] for r in out), 160)
        self.assertAlmostEqual(sum(float(out[0][k]) for k in list(out[0])[3:]), 1, places=5)
        # Columns in another order, without the target, from standard input: the same answers.
        turned = "\n".join(",".join(reversed(line.split(",")[:13])) for line in [head, *lines]) + "\n"
        again = self.rows(self.run_program("predict", "runs/wine-001/model.safetensors", "-", stdin=turned).stdout)
        self.assertEqual([r["cultivar"] for r in again], [r["cultivar_predicted"] for r in out])
        self.assertEqual([r["p(barolo)"] for r in again], [r["p(barolo)"] for r in out])
        less = "\n".join(",".join(line.split(",")[1:]) for line in [head, *lines]) + "\n"
        self.assertIn(names[0], self.run_program("predict", "runs/wine-001", "-", stdin=less, status=65).stderr)
        self.run_program("predict", "runs/wine-001", f"{ROOT}/data/wine.csv", "--keep", "nothing", status=65)

    def test_predict_intervals(self):
        data = f"{ROOT}/data/diabetes.csv"
        for loss, columns in {
            "quantile: [0.05, 0.5, 0.95]": ["_q0.05", "_q0.5", "_q0.95"],
            "gaussian_nll: {}": ["_deviation"],
        }.items():
            self.run_program("train", f"{ROOT}/configs/diabetes.yaml", "--set", f"loss={{{loss}}}", "--out", "run", "--force")
            names = ["progression"] + ["progression" + c for c in columns]
            kept = self.rows(self.run_program("predict", "run", data, "--keep", "progression").stdout)
            self.assertEqual(list(kept[0]), ["progression", "progression_predicted"] + names[1:])
            out = self.rows(self.run_program("predict", "run", data).stdout)
            self.assertEqual(list(out[0]), names)
            score = json.loads(self.run_program("eval", "run", "--data", data, "--rows", "all", "--json").stdout)
            inside = []
            for row, true in zip(out, kept):
                point, *more = (float(row[n]) for n in names)
                low, high = (more[0], more[-1]) if len(more) > 1 else (point - 1.959964 * more[0], point + 1.959964 * more[0])
                self.assertLessEqual(low, point)
                self.assertLessEqual(point, high)
                inside.append(low <= float(true["progression"]) <= high)
            self.assertAlmostEqual(score["metrics"]["coverage"], sum(inside) / len(inside), delta=0.003)
            self.assertGreater(sum(inside) / len(inside), 0.8)

    def test_predict_stages(self):
        self.train()
        logits = self.rows(self.run_program("predict", "runs/wine-001", f"{ROOT}/data/wine.csv", "--stage", "logits").stdout)
        self.assertEqual(len(logits[0]), 3)
        inputs = self.rows(self.run_program("predict", "runs/wine-001", f"{ROOT}/data/wine.csv", "--stage", "inputs").stdout)
        self.assertEqual(len(inputs[0]), 13)
        # (x - mean) / deviation of the training rows: the same line for all rows of a column.
        with open(f"{ROOT}/data/wine.csv") as f:
            alcohol = [float(r["alcohol"]) for r in csv.DictReader(f)]
        seen = [float(r[list(inputs[0])[0]]) for r in inputs]
        slope = (seen[1] - seen[0]) / (alcohol[1] - alcohol[0])
        for x, y in zip(alcohol, seen):
            self.assertAlmostEqual(y, seen[0] + slope * (x - alcohol[0]), places=4)
        self.assertLess(abs(sum(seen) / len(seen)), 0.2)

    def test_check(self):
        self.write("wine.yaml", WINE)
        r = self.run_program("check", "wine.yaml")
        for word in ["alcohol", "main.1", "parameters", "multiply-adds", "barolo", "an epoch", "memory"]:
            self.assertIn(word, r.stdout)
        self.assertFalse(os.path.exists(self.path("runs")))
        line = self.last_json(self.run_program("check", "wine.yaml", "--json", "--set", "model.3.freeze=true"))
        self.assertEqual([layer["frozen"] for layer in line["layers"] if layer["parameters"]], [False, True, False])
        self.assertRegex(self.run_program("check", "wine.yaml", "--set", "model.3.freeze=true").stdout, "main.3 +batch_norm +16 +frozen 32 ")
        line = self.last_json(self.run_program("check", "wine.yaml", "--json"))
        self.assertEqual(line["rows"]["test"], 36)
        self.assertEqual(line["layers"][0]["parameters"], 13 * 16 + 16)
        self.assertEqual(line["layers"][0]["multiply_adds"], 13 * 16)

    def test_check_warns_of_junk(self):
        rows = "".join(f"{i},7,{i % 3 * 1.5},{'yes' if i % 3 == 2 else 'no'}\n" for i in range(1, 121))
        self.write("j.csv", "id,same,leak,answer\n" + rows)
        self.write("j.yaml", "data: {file: j.csv, target: answer}\nmodel: [output]\n")
        r = self.run_program("check", "j.yaml")
        for name in ["id", "same", "leak"]:
            self.assertIn(f"'{name}'", r.stderr)

    def test_check_warns_of_a_deep_stack_that_saturates(self):
        deep = "model: [" + "dense: {units: 16, activation: sigmoid}, " * 6 + "output]"
        self.write("wine.yaml", "\n".join(deep if line.startswith("model") else line for line in WINE.split("\n")))
        r = self.run_program("check", "wine.yaml")
        self.assertIn("wine.yaml:2:", r.stderr)
        self.assertIn("6 saturating activations", r.stderr)
        self.assertIn("relu", r.stderr)
        self.write("wine.yaml", WINE)
        self.assertNotIn("saturating", self.run_program("check", "wine.yaml").stderr)

    def test_time(self):
        self.write("wine.yaml", WINE)
        line = self.last_json(self.run_program("time", "wine.yaml", "--json", "--threads", "1"))
        self.assertEqual(line["threads"], 1)
        self.assertGreater(line["step_ms"]["median"], 0)
        self.assertLessEqual(line["step_ms"]["min"], line["step_ms"]["median"])
        self.assertIn("main.1", [layer["name"] for layer in line["layers"]])
        self.assertIn("forward ms", self.run_program("time", "wine.yaml").stdout)

    def test_list(self):
        everything = self.run_program("list").stdout
        for word in ["layers", "dense", "losses", "huber", "optimizers", "adamw", "schedules", "one_cycle", "metrics", "roc_auc"]:
            self.assertIn(word, everything)
        self.assertIn("units", self.run_program("list", "layers", "dense").stdout)
        self.assertIn("did you mean 'dense'", self.run_program("list", "layers", "dens", status=64).stderr)
        self.run_program("list", "nothing", status=64)
        tables = set()
        for line in self.run_program("list", "--json").stdout.splitlines():
            tables.add(json.loads(line)["table"])
        self.assertIn("layers", tables)
        for what in ["layers", "settings"]:
            lines = self.run_program("list", what, "--json").stdout.splitlines()
            self.assertGreater(len(lines), 40)
            self.assertTrue(all(json.loads(line)["name"] for line in lines))

    def test_version(self):
        self.assertRegex(self.run_program("version").stdout, r"^bpnet \d+\.\d+\.\d+\n$")

    def test_set(self):
        self.write("wine.yaml", WINE)
        self.run_program("train", "wine.yaml", "--out", "r", "--quiet", "--set", "model.1.dense.units=5", "--set", "optimizer=sgd", "--set", "train.epochs=1")
        config = self.read("r/config.yaml")
        self.assertIn("units: 5", config)
        self.assertIn("sgd", config)
        r = self.run_program("train", "wine.yaml", "--set", "optimizer.sgd.momentum=0.9", status=78)
        self.assertIn("--set #1", r.stderr)
        self.assertEqual(json.loads(self.read("r/result.json"))["set"][1], "optimizer=sgd")


if __name__ == "__main__":
    main()
