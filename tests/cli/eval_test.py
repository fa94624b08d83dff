"""`bpnet eval` as a reader sees it. BPNET_RECORD=1 writes the expected texts anew: read the differences."""
import json
import math
import os
import random
import re

from program import ROOT, ProgramTest, main

RECORD = os.environ.get("BPNET_RECORD")


def masked(text):
    """Digits of decimals differ in the last places between kinds of CPUs; their width does not."""
    return re.sub(r"\d+\.\d+(e-\d+)?", lambda m: re.sub(r"\d", "#", m[0]), text)


class Eval(ProgramTest):
    def shipped(self, name, target, *words, model="[{dense: {units: 16, activation: relu}}, output]"):
        """Trains on a shipped data set, every fifth row for the test."""
        with open(f"{ROOT}/data/{name}.csv") as f:
            head, *lines = f.read().splitlines()
        parts = ["test" if i % 5 == 4 else "train" for i in range(len(lines))]
        self.write(f"{name}.csv", "\n".join([head + ",part"] + [f"{line},{part}" for line, part in zip(lines, parts)]) + "\n")
        self.write(f"{name}.yaml", f"data: {{file: {name}.csv, target: {target}, split: {{column: part}}}}\nmodel: {model}\ntrain: {{epochs: 30}}\n")
        self.run_program("train", f"{name}.yaml", "--quiet", *words)

    def test_a_model_that_begins_with_an_embedding(self):
        self.write("c.csv", "a,b,y\n" + "".join(f"k{i % 3},m{i % 4},{i % 3 + i % 4}.5\n" for i in range(80)))
        self.write("c.yaml", "data: {file: c.csv, target: y}\nmodel: [embedding: 3, dense: 8, output]\ntrain: {epochs: 3}\n")
        self.run_program("train", "c.yaml", "--quiet", "--out", "e")
        self.assertIsNotNone(self.last_json(self.run_program("eval", "e", "--json"))["baselines"]["linear"])

    def test_targets_far_from_zero_are_told_and_judged_exactly(self):
        rng = random.Random(3)
        rows = [(a, 3 * a + rng.gauss(0, 0.3)) for a in (rng.gauss(0, 1) for _ in range(300))]
        seen = {}
        for origin in [0, 10**9]:
            truths = [f"{origin + y:.4f}" for _, y in rows]
            self.write("far.csv", "a,y\n" + "".join(f"{a:.4f},{y}\n" for (a, _), y in zip(rows, truths)))
            self.write("far.yaml", "data: {file: far.csv, target: y}\nmodel: [output]\noptimizer: {adam: 0.02}\nmetrics: [rmse, r2, mape]\ntrain: {epochs: 60}\n")
            self.run_program("train", "far.yaml", "--quiet", "--out", "far", "--force")
            seen[origin] = self.last_json(self.run_program("eval", "far", "--rows", "all", "--json"))
            answers = [float(line) for line in self.run_program("predict", "far", "far.csv").stdout.split()[1:]]
            errors = [answer - float(truth) for answer, truth in zip(answers, truths)]
            self.assertAlmostEqual(seen[origin]["metrics"]["rmse"], math.sqrt(sum(e * e for e in errors) / len(errors)), 4)
            self.assertAlmostEqual(seen[origin]["metrics"]["mape"], sum(abs(e / float(y)) for e, y in zip(errors, truths)) / len(errors), 4)
        for name in ["rmse", "r2"]:
            self.assertAlmostEqual(seen[0]["metrics"][name], seen[10**9]["metrics"][name], 3)
            self.assertAlmostEqual(seen[0]["baselines"]["guess"]["metrics"][name], seen[10**9]["baselines"]["guess"]["metrics"][name], 3)
        worst = seen[10**9]["worst"]["y"][0]
        self.assertAlmostEqual(worst["truth"] - worst["answer"], seen[0]["worst"]["y"][0]["truth"] - seen[0]["worst"]["y"][0]["answer"], 2)
        self.assertIn("\n0.", self.run_program("eval", "far", "--rows", "all").stdout.split("the worst rows of y")[1])
        self.assertRegex(self.run_program("check", "far.yaml").stdout, r"y +target: number +0 +\d\d\d ")

    def test_a_model_of_a_program_that_read_the_data_otherwise(self):
        self.shipped("wine", "cultivar", "--out", "e")
        model = self.read("e", "model.safetensors", mode="rb")
        size = int.from_bytes(model[:8], "little")
        header = json.loads(model[8:8 + size])
        about = json.loads(header["__metadata__"]["bpnet"])
        feature = next(iter(about["encoding"]["features"]))
        feature["name"] += "x"
        header["__metadata__"]["bpnet"] = json.dumps(about)
        del header["__metadata__"]["xxh3_128"]
        text = json.dumps(header).encode()
        with open(self.path("e", "model.safetensors"), "wb") as f:
            f.write(len(text).to_bytes(8, "little") + text + model[8 + size:])
        self.assertIn("the data is read otherwise than it was when this model was trained", self.run_program("eval", "e", status=65).stderr)

    def test_losses_of_an_ensembles_worst_rows_are_of_all_members(self):
        for members in ["3", "{members: 3, shared: true}"]:
            self.shipped("wine", "cultivar", "--out", "e", "--force", "--set", f"train.ensemble={members}")
            seen = self.last_json(self.run_program("eval", "e", "--json"))
            for row in seen["worst"]["cultivar"]:
                # The mean of the members' losses is close to, and not below, the loss of their mean answer.
                of_mean = -math.log(row["probability_of_truth"])
                self.assertGreater(row["loss"], of_mean - 1e-4)
                self.assertLess(row["loss"], of_mean + 0.5)

    def test_guessing_the_mean_whatever_the_scale_of_the_target(self):
        guesses = []
        for scale in ["standard", "minmax", "robust", "none"]:
            self.shipped("diabetes", "progression", "--out", "d", "--force", "--set", f"data.columns.progression.number.scale={scale}")
            guesses.append(self.last_json(self.run_program("eval", "d", "--json"))["baselines"]["guess"]["metrics"]["rmse"])
        for guess in guesses:
            self.assertAlmostEqual(guess, guesses[0], places=2)

    def many(self):
        """Sixty classes on a grid; names with line breaks, wide letters and marks that turn the writing."""
        names = [f"class {i}" for i in range(57)] + ["two\nlines", "\u985e\u5225", "turned \u202e"]
        draw = random.Random(1)
        rows = []
        for i in range(1200):
            k = draw.randrange(60)
            rows.append(f'{k // 8 + draw.gauss(0, 0.2):.3f},{k % 8 + draw.gauss(0, 0.2):.3f},"{names[k]}"\n')
        self.write("many.csv", "x,y,label\n" + "".join(rows))
        self.write("many.yaml", "data: {file: many.csv, target: label, split: {validation: 0%}}\nmodel: [{dense: {units: 64, activation: relu}}, output]\ntrain: {epochs: 20}\noptimizer: {adam: {learning_rate: 0.01}}\n")
        self.run_program("train", "many.yaml", "--quiet")

    def two_targets(self):
        draw = random.Random(2)
        rows = []
        for _ in range(400):
            a, b = draw.gauss(0, 1), draw.gauss(0, 1)
            sold = "" if draw.random() < 0.1 else "yes" if a + b > 0 else "no"
            rows.append(f"{a:.3f},{b:.3f},{100 + 20 * a - 5 * b + draw.gauss(0, 5):.2f},{sold}\n")
        self.write("two.csv", "a,b,price,sold\n" + "".join(rows))
        self.write("two.yaml", "data: {file: two.csv, target: [price, sold]}\nmodel: [{dense: {units: 16, activation: relu}}, output]\ntrain: {epochs: 30}\n")
        self.run_program("train", "two.yaml", "--quiet")

    def expect(self, name, text):
        path = f"{ROOT}/tests/eval/{name}.expected"
        for line in text.splitlines():
            self.assertEqual(line, line.rstrip())
        if RECORD:
            with open(path, "w") as f:
                f.write(masked(text))
        with open(path) as f:
            self.assertEqual(masked(text), f.read())

    def json(self, *words):
        return self.last_json(self.run_program("eval", "--json", *words))

    def test_wine(self):
        self.shipped("wine", "cultivar")
        text = self.run_program("eval").stdout
        self.expect("wine", text)
        self.assertEqual(text, self.run_program("eval", "--threads", "2").stdout)
        self.assertLessEqual(max(map(len, text.splitlines())), 80)

    def test_diabetes(self):
        self.shipped("diabetes", "progression")
        self.expect("diabetes", self.run_program("eval", "runs/diabetes-001").stdout)

    def test_many_classes(self):
        self.many()
        self.expect("many_classes", self.run_program("eval").stdout)
        check = self.run_program("check", "many.yaml").stdout
        self.assertIn("60 classes (", check)
        self.assertNotIn("two\nlines", check)

    def test_two_targets(self):
        self.two_targets()
        self.expect("two_targets", self.run_program("eval").stdout)

    def test_json_of_classes(self):
        self.shipped("wine", "cultivar")
        line = self.json()
        self.assertEqual([line["run"], line["newest"], line["part"], line["rows"]], ["runs/wine-001", True, "test", 35])
        self.assertFalse(self.json("runs/wine-001")["newest"])
        matrix, classes = line["confusion"]["cultivar"], line["classes"]["cultivar"]
        self.assertEqual(matrix["classes"], ["barbera", "barolo", "grignolino"])
        self.assertEqual(sum(map(sum, matrix["rows"])), 35)
        right = sum(matrix["rows"][i][i] for i in range(3))
        self.assertAlmostEqual(line["metrics"]["accuracy"], right / 35)
        for i, one in enumerate(classes):
            self.assertEqual(one["rows"], sum(matrix["rows"][i]))
            self.assertAlmostEqual(one["recall"], matrix["rows"][i][i] / one["rows"])
        low, high = line["interval"]["accuracy"]
        self.assertLessEqual(low, line["metrics"]["accuracy"])
        self.assertLessEqual(line["metrics"]["accuracy"], high)
        bins = line["calibration"]["cultivar"]["bins"]
        self.assertEqual(len(bins), 10)
        self.assertEqual(sum(b["rows"] for b in bins), 35)
        self.assertAlmostEqual(sum(b["rows"] * b["right"] for b in bins if b["rows"]), right)
        error = sum(abs(b["right"] - b["probability"]) * b["rows"] for b in bins if b["rows"]) / 35
        self.assertAlmostEqual(line["calibration"]["cultivar"]["expected_calibration_error"], error)
        guess = line["baselines"]["guess"]["metrics"]["accuracy"]
        counts = [one["rows"] for one in classes]
        self.assertIn(round(guess * 35), counts)

    def test_worst_rows_stand_where_they_say(self):
        self.shipped("wine", "cultivar")
        lines = self.read("wine.csv").splitlines()
        worst = self.json()["worst"]["cultivar"]
        self.assertEqual(len(worst), 10)
        self.assertEqual([w["loss"] for w in worst], sorted((w["loss"] for w in worst), reverse=True))
        for w in worst:
            cells = lines[w["line"] - 1].split(",")
            self.assertTrue(w["file"].endswith("wine.csv"))
            self.assertEqual([w["truth"], "test"], cells[-2:])
            self.assertAlmostEqual(w["loss"], -math.log(w["probability_of_truth"]), places=4)

    def test_json_of_numbers(self):
        self.shipped("diabetes", "progression")
        line = self.json()
        groups = line["residuals"]["progression"]
        self.assertEqual(len(groups), 10)
        self.assertEqual(sum(g["rows"] for g in groups), line["rows"])
        self.assertAlmostEqual(sum(g["rows"] * g["absolute_residual"] for g in groups) / line["rows"], line["metrics"]["mae"], places=3)
        for g in groups:
            self.assertAlmostEqual(g["residual"], g["truth"] - g["answer"], places=3)
        lines = self.read("diabetes.csv").splitlines()
        for w in line["worst"]["progression"]:
            self.assertAlmostEqual(w["truth"], float(lines[w["line"] - 1].split(",")[-2]), places=3)
        self.assertLess(abs(line["baselines"]["guess"]["metrics"]["r2"]), 0.1)

    def test_json_of_several_targets(self):
        self.two_targets()
        line = self.json()
        self.assertEqual(sorted(line["interval"]), ["price_rmse", "sold_accuracy"])
        self.assertEqual(list(line["residuals"]), ["price"])
        self.assertEqual(list(line["confusion"]), ["sold"])
        self.assertEqual(sorted(line["worst"]), ["price", "sold"])
        self.assertLess(sum(map(sum, line["confusion"]["sold"]["rows"])), line["rows"])
        self.assertLess(line["baselines"]["linear"]["metrics"]["price_rmse"], 7)

    def test_the_linear_model_is_scikit_learns(self):
        with open(f"{ROOT}/tests/reference/linear.json") as f:
            recorded = json.load(f)
        for name, expected in recorded.items():
            self.shipped(name, expected["target"], "--set", "train.epochs=1", model="[batch_norm, {dense: 4}, relu, output]")
            linear = self.json()["baselines"]["linear"]
            self.assertEqual(linear["fitted_rows"], linear["training_rows"])
            for metric, value in expected["metrics"].items():
                self.assertAlmostEqual(linear["metrics"][metric] / value, 1, places=3, msg=f"{name} {metric}")

    def test_other_rows_and_missing_training_data(self):
        self.shipped("wine", "cultivar")
        self.write("few.csv", "\n".join(self.read("wine.csv").splitlines()[:41]) + "\n")
        own, other = self.json(), self.json("--data", "few.csv")
        self.assertEqual([other["part"], other["rows"]], ["all", 40])
        self.assertIsNotNone(other["baselines"]["linear"])
        os.rename(self.path("wine.csv"), self.path("moved.csv"))
        self.assertIsNone(self.json("--data", "few.csv")["baselines"]["linear"])
        self.assertIn("linear: none, as its training data changed or is gone", self.run_program("eval", "--data", "few.csv").stdout)
        self.assertEqual(self.json("--data", "moved.csv")["metrics"], own["metrics"])
        self.assertEqual(self.json("--data", "moved.csv")["baselines"], own["baselines"])
        self.assertIn("bpnet eval RUN --data FILE", self.run_program("eval", status=66).stderr)
        self.write("wine.csv", self.read("few.csv"))
        self.run_program("eval", status=65)
        self.assertIn("wine.csv has changed since this model was trained on it", self.run_program("eval", "--data", "wine.csv").stderr)
        self.write("other.csv", self.read("few.csv").replace("barolo", "x").replace("barbera", "x").replace("grignolino", "x"))
        self.assertIn("no row has a value of 'cultivar' that the model knows", self.run_program("eval", "--data", "other.csv", status=65).stderr)
        self.run_program("eval", "--rows", "some", status=64)
        self.run_program("eval", "nowhere", status=66)
        self.run_program("eval", "runs/wine-001", "--data", "few.csv", "--rows", "test", status=64)
        self.assertIn("no validation rows", self.run_program("eval", "--data", "moved.csv", "--rows", "validation", status=65).stderr)

    def test_weights(self):
        """Tenths of the residuals count by weight as the scores do; where weights add up to nothing, that is said."""
        rows = [(i % 40, (i * 7) % 40 + i % 3, i % 4) for i in range(240)]
        part = lambda i: "test" if i % 2 else "train"
        self.write("w.csv", "x,y,w,p\n" + "".join(f"{x},{y},{w},{part(i)}\n" for i, (x, y, w) in enumerate(rows)))
        self.write("w.yaml", "data: {file: w.csv, target: y, weight: w, columns: {y: number}, split: {column: p}}\nmodel: [output]\ntrain: {epochs: 3}\n")
        self.run_program("train", "w.yaml", "--out", "w")
        r = self.json("w")
        told = {line.split(",")[0]: line.split(",")[1] for line in self.run_program("predict", "w", "w.csv", "--keep", "x").stdout.splitlines()[1:]}
        judged = sorted((float(told[str(x)]), y, w) for i, (x, y, w) in enumerate(rows) if i % 2)
        first = judged[: len(judged) // 10]
        mean = sum((y - a) * w for a, y, w in first) / sum(w for _, _, w in first)
        self.assertAlmostEqual(r["residuals"]["y"][0]["residual"], mean, places=3)
        self.assertIn("rows count by their weights", self.run_program("eval", "w").stdout)
        self.assertEqual(r["scored"], 120)  # those of weight 0 have a target, too
        self.write("none.csv", "x,y,w,p\n1,2,0,test\n2,3,0,test\n")
        self.assertIn("the weights of these rows add up to 0", self.run_program("eval", "w", "--data", "none.csv", status=65).stderr)
        self.write("w.csv", "x,y,w,p\n" + "".join(f"{x},{y},{0 if i % 2 else w},{part(i)}\n" for i, (x, y, w) in enumerate(rows)))
        self.assertIn("the weight 'w' is 0 in every test row: they have no scores", self.run_program("check", "w.yaml").stderr)

    def test_rows_that_are_not_scored_are_told(self):
        self.shipped("wine", "cultivar")
        lines = self.read("wine.csv").splitlines()
        strange = lines[2].replace("barolo", "shiraz")
        self.assertNotEqual(strange, lines[2])
        self.write("few.csv", "\n".join([lines[0], lines[1], strange]) + "\n")
        self.assertIn("data  2 rows of few.csv, 1 of them with a target that the model knows\n", self.run_program("eval", "--data", "few.csv").stdout)
        self.assertEqual(self.json("--data", "few.csv")["scored"], 1)

    def test_large_data_is_sampled(self):
        draw = random.Random(3)
        rows = [f"{(x := draw.gauss(0, 1)):.4f},{2 * x + draw.gauss(0, 1):.4f},{'test' if i % 10 else 'train'}\n" for i in range(50000)]
        self.write("large.csv", "x,y,part\n" + "".join(rows))
        self.write("large.yaml", "data: {file: large.csv, target: y, split: {column: part}}\nmodel: [output]\ntrain: {epochs: 2}\n")
        self.run_program("train", "large.yaml", "--quiet")
        line = self.json()
        self.assertEqual([line["rows"], line["residuals_of_every"], sum(g["rows"] for g in line["residuals"]["y"])], [45000, 3, 15000])
        low, high = line["interval"]["rmse"]
        self.assertTrue(low < line["metrics"]["rmse"] < high)
        # The deviation of a root mean square of n normal numbers is 1 / sqrt(2 n).
        self.assertAlmostEqual((high - low) / (2 * 1.96), 1 / math.sqrt(2 * 45000), delta=0.0006)
        self.assertIn("of 1 row in 3", self.run_program("eval").stdout)

    def test_check_leaves_open_what_it_did_not_look_at(self):
        self.shipped("wine", "cultivar")
        check = self.run_program("check", "wine.yaml", "--set", "data.ignore=[ash]").stdout
        self.assertRegex(check, r"(?m)^ash +ignored +- +- ")
        self.assertRegex(check, r"(?m)^part +split +- +- ")
        columns = {c["name"]: c for c in self.last_json(self.run_program("check", "wine.yaml", "--json"))["columns"]}
        self.assertEqual([columns["part"]["missing"], columns["part"]["distinct"]], [None, None])
        self.assertEqual([columns["ash"]["missing"], columns["ash"]["distinct"]], [0, 79])


if __name__ == "__main__":
    main()
