"""What columns mean: dates, weights, groups, scales, several targets, from the settings to the answers."""
import csv
import io
import json
import random
import unittest
from datetime import datetime, timedelta

from program import ROOT, ProgramTest, main

SHOP = """data:
  file: shop.csv
  target: [rain, late]
  weight: w
  columns: {"*": {number: {scale: robust_clip, missing: median}}}
  split: {group: customer}
model: [{dense: 16}, relu, output]
optimizer: {adam: {learning_rate: 0.01}}
train: {epochs: 12}
"""


class Columns(ProgramTest):
    def setUp(self):
        super().setUp()
        draw = random.Random(3)
        self.rows = []
        for i in range(900):
            when = datetime(2022, 1, 1) + timedelta(hours=draw.randrange(3 * 365 * 24))
            amount = round(draw.lognormvariate(2, 1.5), 2)
            rain = (when.month in (10, 11, 12, 1, 2)) != (draw.random() < 0.05)
            late = (when.weekday() >= 5 or amount > 40) != (draw.random() < 0.05)
            self.rows.append(
                {
                    "customer": f"c{draw.randrange(150)}",
                    "when": f"{when:%Y-%m-%d %H:%M}",
                    "amount": "" if i % 17 == 0 else str(amount),
                    "w": str(draw.choice([1, 2, 0.5])),
                    "rain": "yes" if rain else "no",
                    "late": "yes" if late else "no",
                }
            )
        self.write_rows("shop.csv", self.rows)
        self.write("shop.yaml", SHOP)

    def write_rows(self, name, rows):
        out = io.StringIO()
        writer = csv.DictWriter(out, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
        self.write(name, out.getvalue())

    def test_dates_and_several_targets_are_learnt(self):
        r = self.run_program("train", "shop.yaml", "--out", "run", "--json")
        test = self.last_json(r)["test"]
        self.assertGreater(test["rain_accuracy"], 0.85)
        self.assertGreater(test["late_accuracy"], 0.75)
        checked = json.loads(self.run_program("check", "shop.yaml", "--json").stdout)
        types = {c["name"]: c["type"] for c in checked["columns"]}
        self.assertEqual((types["when"], types["customer"], types["w"]), ("date", "group", "weight"))

    def test_predictions_need_neither_group_nor_weight_and_take_columns_in_any_order(self):
        self.run_program("train", "shop.yaml", "--out", "run", "--quiet")
        whole = self.run_program("predict", "run", "shop.csv").stdout
        self.write_rows("bare.csv", [{"amount": row["amount"], "when": row["when"]} for row in self.rows])
        self.assertEqual(self.run_program("predict", "run", "bare.csv").stdout, whole)
        self.assertEqual(len(whole.splitlines()), len(self.rows) + 1)
        self.assertIn("p(rain=yes)", whole.splitlines()[0])
        self.run_program("eval", "run", "--rows", "all")

    def test_a_run_trains_again_from_its_own_settings(self):
        self.run_program("train", "shop.yaml", "--out", "run", "--quiet")
        self.run_program("train", "run/config.yaml", "--out", "again", "--quiet")
        self.assertEqual(self.hashes("run"), self.hashes("again"))

    def test_dates_that_are_none_are_told_with_their_place(self):
        self.run_program("train", "shop.yaml", "--out", "run", "--quiet")
        self.write("odd.csv", "when,amount\n2024-02-29,1\n2024-02-30,2\n")
        r = self.run_program("predict", "run", "odd.csv", status=65)
        self.assertIn("odd.csv:3:1: error: column 'when' is a date to this model, but this cell is '2024-02-30'", r.stderr)

    def test_a_json_row_without_a_date_is_told(self):
        self.run_program("train", "shop.yaml", "--out", "run", "--quiet")
        self.write("no_date.jsonl", '{"amount": 1}\n')
        self.assertIn("no column 'when'", self.run_program("predict", "run", "no_date.jsonl", status=65).stderr)

    def test_days_of_one_year_are_no_constant(self):
        self.write("days.csv", "day,y\n" + "".join(f"2024-{1 + i % 12:02}-{1 + i % 28:02},{i % 9}.5\n" for i in range(300)))
        self.write("days.yaml", "data: {file: days.csv, target: y}\nmodel: [output]\n")
        self.assertNotIn("every training row", self.run_program("check", "days.yaml").stderr)

    def test_order_by_a_column_in_a_file_beside(self):
        rows = [(i * 37 % 200, i % 7) for i in range(200)]
        self.write("whole.csv", "x,t,y\n" + "".join(f"{x},{t},{t * 0.1:.1f}\n" for t, x in rows))
        self.write("left.csv", "x,y\n" + "".join(f"{x},{t * 0.1:.1f}\n" for t, x in rows))
        self.write("right.csv", "t\n" + "".join(f"{t}\n" for t, x in rows))
        scores = []
        for file in ["whole.csv", "{x: left.csv, t: right.csv}"]:
            self.write("c.yaml", f"data: {{file: {file}, target: y, ignore: [t], split: {{order: t}}}}\nmodel: [output]\ntrain: {{epochs: 3}}\n")
            self.run_program("train", "c.yaml", "--out", "o", "--force", "--quiet")
            scores.append(self.last_json(self.run_program("eval", "o", "--json"))["metrics"])
        self.assertEqual(scores[0], scores[1])

    def test_how_the_training_file_was_written_is_kept_in_the_model(self):
        names = ["bar", "caf\u00e9"]
        text = "# a list\nname,y\n" + "".join(f"{names[i % 2]},{i % 2 + i % 5 * 0.1:.1f}\n" for i in range(60))
        with open(self.path("latin.csv"), "w", encoding="latin1") as f:
            f.write(text)
        self.write("latin.yaml", 'data: {file: latin.csv, target: y, csv: {encoding: latin1, comment: "#"}}\nmodel: [output]\ntrain: {epochs: 20}\n')
        self.run_program("train", "latin.yaml", "--out", "latin", "--quiet")
        r = self.run_program("predict", "latin", "latin.csv")
        self.assertNotIn("unseen", r.stderr)
        self.assertEqual(len(set(r.stdout.splitlines()[1:])), 2)

    def test_settings_that_say_nothing_of_these_files_are_refused(self):
        self.write("t.jsonl", "".join('{"x": %d, "y": %d.5}\n' % (i, i % 7) for i in range(50)))
        self.write("c.yaml", "data: {file: t.jsonl, target: y, csv: {skip_rows: 2}}\nmodel: [output]\n")
        self.assertIn("data.csv.skip_rows is of CSV", self.run_program("check", "c.yaml", status=78).stderr)
        self.write("d.yaml", "data: {train: t.jsonl, target: y, split: {test: 30%}}\nmodel: [output]\n")
        self.assertIn("data.split.test goes with data.file", self.run_program("check", "d.yaml", status=78).stderr)

    def test_scales_for_all_columns(self):
        for scale in ["minmax", "robust", "robust_clip", "log1p", "quantile", "none"]:
            with self.subTest(scale):
                key = f'data.columns."*".number.scale={scale}'
                config = self.write("wine.yaml", f"data: {{file: {ROOT}/data/wine.csv, target: cultivar, columns: {{'*': number}}}}\nmodel: [{{dense: 16}}, relu, output]\ntrain: {{epochs: 40}}\n")
                r = self.run_program("train", config, "--set", key, "--out", scale, "--json")
                self.assertGreater(self.last_json(r)["test"]["accuracy"], 0.3 if scale in ("none", "minmax") else 0.8)


if __name__ == "__main__":
    main()
