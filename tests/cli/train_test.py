import glob
import json
import os
import signal
import subprocess
import time

from program import BPNET, ROOT, WINE, ProgramTest, main


class Train(ProgramTest):
    def test_run_folder_has_all_files(self):
        self.write("wine.yaml", WINE)
        r = self.run_program("train", "wine.yaml")
        self.assertIn("train loss", r.stdout)
        self.assertIn("runs/wine-001", r.stdout)
        self.assertIn("17 validation", r.stderr)
        names = sorted(os.listdir(self.path("runs/wine-001")))
        for name in ["config.yaml", "gradients.csv", "last.safetensors", "log.csv", "model.safetensors", "result.json", "train.log"]:
            self.assertIn(name, names)
        self.assertTrue(any(n.startswith("events.out.tfevents.") for n in names))
        head, *rows = self.read("runs/wine-001/log.csv").splitlines()
        self.assertTrue(head.startswith("epoch,step,seconds,learning_rate,train_loss,validation_loss,test_loss,train_accuracy"))
        self.assertTrue(head.endswith("gradient_norm,weights_hash"))
        self.assertEqual([row.split(",")[0] for row in rows], ["1", "2", "3", "4", "5", "6"])
        result = json.loads(self.read("runs/wine-001/result.json"))
        self.assertEqual(result["status"], "finished")
        self.assertEqual(result["rows"]["train"] + result["rows"]["validation"] + result["rows"]["test"], 178)
        self.run_program("train", "wine.yaml", "--quiet")
        self.assertTrue(os.path.isdir(self.path("runs/wine-002")))

    def test_learns(self):
        r = self.run_program("train", f"{ROOT}/configs/wine.yaml", "--out", "r", "--json")
        self.assertGreater(self.last_json(r)["test"]["accuracy"], 0.9)

    def test_config_of_a_run_trains_again_to_the_same_weights(self):
        self.write("wine.yaml", WINE)
        self.run_program("train", "wine.yaml", "--out", "a", "--set", "train.seed=7")
        self.run_program("train", "a/config.yaml", "--out", "b")
        self.assertEqual(self.hashes("a"), self.hashes("b"))
        self.assertEqual(self.read("a/model.safetensors", mode="rb"), self.read("b/model.safetensors", mode="rb"))

    def test_quiet_and_json(self):
        self.write("wine.yaml", WINE)
        self.assertEqual(self.run_program("train", "wine.yaml", "--out", "q", "--quiet").stdout, "q\n")
        lines = self.run_program("train", "wine.yaml", "--out", "j", "--json").stdout.splitlines()
        self.assertEqual(len(lines), 7)
        first = json.loads(lines[0])
        self.assertEqual(sorted(first), sorted(["epoch", "step", "seconds", "learning_rate", "train", "validation", "test", "gradient_norm", "weights_hash"]))
        self.assertEqual(json.loads(lines[-1]), json.loads(self.read("j/result.json")))

    def test_out_is_refused_replaced_resumed(self):
        self.write("wine.yaml", WINE)
        self.run_program("train", "wine.yaml", "--out", "r", "--quiet")
        self.assertIn("--force", self.run_program("train", "wine.yaml", "--out", "r", status=73).stderr)
        self.run_program("train", "wine.yaml", "--out", "r", "--force", "--quiet")
        before = self.read("r/log.csv")
        self.run_program("train", "wine.yaml", "--out", "r", "--resume", "--quiet")
        self.assertEqual(self.read("r/log.csv"), before)
        self.assertRegex(self.read("r/train.log"), "parameters; steps 1 to [0-9]+\n(.*\n)*.*parameters; all [0-9]+ steps are done\n")
        os.mkdir(self.path("own"))
        self.write("own/log.csv", "mine\n")
        self.run_program("train", "wine.yaml", "--out", "own", "--force", status=73)
        # Folders that nobody can write, not even root.
        for folder in ["/proc/run", "/sys/kernel"]:
            self.run_program("train", "wine.yaml", "--out", folder, status=73)
        self.assertEqual(self.read("own/log.csv"), "mine\n")

    def test_resume_after_any_epoch_gives_the_same_bytes(self):
        self.write("wine.yaml", WINE)
        self.run_program("train", "wine.yaml", "--out", "whole", "--quiet")
        for epochs in range(1, 6):
            run = f"part{epochs}"
            self.run_program("train", "wine.yaml", "--out", run, "--quiet", "--set", f"train.epochs={epochs}")
            self.run_program("train", "wine.yaml", "--out", run, "--quiet", "--resume")
            self.assertEqual(self.log_without_times(run), self.log_without_times("whole"))
            self.assertEqual(self.hashes(run), self.hashes("whole"))
            self.assertEqual(self.read(run, "gradients.csv"), self.read("whole", "gradients.csv"))

    def test_gradient_norms_of_layers_make_that_of_all(self):
        every = ["--quiet", "--force", "--set", "train.evaluate=1 steps", "--set", "train.clip_norm=0.001"]
        for optimizer in ["adam", "sam", "lookahead"]:  # sam looks at the gradient elsewhere too
            with self.subTest(optimizer=optimizer):
                self.write("wine.yaml", WINE.replace("adam: {learning_rate: 0.01}", optimizer))
                self.run_program("train", "wine.yaml", "--out", "r", *every)
                head, *rows = [line.split(",") for line in self.read("r/gradients.csv").splitlines()]
                self.assertEqual(head, ["epoch", "step", "main.1", "main.3", "main.4"])
                log = [dict(zip(self.read("r/log.csv").split("\n")[0].split(","), line.split(","))) for line in self.read("r/log.csv").splitlines()[1:]]
                self.assertEqual([row[:2] for row in rows], [[row["epoch"], row["step"]] for row in log])
                for row, logged in zip(rows, log):
                    norms = [float(cell) for cell in row[2:]]
                    self.assertGreater(min(norms), 0)
                    self.assertAlmostEqual(sum(n * n for n in norms) ** 0.5 / float(logged["gradient_norm"]), 1, places=6)

    def test_resume_is_exact_with_every_optimizer_and_average(self):
        names = [line.split()[0] for line in self.run_program("list", "optimizers").stdout.splitlines()]
        averages = ["{ema: 0.9}", "{swa: {from: 3 epochs, every: 3 steps}}"]
        for optimizer, average in [(name, "none") for name in names] + [("adam", average) for average in averages]:
            with self.subTest(optimizer=optimizer, average=average):
                whole = optimizer in ["lbfgs", "rprop"]  # all rows a step, nothing by chance
                train = f"epochs: 8, batch_size: {'all' if whole else '16'}, average: {average}, l1: 0.001, l2: 0.01"
                config = WINE.replace("adam: {learning_rate: 0.01}", optimizer).replace("epochs: 6, batch_size: 16", train)
                self.write("wine.yaml", config.replace("{dropout: 0.1}, batch_norm, ", "") if whole else config)
                self.run_program("train", "wine.yaml", "--out", "whole", "--quiet", "--force")
                self.run_program("train", "wine.yaml", "--out", "r", "--quiet", "--force", "--set", "train.epochs=5")
                self.run_program("train", "wine.yaml", "--out", "r", "--quiet", "--resume")
                self.assertEqual(self.log_without_times("r"), self.log_without_times("whole"))
                self.assertEqual(self.read("r/gradients.csv"), self.read("whole/gradients.csv"))
                self.assertEqual(self.read("r/model.safetensors", mode="rb"), self.read("whole/model.safetensors", mode="rb"))

    def test_shipped_configurations_run(self):
        configs = glob.glob(f"{ROOT}/configs/*.yaml")
        self.assertGreater(len(configs), 8)
        for config in configs:
            with self.subTest(config=config):
                self.run_program("train", config, "--out", "r", "--force", "--quiet", "--set", "train.epochs=2")
                self.assertIsNotNone(self.last_json(self.run_program("eval", "r", "--json"))["loss"])

    def test_an_ensemble_is_one_model(self):
        self.write("wine.yaml", WINE)
        for ensemble in ["3", "{members: 3, shared: true}"]:
            with self.subTest(ensemble=ensemble):
                more = ["--force", "--quiet", "--set", f"train.ensemble={ensemble}", "--set", "train.average=ema"]
                self.run_program("train", "wine.yaml", "--out", "whole", *more)
                self.run_program("train", "wine.yaml", "--out", "r", *more, "--set", "train.epochs=2")
                self.run_program("train", "wine.yaml", "--out", "r", "--resume", *more[1:])
                self.assertEqual(self.log_without_times("r"), self.log_without_times("whole"))
                scores = json.loads(self.run_program("eval", "r", "--json").stdout)
                self.assertEqual(scores["rows"], 36)
                told = json.loads(self.read("r", "result.json"))["test"]
                self.assertAlmostEqual(scores["loss"], told["loss"], places=5)
                self.assertAlmostEqual(scores["metrics"]["accuracy"], told["accuracy"], places=6)
                rows = self.run_program("predict", "r", f"{ROOT}/data/wine.csv").stdout.splitlines()
                self.assertEqual(len(rows), 179)
                for row in rows[1:]:
                    self.assertAlmostEqual(sum(map(float, row.split(",")[1:])), 1, places=5)
                logits = self.run_program("predict", "r", f"{ROOT}/data/wine.csv", "--stage", "logits").stdout.splitlines()
                self.assertEqual([len(line.split(",")) for line in logits], [3] * 179)

    def test_resume_without_out_takes_the_run_of_the_same_settings(self):
        self.write("wine.yaml", WINE)
        self.run_program("train", "wine.yaml", "--quiet", "--set", "train.epochs=3")
        self.run_program("train", "wine.yaml", "--quiet", "--set", "train.seed=1")
        r = self.run_program("train", "wine.yaml", "--quiet", "--resume")
        self.assertEqual(r.stdout, "runs/wine-001\n")

    def test_changed_settings_are_refused_by_name(self):
        self.write("wine.yaml", WINE)
        self.run_program("train", "wine.yaml", "--out", "r", "--quiet")
        r = self.run_program("train", "wine.yaml", "--out", "r", "--resume", "--set", "train.batch_size=8", status=78)
        self.assertIn("train.batch_size", r.stderr)

    def test_same_bits_for_any_number_of_threads(self):
        self.write(
            "digits.yaml",
            f"data: {{file: {ROOT}/data/digits.csv, target: digit, columns: {{digit: category}}}}\n"
            "model: [{dense: {units: 300, activation: gelu}}, batch_norm, {dropout: 0.2}, {dense: {units: 300, activation: relu}}, layer_norm, output]\n"
            "train: {epochs: 2, batch_size: 256}\n",
        )
        hashes = []
        for threads in ["1", "2", "3", "4", "7"]:
            self.run_program("train", "digits.yaml", "--out", threads, "--quiet", "--threads", threads)
            hashes.append(self.hashes(threads))
        for other in hashes[1:]:
            self.assertEqual(other, hashes[0])

    def test_signal_writes_a_checkpoint_and_resume_goes_on_exactly(self):
        self.write("wine.yaml", WINE.replace("epochs: 6", "epochs: 4000"))
        self.run_program("train", "wine.yaml", "--out", "whole", "--quiet")
        for number, status in [(signal.SIGINT, 130), (signal.SIGTERM, 143)]:
            run = f"stopped{status}"
            p = subprocess.Popen([BPNET, "train", "wine.yaml", "--out", run, "--quiet"], cwd=self.folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            while not (os.path.exists(self.path(run, "log.csv")) and self.read(run, "log.csv").count("\n") > 5):
                time.sleep(0.005)
                self.assertIsNone(p.poll())
            p.send_signal(number)
            self.assertEqual(p.wait(), status)
            self.assertEqual(json.loads(self.read(run, "result.json"))["status"], "stopped")
            self.run_program("train", "wine.yaml", "--out", run, "--quiet", "--resume")
            self.assertEqual(self.log_without_times(run), self.log_without_times("whole"))
            for name in ["model.safetensors"]:
                self.assertEqual(self.read(run, name, mode="rb"), self.read("whole", name, mode="rb"))

    def test_second_signal_ends_at_once(self):
        self.write("wide.yaml", "data: {file: %s, target: digit}\nmodel: [dense: 4096, dense: 4096, output]\nloss: cross_entropy\ntrain: {batch_size: all}\n" % os.path.join(ROOT, "data", "digits.csv"))
        p = subprocess.Popen([BPNET, "train", "wide.yaml", "--out", "r", "--quiet"], cwd=self.folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while not os.path.exists(self.path("r", "log.csv")):
            self.assertIsNone(p.poll())
            time.sleep(0.005)
        time.sleep(0.1)
        p.send_signal(signal.SIGINT)
        time.sleep(0.05)
        p.send_signal(signal.SIGINT)
        self.assertEqual(p.wait(), 130)
        self.assertFalse(os.path.exists(self.path("r", "result.json")))

    def test_refused_resume_does_not_become_the_newest_run(self):
        self.write("wine.yaml", WINE)
        self.run_program("train", "wine.yaml", "--quiet")
        self.run_program("train", "wine.yaml", "--quiet")
        self.run_program("train", "wine.yaml", "--resume", "--out", "runs/wine-001", "--set", "train.seed=7", status=78)
        self.assertTrue(self.last_json(self.run_program("eval", "--json"))["run"].endswith("wine-002"))

    def test_kill_after_a_checkpoint(self):
        self.write("wine.yaml", WINE.replace("epochs: 6", "epochs: 3000, checkpoint: {every: 20 steps}"))
        self.run_program("train", "wine.yaml", "--out", "whole", "--quiet")
        p = subprocess.Popen([BPNET, "train", "wine.yaml", "--out", "r", "--quiet"], cwd=self.folder, stdout=subprocess.DEVNULL)
        while not os.path.exists(self.path("r/last-1.safetensors")):
            time.sleep(0.002)
            self.assertIsNone(p.poll())
        p.kill()
        p.wait()
        self.run_program("train", "wine.yaml", "--out", "r", "--quiet", "--resume")
        self.assertEqual(self.log_without_times("r"), self.log_without_times("whole"))
        self.assertEqual(self.read("r/model.safetensors", mode="rb"), self.read("whole/model.safetensors", mode="rb"))

    def test_a_damaged_checkpoint_is_named_and_the_older_one_used(self):
        self.write("wine.yaml", WINE.replace("epochs: 6", "epochs: 6, checkpoint: {every: 2 epochs}"))
        self.run_program("train", "wine.yaml", "--out", "whole", "--quiet")
        self.run_program("train", "wine.yaml", "--out", "r", "--quiet", "--set", "train.epochs=5")
        with open(self.path("r/last.safetensors"), "r+b") as f:
            f.seek(-20, os.SEEK_END)
            f.write(b"damage")
        r = self.run_program("train", "wine.yaml", "--out", "r", "--quiet", "--resume")
        self.assertIn("last.safetensors", r.stderr)
        self.assertEqual(self.log_without_times("r"), self.log_without_times("whole"))

    def test_divergence(self):
        self.write("bad.yaml", WINE.replace("adam: {learning_rate: 0.01}", "sgd: {learning_rate: 1e30}"))
        r = self.run_program("train", "bad.yaml", "--out", "r", status=76)
        self.assertIn("diverged in epoch", r.stderr)
        self.assertIn("learning_rate", r.stderr)
        self.assertEqual(json.loads(self.read("r/result.json"))["status"], "diverged")
        self.run_program("eval", "r")

    def test_rollback_after_a_divergence(self):
        self.write("c.yaml", WINE)
        rate = ["--set", "optimizer={sgd: {learning_rate: 60, momentum: 0.9}}", "--set", "train.on_divergence=rollback", "--set", "train.epochs=30"]
        r = self.run_program("train", "c.yaml", "--out", "r", *rate)
        self.assertRegex(r.stderr, r"warning: training diverged in epoch .*\n(.*\n)*.*times the learning rate, rollback 1 of 10")
        self.assertEqual(json.loads(self.read("r/result.json"))["status"], "finished")
        part = self.run_program("train", "c.yaml", "--out", "part", *rate[:-1], "train.epochs=12")
        self.assertIn("rollback 1 of 10", part.stderr)
        self.run_program("train", "c.yaml", "--out", "part", *rate, "--resume")
        self.assertEqual(self.hashes("part"), self.hashes("r"))

    def test_a_model_that_no_memory_holds(self):
        self.write("c.yaml", WINE)
        r = self.run_program("check", "c.yaml", "--set", "model=[{dense: 300000}, {dense: 300000}, {dense: 300000}, output]", status=78)
        self.assertRegex(r.stderr, r"the model has 18000\d+ parameters, which take 144\d\.\d GB with their gradients, and \d+\.\d GB are free")

    def test_nothing_to_choose_by(self):
        self.write("c.yaml", WINE)
        r = self.run_program("train", "c.yaml", "--set", "data.split.validation=0%", "--set", "train.early_stopping.patience=3 epochs", "--set", "train.epochs=2")
        self.assertIn("there are no validation rows: early stopping goes by the scores of the training rows", r.stderr)
        r = self.run_program("train", "c.yaml", "--set", "data.split.test=0%", "--set", "train.epochs=2")
        self.assertRegex(r.stdout, r"next +bpnet eval runs/\S+ --rows validation\n$")

    def test_test_rows_do_not_touch_the_weights(self):
        """Every number of every test row changed: the same weights."""
        with open(f"{ROOT}/data/wine.csv") as f:
            head, *rows = f.read().splitlines()
        part = ["test" if i % 5 == 0 else "validation" if i % 5 == 1 else "train" for i in range(len(rows))]
        changed = [",".join(["999.25"] * 13 + ["grignolino"]) if p == "test" else row for p, row in zip(part, rows)]
        config = WINE.replace(f"{ROOT}/data/wine.csv", "NAME").replace("target: cultivar", "target: cultivar, split: {column: part}")
        for name, lines in [("a", rows), ("b", changed)]:
            self.write(f"{name}.csv", "\n".join([head + ",part"] + [f"{row},{p}" for row, p in zip(lines, part)]) + "\n")
            self.write(f"{name}.yaml", config.replace("NAME", f"{name}.csv"))
            self.run_program("train", f"{name}.yaml", "--out", name, "--quiet")
        self.assertEqual(self.hashes("a"), self.hashes("b"))

    def test_max_time_and_early_stopping(self):
        self.write("wine.yaml", WINE)
        r = self.run_program("train", "wine.yaml", "--json", "--set", "train.epochs=10000000", "--set", "train.max_time=1 seconds")
        self.assertEqual(self.last_json(r)["reason"], "max_time")
        r = self.run_program("train", "wine.yaml", "--json", "--set", "train.epochs=100000", "--set", "train.early_stopping={patience: 5 epochs}")
        result = self.last_json(r)
        self.assertEqual(result["reason"], "early_stopping")
        self.assertLess(result["step"], result["steps"])

    def test_a_lost_model_comes_back_from_the_checkpoint(self):
        self.write("wine.yaml", WINE)
        self.run_program("train", "wine.yaml", "--out", "r", "--quiet")
        model = self.read("r/model.safetensors", mode="rb")
        os.remove(self.path("r/model.safetensors"))
        os.remove(self.path("r/result.json"))
        self.run_program("train", "wine.yaml", "--out", "r", "--quiet", "--resume")
        self.assertEqual(self.read("r/model.safetensors", mode="rb"), model)
        self.assertEqual(json.loads(self.read("r/result.json"))["status"], "finished")

    def test_fewer_epochs_are_refused(self):
        self.write("wine.yaml", WINE)
        self.run_program("train", "wine.yaml", "--out", "r", "--quiet")
        self.assertIn("train.epochs", self.run_program("train", "wine.yaml", "--out", "r", "--resume", "--set", "train.epochs=3", status=78).stderr)

    def test_a_run_that_has_ended_says_so(self):
        self.write("wine.yaml", WINE)
        for more in (), ("--set", "train.epochs=100000", "--set", "train.early_stopping={patience: 5 epochs}"):
            self.run_program("train", "wine.yaml", "--out", "r", "--force", "--quiet", *more)
            said = self.run_program("train", "wine.yaml", "--out", "r", "--resume", *more).stdout
            self.assertIn("\n\nthe run has ended: nothing is left to train\n", said)
            self.assertNotIn("train loss  ", said)

    def test_fewer_steps_than_were_done_are_refused(self):
        self.write("wine.yaml", WINE)
        self.run_program("train", "wine.yaml", "--out", "r", "--quiet", "--set", "train.epochs=none", "--set", "train.steps=100")
        r = self.run_program("train", "wine.yaml", "--out", "r", "--resume", "--set", "train.epochs=2", status=78)
        self.assertIn("r has done 100 steps, and these settings end after ", r.stderr)

    def test_what_has_no_effect_is_said(self):
        self.write("wine.yaml", WINE)
        told = lambda *words: self.run_program("check", "wine.yaml", *(w for word in words for w in ("--set", word))).stderr
        decay = "model=[{dense: {units: 4, decay: 0.5}}, output]"
        self.assertIn("decay is a factor on what pulls at weights", told(decay))
        for more in "optimizer={adamw: {weight_decay: 0.01}}", "train.l2=0.1", "optimizer={lookahead: {inner: {adamw: {weight_decay: 0.01}}}}":
            self.assertNotIn("decay is a factor", told(decay, more))
        norm = "model=[{dense: 4}, batch_norm, relu, output]"
        self.assertIn("batch_norm compares the rows of a batch, and batches have one row", told(norm, "train.batch_size=1"))
        self.assertNotIn("batch_norm compares", told(norm, "train.batch_size=2"))
        lines = self.read(ROOT, "data", "wine.csv").splitlines()
        self.write("parts.csv", "\n".join([lines[0] + ",part"] + [f"{line},{'test' if i % 4 == 0 else 'train'}" for i, line in enumerate(lines[1:])]) + "\n")
        part = ("data.file=parts.csv", "data.split.column=part")
        self.assertIn("data.split.test says nothing beside data.split.column", told(*part, "data.split.test=10%"))
        self.assertNotIn("says nothing beside", told(*part))
        self.assertIn("to have some: say validation in some rows of column 'part'", told(*part, "train.early_stopping={patience: 5 epochs}"))
        self.write("each.csv", "x,name\n" + "".join(f"{i},n{i}\n" for i in range(60)))
        self.assertIn("there are no test rows: classes of fewer than 3 rows all stay in training", told("data={file: each.csv, target: name}"))
        self.write("head.csv", lines[0] + "\n")
        self.assertIn("data.test has no rows to be scored", told(f"data={{train: {ROOT}/data/wine.csv, test: head.csv, target: cultivar}}"))
        self.write("star.csv", "a,*,y\n" + "".join(f"{i},{i % 5},{'pq'[i % 2]}\n" for i in range(60)))
        self.assertIn("a  ", self.run_program("check", "wine.yaml", "--set", "data={file: star.csv, target: y}").stdout)
        self.assertNotIn("not listed in data.features", self.run_program("check", "wine.yaml", "--set", "data={file: star.csv, target: y}").stdout)
        self.write("large.csv", "a,b,y\n" + "".join(f"{i}e200,{i},{'pq'[i % 2]}\n" for i in range(60)))
        self.assertIn("if they are numbers: they go up to 3.4e38", told("data={file: large.csv, target: y}"))

    def test_busy_folder(self):
        self.write("wine.yaml", WINE.replace("epochs: 6", "epochs: 1000000"))
        p = subprocess.Popen([BPNET, "train", "wine.yaml", "--out", "r", "--quiet"], cwd=self.folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while not os.path.exists(self.path("r/log.csv")):
            time.sleep(0.005)
        self.run_program("train", "wine.yaml", "--out", "r", "--resume", status=75)
        p.terminate()
        p.wait()

    def test_weights_of_the_losses_of_several_targets(self):
        self.write("c.yaml", f"data: {{file: {ROOT}/data/diabetes.csv, target: [progression, bmi]}}\nmodel: [{{dense: 4}}, output]\noptimizer: {{sgd: 1.0e-30}}\ntrain: {{epochs: 1}}\n")
        def loss(of_progression, of_bmi):
            r = self.run_program("train", "c.yaml", "--json", "--set", f"loss={{progression: {{mse: {{weight: {of_progression}}}}}, bmi: {{mae: {{weight: {of_bmi}}}}}}}")
            return self.last_json(r)["test"]["loss"]
        self.assertAlmostEqual(loss(3, 1) + loss(1, 3), 4 * loss(1, 1), places=5)
        self.assertNotAlmostEqual(loss(3, 1), loss(1, 3), places=2)
        self.assertIn("weight is of the losses of several targets", self.run_program("train", "c.yaml", "--set", "data.target=bmi", "--set", "loss={mse: {weight: 2}}", status=78).stderr)

    def test_regression_and_several_targets(self):
        self.write("d.yaml", f"data: {{file: {ROOT}/data/diabetes.csv, target: progression}}\nmodel: [{{dense: {{units: 16, activation: relu}}}}, output]\ntrain: {{epochs: 40}}\n")
        result = self.last_json(self.run_program("train", "d.yaml", "--json"))
        self.assertGreater(result["test"]["r2"], 0.3)
        self.assertGreater(result["test"]["rmse"], 30)
        self.write("two.yaml", f"data: {{file: {ROOT}/data/wine.csv, target: [cultivar, proline]}}\nmodel: [{{dense: {{units: 16, activation: relu}}}}, output]\ntrain: {{epochs: 30}}\n")
        result = self.last_json(self.run_program("train", "two.yaml", "--json"))
        self.assertIn("cultivar_accuracy", result["test"])
        self.assertIn("proline_rmse", result["test"])

    def test_several_inputs_with_a_trunk_and_embeddings(self):
        rows = "".join(f"{'abcdefghijklmnopqrstuvwxyz'[i % 26]},{i % 7},{'yes' if i % 26 < 13 else 'no'}\n" for i in range(400))
        self.write("t.csv", "letter,size,answer\n" + rows)
        self.write(
            "t.yaml",
            "data: {file: t.csv, target: answer}\nmodel:\n  inputs:\n    letter: [{embedding: 4}]\n    rest: [{dense: 4}]\n  trunk: [{dense: {units: 8, activation: relu}}, output]\n"
            "train: {epochs: 60}\noptimizer: {adam: 0.01}\n",
        )
        self.assertGreater(self.last_json(self.run_program("train", "t.yaml", "--json"))["test"]["accuracy"], 0.95)
        self.write("m.yaml", "data: {file: t.csv, target: answer}\nmodel: [{dense: {units: 8, activation: relu}}, output]\ntrain: {epochs: 60}\noptimizer: {adam: 0.01}\n")
        self.assertGreater(self.last_json(self.run_program("train", "m.yaml", "--json"))["test"]["accuracy"], 0.95)


if __name__ == "__main__":
    main()
