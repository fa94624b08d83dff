"""Series from the settings to forecasts."""
import csv
import io
import math
import unittest

from program import ROOT, ProgramTest, main

SHOPS = """data:
  file: shops.csv
  target: sales
  columns: {open: category}
  series: {time: day, by: shop, window: 14, horizon: 3, known: [open]}
  ignore: [day]
model: [{gru: {units: 8, output: last}}, output]
loss: {sales: {quantile: [0.1, 0.5, 0.9]}}
metrics: [{mase: 7}, pinball, coverage]
optimizer: {adam: {learning_rate: 0.01}}
train: {epochs: 4, batch_size: 16}
"""


def shops(days=120):
    lines = ["day,shop,open,sales"]
    for day in range(days):
        for shop, size in (("north", 100), ("south", 30)):
            opened = day % 7 != 6
            sales = size * (1 + 0.5 * math.sin(2 * math.pi * day / 7)) + day * 37 % 11 if opened else 0
            lines.append(f"{day + 1},{shop},{'yes' if opened else 'no'},{sales:.1f}")
    return lines


class Series(ProgramTest):
    def with_shops(self, lines=None):
        self.write("shops.csv", "\n".join(lines or shops()) + "\n")
        self.write("shops.yaml", SHOPS)

    def told(self, *words):
        return list(csv.DictReader(io.StringIO(self.run_program("predict", *words).stdout)))

    def test_the_season_before_far_from_zero(self):
        errors = []
        for origin in [0, 10**9]:
            self.write("far.csv", "t,y\n" + "".join(f"{i},{origin + [1, 2, 4, 3, 2, 0, -1][i % 7] * 10 + i * 37 % 11 / 5}\n" for i in range(200)))
            self.write("far.yaml", "data: {file: far.csv, target: y, series: {time: t, window: 7, horizon: 1}}\nmodel: [{gru: {units: 2, output: last}}, output]\nmetrics: [mae, {mase: {season: 7}}]\ntrain: {epochs: 1}\n")
            self.run_program("train", "far.yaml", "--quiet", "--out", "far", "--force")
            errors.append(self.last_json(self.run_program("eval", "far", "--json"))["baselines"]["seasonal_naive"]["metrics"]["mae"])
        self.assertAlmostEqual(errors[0], errors[1], 4)

    def test_the_airline_series_is_told_better_than_by_the_season_before(self):
        self.run_program("train", f"{ROOT}/configs/airline.yaml", "--out", "run")
        found = self.last_json(self.run_program("eval", "run", "--json"))
        naive = found["baselines"]["seasonal_naive"]
        self.assertEqual(naive["season"], 12)
        self.assertLess(found["metrics"]["mase"], 0.7 * naive["metrics"]["mase"])
        text = self.run_program("eval", "run").stdout
        self.assertIn("naive: everything is as it was a season of 12 steps before", text)

        with open(f"{ROOT}/data/airline.csv") as f:
            values = [float(row["passengers"]) for row in csv.DictReader(f)]
        scale = sum(abs(values[i] - values[i - 12]) for i in range(12, 96)) / 84
        errors = [abs(values[end + k] - values[end + k - 12]) for end in range(120, 133) for k in range(12)]
        self.assertAlmostEqual(naive["metrics"]["mase"], sum(errors) / len(errors) / scale, 4)

        answers = self.told("run", f"{ROOT}/data/airline.csv")
        self.assertEqual([row["step"] for row in answers], [str(i) for i in range(1, 13)])
        self.assertEqual([row["month"] for row in answers], [f"1961-{i:02}-01" for i in range(1, 13)])
        with open(f"{ROOT}/data/airline.csv") as f:
            self.assertEqual(list(csv.DictReader(io.StringIO(self.run_program("predict", "run", "-", stdin=f.read()).stdout))), answers)
        seasonal = [float(row["passengers"]) / values[132 + i] for i, row in enumerate(answers)]
        self.assertTrue(all(0.8 < ratio < 1.35 for ratio in seasonal), seasonal)

    def test_groups_quantiles_and_what_is_known_ahead(self):
        self.with_shops()
        self.run_program("train", "shops.yaml", "--out", "run")
        header = self.read("run", "log.csv").splitlines()[0].split(",")
        self.assertEqual([name for name in header if name.startswith("test_")], ["test_loss", "test_mase", "test_pinball", "test_coverage"])
        r = self.run_program("predict", "run", "shops.csv", status=65)
        self.assertIn("behind it 3 rows without target that say what is known ahead", r.stderr)
        ahead = [f"{day},{shop},{'no' if day % 7 == 0 else 'yes'}," for day in (121, 122, 123) for shop in ("south", "north")]
        self.write("ahead.csv", "\n".join(shops() + ahead) + "\n")
        answers = self.told("run", "ahead.csv")
        self.assertEqual([(row["shop"], row["day"], row["step"]) for row in answers], [(shop, str(120 + i), str(i)) for shop in ("north", "south") for i in (1, 2, 3)])
        self.assertEqual(list(answers[0]), ["shop", "day", "step", "sales", "sales_q0.1", "sales_q0.5", "sales_q0.9"])
        for row in answers:
            self.assertLessEqual(float(row["sales_q0.1"]), float(row["sales_q0.9"]))
        self.write("closed.csv", "\n".join(shops() + [line.replace("yes", "no") for line in ahead]) + "\n")
        self.assertNotEqual(self.told("run", "closed.csv"), answers)
        self.assertEqual(self.last_json(self.run_program("eval", "run", "--data", "ahead.csv", "--json"))["rows"], 2 * 106)
        self.run_program("predict", "run", "ahead.csv", "--keep", "day", status=64)
        shown = self.run_program("predict", "run", "ahead.csv", "--stage", "logits").stdout.splitlines()
        self.assertEqual(len(shown), 3)

    def test_times_behind_the_file_go_on_as_its_own_or_are_not_told(self):
        self.write("kinds.yaml", "data: {file: t.csv, target: x, series: {time: day, window: 3, horizon: 2, layout: grid}}\nmodel: [flatten, output]\ntrain: {epochs: 1}\n")
        regular = [f"2024-{1 + i // 28:02}-{1 + i % 28:02}" for i in range(60) if i % 28 < 27]
        for last, times in [("2024-03-06", ["2024-03-07", "2024-03-08"]), ("2024-03-10", ["", ""])]:
            self.write("t.csv", "day,x\n" + "".join(f"{day},{i % 5}.5\n" for i, day in enumerate([*regular, "2024-03-05", last])))
            self.run_program("train", "kinds.yaml", "--out", "run", "--force", "--quiet")
            self.assertEqual([row["day"] for row in self.told("run", "t.csv")], times)

    def test_times_are_written_as_the_file_writes_them(self):
        for form, written, last in (
            ("", ["2024-04-%02d 16:00" % d for d in range(1, 29)], "2024-04-29 16:00"),
            ("", ["%d.4.2024" % d for d in range(1, 29)], "29.4.2024"),
            ('{date: {format: "%d/%m/%Y"}}', ["%02d/07/2024" % d for d in range(1, 29)], "29/07/2024"),
            ('{date: {format: "%d/%m/%Y"}}', ["%d/7/2024" % d for d in range(1, 29)], "29/7/2024"),
            ('{date: {format: "%b %d %Y"}}', ["Jul %02d 2024" % d for d in range(1, 29)], "Jul 29 2024"),
        ):
            columns = f", columns: {{day: {form}}}" if form else ""
            self.write("t.yaml", f"data: {{file: t.csv, target: x{columns}, series: {{time: day, window: 3, horizon: 2}}}}\nmodel: [{{gru: {{units: 4, output: last}}}}, output]\ntrain: {{epochs: 1}}\n")
            self.write("t.csv", "day,x\n" + "".join(f"{day},{i % 5}.5\n" for i, day in enumerate(written)))
            self.run_program("train", "t.yaml", "--out", "run", "--force", "--quiet")
            self.assertEqual(self.told("run", "t.csv")[0]["day"], last)
            # Rows ahead have the same words in the file.
            self.write("ahead.csv", self.read("t.csv") + f"{last},\n")
            self.assertEqual(self.told("run", "ahead.csv")[0]["day"], last)

    def test_fractions_of_seconds_are_written(self):
        lines = [f"2024-01-01 00:{i * 3 // 600:02}:{i * 3 % 600 / 10:04.1f},{math.sin(i / 2):.3f}" for i in range(120)]
        self.write("t.csv", "time,y\n" + "\n".join(lines[:-1]) + "\n")
        self.write("t.yaml", "data: {file: t.csv, target: y, ignore: [time], series: {time: time, window: 4, horizon: 1}}\nmodel: [{gru: {units: 4, output: last}}, output]\ntrain: {epochs: 1}\n")
        self.run_program("train", "t.yaml", "--out", "run")
        self.assertEqual(self.told("run", "t.csv")[0]["time"], lines[-1].split(",")[0])

    def test_threads_resuming_and_rows_of_the_test_change_no_weights(self):
        self.with_shops()
        self.run_program("train", "shops.yaml", "--out", "one", "--threads", "1")
        whole = self.hashes("one")
        self.run_program("train", "shops.yaml", "--out", "two", "--threads", "2")
        self.assertEqual(self.hashes("two"), whole)
        self.run_program("train", "shops.yaml", "--out", "parts", "--set", "train.epochs=2")
        self.run_program("train", "shops.yaml", "--out", "parts", "--resume")
        self.assertEqual(self.hashes("parts"), whole)
        lines = shops()
        for at in range(1 + 2 * 96, len(lines)):
            lines[at] = ",".join(lines[at].split(",")[:3]) + f",{at}.5"
        self.with_shops(lines)
        self.run_program("train", "shops.yaml", "--out", "other")
        self.assertEqual(self.hashes("other"), whole)

    def test_windows_are_told_apart(self):
        lines = ["second,x,kind"]
        for i in range(400):
            kind = "fast" if i // 50 % 2 else "slow"
            lines.append(f"2024-01-01 00:{i // 60:02}:{i % 60:02},{math.sin(i * (1.5 if kind == 'fast' else 0.3)):.4f},{kind}")
        self.write("kinds.csv", "\n".join(lines) + "\n")
        self.write("kinds.yaml", "data: {file: kinds.csv, target: kind, ignore: [second], series: {time: second, window: 8, horizon: 0, layout: grid}}\n"
                   "model: [flatten, {dense: {units: 16, activation: relu}}, output]\noptimizer: {adam: {learning_rate: 0.01}}\ntrain: {epochs: 30}\n")
        trained = self.last_json(self.run_program("train", "kinds.yaml", "--out", "run", "--json"))
        self.assertGreater(trained["test"]["accuracy"], 0.8)
        answers = self.told("run", "kinds.csv")
        self.assertEqual(len(answers), 393)
        self.assertEqual(answers[0]["second"], "2024-01-01 00:00:07")
        self.assertNotIn("seasonal_naive", self.last_json(self.run_program("eval", "run", "--json"))["baselines"])

    def test_check_tells_of_windows(self):
        self.with_shops()
        found = self.last_json(self.run_program("check", "shops.yaml", "--json"))
        self.assertEqual(found["rows"], {"train": 2 * (84 - 16), "validation": 2 * (12 - 2), "test": 2 * (24 - 2)})
        self.assertEqual(found["series"], {"time": "day", "by": "shop", "window": 14, "horizon": 3, "step": 1, "known": ["open"], "layout": "sequence"})
        self.assertIn("series        a window of 14 rows in the order of day, of one shop, tells the 3 rows behind it\n", self.run_program("check", "shops.yaml").stdout)
        self.assertEqual([t["name"] for t in found["targets"]], ["sales+1", "sales+2", "sales+3"])
        self.assertEqual({c["name"]: c["type"] for c in found["columns"]}, {"day": "order", "shop": "group", "open": "category", "sales": "target: number"})
        self.write("news.yaml", SHOPS.replace("open: category", "open: text"))
        for setting, message in [
            ("data.series.known=[sales]", "data.series.known: 'sales' is the target, which is not known ahead"),
            ("model=[flatten, {dense: 8}, output]", "or, for flatten and dense layers, data.series.layout: grid"),
        ]:
            self.assertIn(message, self.run_program("check", "shops.yaml", "--set", setting, status=78).stderr)
        self.assertIn("a step of a series cannot be a text", self.run_program("check", "news.yaml", status=78).stderr)


if __name__ == "__main__":
    main()
