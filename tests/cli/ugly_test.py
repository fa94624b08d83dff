"""Ugly files: what `bpnet check --json` makes of each, or the error it ends in. The cases are data: tests/ugly/*.json.

A case has the content of a file (text, bytes as Latin-1, utf16, gzip, gzip16, or the name of a generator below), settings of `data`
besides file and target, and what is expected: status, columns, rows and what is said on stderr. BPNET_RECORD=1 writes the expected
part anew: read the difference before keeping it.
"""
import glob
import json
import os
import subprocess
import zlib

from program import BPNET, ROOT, ProgramTest, main

GENERATED = {
    "ten_thousand_columns": lambda: ",".join([f"c{i}" for i in range(10000)] + ["y"])
    + "\n"
    + "".join(",".join([str((i * 7 + r) % 10) for i in range(10000)] + ["pq"[r % 2]]) + "\n" for r in range(12)),
    "long_cell": lambda: "a,b,y\n1," + "x" * 300000 + ",p\n2,z,q\n4,z,p\n",
    "deep_json": lambda: '{"a": ' + "[" * 100000 + "]" * 100000 + ', "y": "p"}\n',
}
EXPECTED = ["status", "rows", "columns", "warnings", "said"]


def packed(data):
    """The same bytes whatever library packs them: stored, not compressed."""
    stored = b"\x01" + len(data).to_bytes(2, "little") + (len(data) ^ 0xFFFF).to_bytes(2, "little") + data
    return b"\x1f\x8b\x08\0\0\0\0\0\0\xff" + stored + zlib.crc32(data).to_bytes(4, "little") + len(data).to_bytes(4, "little")


def content(case):
    wide = "utf-16-be" if case.get("big") else "utf-16-le"
    if "bytes" in case:
        data = case["bytes"].encode("latin-1")
    elif "utf16" in case:
        data = case["utf16"].encode(wide)
    elif "gzip16" in case:
        data = packed(case["gzip16"].encode(wide))
    elif "gzip" in case:
        data = packed(case["gzip"].encode())
    else:
        data = (case["text"] if "text" in case else GENERATED[case["generate"]]()).encode()
    if case.get("twice"):
        data = packed(data)
    if "change" in case:
        at = len(data) + case["change"]
        data = data[:at] + bytes([data[at] ^ 0x55]) + data[at + 1 :]
    return data[: len(data) - case.get("cut", 0)]


class Ugly(ProgramTest):
    def check(self, case):
        file = case.get("file", case["name"] + ".csv")
        with open(self.path(file), "wb") as f:
            f.write(content(case))
        settings = {"data": {"file": file, "target": "y", **case.get("data", {})}, "model": ["output"]}
        self.write("ugly.yaml", json.dumps(settings))
        r = subprocess.run([BPNET, "check", "ugly.yaml", "--json"], cwd=self.folder, capture_output=True, timeout=60)
        said = r.stderr.decode("utf-8", "backslashreplace").splitlines()
        got = {"status": r.returncode, "said": [line for line in said if "few rows: " not in line]}
        if r.returncode == 0:
            plan = json.loads(r.stdout)
            got["rows"] = sum(plan["rows"].values())
            got["columns"] = [
                f"{c['name']}: {c['type']}" + (f", {c['missing']} missing" if c["missing"] else "") + (f", {c['detail']}" if c["detail"] else "")
                for c in plan["columns"]
            ]
            got["warnings"] = [w for w in plan["warnings"] if not w.startswith("few rows: ")]
            if case.get("brief"):
                got["columns"] = [len(got["columns"]), got["columns"][0][:100], got["columns"][-1]]
        return {key: got[key] for key in EXPECTED if key in got}

    def test_all(self):
        paths = sorted(glob.glob(f"{ROOT}/tests/ugly/*.json"))
        cases = 0
        for path in paths:
            with open(path, encoding="utf-8") as f:
                listed = json.load(f)
            for case in listed:
                with self.subTest(f"{os.path.basename(path)}: {case['name']}"):
                    got = self.check(case)
                    if os.environ.get("BPNET_RECORD"):
                        for key in EXPECTED:
                            case.pop(key, None)
                        case.update(got)
                    self.assertEqual(got, {key: case[key] for key in EXPECTED if key in case})
                cases += 1
            if os.environ.get("BPNET_RECORD"):
                with open(path, "w", encoding="utf-8") as f:
                    json.dump(listed, f, indent=1)
                    f.write("\n")
        self.assertGreater(cases, 110)


if __name__ == "__main__":
    main()
