"""The house keeps its rules: which room includes which, every entry in its table, words in place, files of a readable size."""
import glob
import os
import re
import unittest

from program import ROOT, ProgramTest, main

ROOMS = ["core", "spec", "text", "math", "initialisers", "layers", "losses", "schedules", "metrics", "model", "optimizers", "averages", "augmentations", "data", "tasks", "train", "report"]
TABLES = {"layers": "layers", "losses": "losses", "schedules": "schedules", "metrics": "metrics", "optimizers": "optimizers", "averages": "averages", "augmentations": "augmentations", "initialisers": "initialisers", "tasks": "tasks", "data": "columns", "text": "tokenizers"}


def sources(folder):
    return sorted(glob.glob(f"{ROOT}/{folder}/**/*.?pp", recursive=True))


def text_of(path):
    with open(path) as f:
        return f.read()


class House(ProgramTest):
    def test_rooms_include_only_rooms_above(self):
        for path in sources("lib"):
            room = os.path.relpath(path, f"{ROOT}/lib").split("/")[0]
            self.assertIn(room, ROOMS, path)
            for included in re.findall(r'#include "([a-z_]+)/', text_of(path)):
                self.assertIn(included, ROOMS, path)
                self.assertLessEqual(ROOMS.index(included), ROOMS.index(room), f"{path} includes {included}")

    def test_only_spec_knows_yaml_cpp_and_only_math_eigen(self):
        for path in sources("lib") + sources("app"):
            text = text_of(path)
            if "/lib/spec/" not in path:
                self.assertNotIn("yaml-cpp", text, path)
            if "/lib/math/eigen/" not in path:
                self.assertNotIn("<Eigen", text, path)

    def test_the_library_neither_prints_nor_exits(self):
        for path in sources("lib"):
            for word in [r"\bprintf\(", r"\bputs\(", r"std::cout", r"std::cerr", r"\bexit\(", r"fmt::print\(", r"\babort\("]:
                self.assertIsNone(re.search(word, text_of(path)), f"{path}: {word}")

    def test_every_entry_stands_in_its_table(self):
        for folder, plural in TABLES.items():
            listed = {line.split()[0] for line in self.run_program("list", plural).stdout.splitlines()}
            written = set()
            for path in sources(f"lib/{folder}"):
                for name in re.findall(r"extern const Entry (\w+) =", text_of(path)):
                    self.assertIn(os.path.basename(path), (f"{name}.cpp", "supervised.cpp"), "an entry's file is named like it")
                    written.add(name)
            self.assertEqual(listed, written, folder)

    def test_every_command_stands_in_the_table(self):
        for path in sources("app"):
            for name in re.findall(r"extern const Command (\w+) =", text_of(path)):
                self.assertEqual(os.path.basename(path), f"{name}.cpp")
                self.run_program(name, "--help")

    def test_every_example_of_the_tables_is_shown_and_described(self):
        for plural in TABLES.values():
            for line in self.run_program("list", plural).stdout.splitlines():
                self.assertRegex(line, r"^\w+ +\S")
                name = line.split()[0]
                self.assertIn(name, self.run_program("list", plural, name).stdout)

    def test_a_type_has_its_name_for_itself(self):
        """Two in one namespace are one to the linker, which takes the destructor of either."""
        seen = {}
        for path in sources("lib") + sources("app"):
            spaces = []
            for line in text_of(path).splitlines():
                if m := re.match(r"namespace ?([\w:]*) ?{", line):
                    spaces.append(m[1])
                elif line.startswith("}  // namespace"):
                    spaces.pop()
                elif (m := re.match(r"(?:struct|class) (\w+)(?: final)?(?: :[^;]*)? {", line)) and "" not in spaces:
                    name = "::".join(spaces + [m[1]])
                    self.assertNotIn(name, seen, f"{path} and {seen.get(name)}")
                    seen[name] = path
        self.assertIn("bpnet::SeenPictures", seen)

    def test_files_are_rooms_one_can_hold_in_the_head(self):
        for folder in ["app", "lib", "tests"]:
            for path in sources(folder):
                self.assertLessEqual(text_of(path).count("\n"), 400, path)


if __name__ == "__main__":
    main()
