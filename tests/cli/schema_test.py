"""`bpnet schema` against a JSON Schema validator and a YAML 1.2 loader: it takes what bpnet takes and refuses slips."""
import glob
import json
import os
import re
import subprocess

import jsonschema
from ruamel.yaml import YAML

from program import BPNET, ROOT, WINE, ProgramTest, main

MINIMAL = "data: {file: t.csv, target: y}\n"

# Settings beside MINIMAL that bpnet and the schema take, and those that neither does.
GOOD = [
    "model: [output]",
    "model: [dense: 3, {dense: {units: 3, name: a, freeze: true, rate: 0.5, decay: 0}}, output: ]",
    "model: [{residual: [{dense: 3}, relu]}, {residual: {layers: [tanh], projection: true}}, {residual: relu}, output]",
    "model: [{parallel: [[relu], [], [{dense: 3}]]}, {parallel: {branches: [[relu], []], merge: add}}, output]",
    "model: [{repeat: {times: 2, layers: [{dense: {units: 3, activation: {leaky_relu: 0.1}}}]}}, output]",
    "model: {inputs: {a: [relu], b: [{dense: 2}]}, trunk: [output]}",
    "model: [output]\nname: 12",
    "model: [output]\ntrain:",
    "model: [output]\ntrain: {epochs: 010, batch_size: all, clip_norm: none, seed: 1e3}",
    "model: [output]\ntrain: {early_stopping: {patience: 5 epochs}, max_time: 2 hours, evaluate: 10 steps}",
    "model: [output]\ntrain: {early_stopping: none, checkpoint: {every: 1 minute, keep: 3}}",
    "model: [output]\nloss: {cross_entropy: {label_smoothing: 0.1, class_weights: {a: 2, 3: 1.5}}}",
    "model: [output]\nloss: {y: mse, z: {huber: {}}}",
    "model: [output]\nloss: mse\nmetrics: accuracy",
    "model: [output]\nmetrics: [accuracy, {f1: {}}]",
    "model: [output]\noptimizer: sgd\nschedule: {cosine: {warmup: 5%}}",
    "model: [output]\noptimizer: {adam: 1e-3}",
    "model: [output]\noptimizer: {sam: {inner: {lookahead: sgd}, rho: 0.1}}",
    "model: [output]\noptimizer: {lookahead: {adamw: {amsgrad: true}}}",
    "model: [output]\ntrain: {average: {swa: {from: 50%, every: 10 steps}}, l1: 0.1, ensemble: 3}",
    "model: [{dense: {units: 2, max_norm: 3, non_negative: true}}, output]\ntrain: {average: none, ensemble: none}",
    "model: [output]\ntrain: {average: ema, ensemble: {members: 4, shared: true}}",
]
BAD = [
    "",
    "model: []",
    "model: {}",
    "model: [outptu]",
    "model: [dense, output]",
    "model: [dense: {unit: 3}, output]",
    "model: [dense: {units: 0}, output]",
    "model: [dense: {units: '3'}, output]",
    "model: [dense: {units: 3.5}, output]",
    "model: [{dense: 3, relu: }, output]",
    "model: [relu: 3, output]",
    "model: [dropout: 1, output]",
    "model: [residual: [rleu], output]",
    "model: [parallel: [relu, tanh], output]",
    "model: {dense: 3, output: }",
    "model: [output]\ntrian: {epochs: 3}",
    "model: [output]\nepochs: 3",
    "model: [output]\ntrain: {epoch: 3}",
    "model: [output]\ntrain: {epochs: -3}",
    "model: [output]\ntrain: {epochs: many}",
    "model: [output]\ntrain: {batch_size: none}",
    "model: [output]\ntrain: {max_time: 5}",
    "model: [output]\ntrain: {max_time: 5 min}",
    "model: [output]\ntrain: {early_stopping: 5}",
    "model: [output]\nloss: cross_entropi",
    "model: [output]\nloss: {cross_entropy: {smoothing: 0.1}}",
    "model: [output]\nloss: {y: mze}",
    "model: [output]\noptimizer: {adam: {learning_rte: 0.1}}",
    "model: [output]\noptimizer: {adam: {learning_rate: 0}}",
    "model: [output]\noptimizer: [adam]",
    "model: [output]\noptimizer: none",
    "model: [output]\nmetrics: [acuracy]",
    "model: [output]\noptimizer: {sam: {inner: {smg: 0.1}}}",
    "model: [output]\ntrain: {ensemble: 0}",
    "model: [output]\ntrain: {ensemble: {}}",
    "model: [output]\ntrain: {ensemble: many}",
    "model: [output]\ntrain: {average: mean}",
    "model: [dense: {units: 2, max_norm: 0}, output]",
]


def load(text):
    yaml = YAML(typ="safe", pure=True)
    yaml.version = (1, 2)
    return yaml.load(text)


class Schema(ProgramTest):
    def setUp(self):
        super().setUp()
        schema = json.loads(self.run_program("schema").stdout)
        jsonschema.Draft202012Validator.check_schema(schema)
        self.validator = jsonschema.Draft202012Validator(schema)

    def takes(self, text):
        return self.validator.is_valid(load(text))

    def status(self, text):
        """66 where the configuration is right (its data is not there), 78 where it is wrong."""
        self.write("c.yaml", text)
        return subprocess.run([BPNET, "check", "c.yaml"], cwd=self.folder, capture_output=True).returncode

    def test_shipped_configurations(self):
        configs = glob.glob(os.path.join(ROOT, "configs", "**", "*.yaml"), recursive=True)
        self.assertTrue(configs)
        for config in configs:
            with self.subTest(config=config), open(config) as f:
                self.validator.validate(load(f.read()))

    def test_written_configuration(self):
        self.write("wine.yaml", WINE)
        self.run_program("train", "wine.yaml", "--out", "r", "--quiet")
        self.validator.validate(load(self.read("r", "config.yaml")))

    def test_a_letter_missing_in_any_name(self):
        names = ["data", "file", "model", "dense", "units", "activation", "dropout", "batch_norm", "output"]
        names += ["optimizer", "adam", "learning_rate", "train", "epochs", "batch_size"]
        for name in names:
            for i in range(len(name)):
                slip = re.sub(rf"\b{name}\b(?!/)", name[:i] + name[i + 1 :], WINE, count=1)
                with self.subTest(slip=slip):
                    self.assertNotEqual(slip, WINE)
                    self.assertFalse(self.takes(slip))

    def test_agrees_with_the_program(self):
        for text in GOOD:
            with self.subTest(good=text):
                self.assertTrue(self.takes(MINIMAL + text))
                self.assertEqual(self.status(MINIMAL + text), 66)
        for text in BAD:
            with self.subTest(bad=text):
                self.assertFalse(self.takes(MINIMAL + text))
                self.assertEqual(self.status(MINIMAL + text), 78)


if __name__ == "__main__":
    main()
