#include <doctest/doctest.h>

#include "core/free_memory.hpp"
#include "data/memory_need.hpp"
#include "data_support.hpp"

using namespace data_test;

namespace {

void write_under(const fs::path& folder, const std::string& name, const std::string& text) {
  fs::create_directories((folder / name).parent_path());
  std::ofstream(folder / name) << text;
}

}  // namespace

TEST_CASE("free memory: the least of machine and control groups") {
  const Folder folder;
  const fs::path proc = folder.path() / "proc", groups = folder.path() / "groups";
  write_under(proc, "meminfo", "MemTotal: 9000 kB\nMemFree: 1 kB\nMemAvailable: 5000 kB\n");
  CHECK(free_memory(proc, groups) == 5000 * 1024);
  write_under(proc, "self/cgroup", "0::/job/step\n");
  write_under(groups, "job/memory.max", "4000000\n");
  write_under(groups, "job/memory.current", "3000000\n");
  write_under(groups, "job/memory.stat", "anon 1\nfile 7\ninactive_file 500000\n");
  write_under(groups, "job/step/memory.max", "max\n");
  write_under(groups, "job/step/memory.current", "1\n");
  CHECK(free_memory(proc, groups) == 1500000);
  write_under(proc, "self/cgroup", "7:cpu:/\n4:memory:/job\n0::/\n");
  write_under(groups, "memory/job/memory.limit_in_bytes", "1000\n");
  write_under(groups, "memory/job/memory.usage_in_bytes", "5000\n");
  CHECK(free_memory(proc, groups) == 0);
}

TEST_CASE("the memory that data will take is estimated before it is read") {
  const Folder folder;
  std::string text = "a,b,c,y\n";
  constexpr int rows = 50000;
  for (int i = 0; i < rows; ++i)
    text += std::to_string(i % 10) + ".5,name " + std::to_string(100000 + i) + ",colour " +
            std::to_string(i % 3) + "," + std::to_string(i % 7) + ".25\n";
  const TableFile file(folder.write("t.csv", text), "t.csv", {});
  const std::vector<Source> sources = {{&file, {0, 1, 2, 3}}};
  ReadPlan plan;
  plan.columns.resize(4);
  plan.columns[0].kind = ReadColumn::Kind::number;
  plan.width = 1;
  const MemoryNeed numbers = memory_need(sources, plan);
  CHECK(static_cast<double>(numbers.rows) == doctest::Approx(rows).epsilon(0.02));
  CHECK(static_cast<double>(numbers.bytes) == doctest::Approx(rows * 20).epsilon(0.02));
  plan.columns[2].kind = ReadColumn::Kind::label;
  plan.labels = 1;
  CHECK(static_cast<double>(memory_need(sources, plan).bytes) == doctest::Approx(rows * 28).epsilon(0.02));
  plan.columns[1].kind = ReadColumn::Kind::label;  // each text is another
  plan.labels = 2;
  const MemoryNeed texts = memory_need(sources, plan);
  CHECK(texts.bytes > rows * std::uint64_t{200});

  std::string lines = "d\n";
  for (int i = 0; i < rows; ++i) lines += "line " + std::to_string(100000 + i) + "\n";
  const TableFile other(folder.write("beside.csv", lines), "beside.csv", {});
  const std::vector<Source> pair = {{&file, {0, 1, 2, 3}, {{&other, {4}}}}};
  plan.columns.resize(5);
  const MemoryNeed without = memory_need(pair, plan);
  CHECK(without.bytes == texts.bytes);
  plan.columns[4].kind = ReadColumn::Kind::label;
  plan.labels = 3;
  const MemoryNeed beside = memory_need(pair, plan);
  CHECK(beside.rows == texts.rows);
  CHECK(beside.bytes > texts.bytes + rows * std::uint64_t{200});

  CHECK(error_of([&] { demand_memory(numbers, numbers.bytes, sources); }).empty());
  const std::string error = error_of([&] {
    demand_memory({3'000'000'000, 61'000'000}, 1'500'000'000, sources);
  });
  CHECK(
      error ==
      "t.csv: error: this data takes about 3.0 GB of memory (2 MB of text, about 61000000 rows), and 1.5 GB "
      "are free\n  leave columns out (data.ignore, or data.features), or rows: head -n 24400000 FILE > "
      "PART\n");
}
