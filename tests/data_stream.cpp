#include <doctest/doctest.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <thread>

#include "data_support.hpp"

using namespace data_test;

namespace {

std::string train_table() {
  std::string text = "size,colour,y\n";
  for (int i = 0; i < 60; ++i)
    text += std::to_string(i % 17) + "." + std::to_string(i % 3) + "," + (i % 3 ? "red" : "blue, dark") +
            "," + (i % 2 ? "p" : "q") + "\n";
  for (std::size_t at; (at = text.find(",blue, dark,")) != std::string::npos;)
    text.replace(at, 12, ",\"blue, dark\",");
  return text;
}

struct Trained {
  Folder folder;
  std::string file = folder.write("train.csv", train_table());
  Dataset data = load(settings_for(file, {"y"}));
};

/// All inputs that a stream gives.
std::vector<float> all_inputs(RowStream& stream) {
  std::vector<float> out;
  while (const auto rows = stream.next()) {
    const auto piece = gathered<float>(*rows, 0, all_rows(*rows));
    out.insert(out.end(), piece.begin(), piece.end());
  }
  return out;
}

}  // namespace

TEST_CASE("a stream gives what the whole file gives") {
  const Trained t;
  const auto expected = gathered<float>(*t.data.rows, 0, all_rows(*t.data.rows));
  const auto stream = open_stream(t.data.encoding, t.file);
  CHECK(all_inputs(*stream) == expected);
  CHECK(stream->next() == nullptr);
  CHECK(stream->warnings().empty());
}

TEST_CASE("columns come in any order, with others, without the target") {
  const Trained t;
  const std::string file = t.folder.write(
      "new.csv", "note,colour,size\n\"a \"\"b\"\"\",red,3.5\nc,\"blue, dark\",?\n x ,green,1e1\n");
  const auto stream = open_stream(t.data.encoding, file);
  CHECK(stream->column("note") == 0);
  CHECK(stream->column("size") == 2);
  const auto rows = stream->next();
  REQUIRE(rows);
  REQUIRE(rows->count() == 3);
  CHECK(stream->cell(0, 0) == "a \"b\"");
  CHECK(stream->cell(1, 1) == "blue, dark");
  CHECK(stream->cell(2, 0) == "x");
  CHECK(rows->place(2).line == 4);
  const auto inputs = gathered<float>(*rows, 0, {0, 1, 2});
  CHECK(inputs[1] == 0);
  CHECK(inputs[2] == 1);  // labels are blue, dark and red
  CHECK(inputs[3] == 0);  // the mean of the training rows
  CHECK((inputs[7] == 0 && inputs[8] == 0));
  std::int32_t classes[3];
  rows->classes(0, all_rows(*rows), classes);
  CHECK(classes[0] == -1);
  CHECK(stream->next() == nullptr);
  CHECK(all_of(stream->warnings()) ==
        "bpnet: warning: column 'colour': 1 row has a label that no training row has ('green'); it counts as "
        "unseen\n");
  CHECK(error_of([&] {
          stream->column("nota");
        }).find("has no column 'nota'\n  its columns: note, colour, size") != std::string::npos);
}

TEST_CASE("what a stream cannot read") {
  const Trained t;
  const auto error = [&](const std::string& text) {
    const std::string file = t.folder.write("new.csv", text);
    std::string out = error_of([&] {
      const auto stream = open_stream(t.data.encoding, file);
      while (stream->next()) {
      }
    });
    for (std::size_t at; (at = out.find(file)) != std::string::npos;) out.replace(at, file.size(), "new.csv");
    return out;
  };
  CHECK(error("colour,weight\nred,1\n") ==
        "new.csv: error: there is no column 'size', which the model reads\n");
  CHECK(error("colour,Size\nred,1\n") ==
        "new.csv: error: there is no column 'size', which the model reads\n"
        "  its column 'Size' would have to be called so\n");
  CHECK(error("1,2\n3,4\n").find("its first row has a number in it") != std::string::npos);
  CHECK(error("size,colour\n1,red\n2,red\n3,red\n4.5.6,red\n") ==
        "new.csv:5:1: error: column 'size' is a number to this model, but this cell is '4.5.6'\n"
        "  leave it empty if it is missing\n");
  CHECK(error("size,colour\n\"1,5\",red\n") ==
        "new.csv:2:1: error: column 'size' is a number to this model, but this cell is '1,5'\n"
        "  write a point before the decimals, as in the training file\n");
  CHECK(error("size,colour\n1,red\n2,red\n3,red,5\n") ==
        "new.csv:4:7: error: this row has 3 cells, but the file has 2 columns\n"
        "  put cells that hold the delimiter in double quotes\n");
  CHECK(error("size,colour\n1,red\n2,\"red\n") == "new.csv:3:3: error: this quote is never closed\n");
  CHECK(error("").find("the file is empty") != std::string::npos);
  CHECK(error("size,colour\n").empty());
  CHECK(error_of([&] { open_stream(t.data.encoding, t.folder.path() / "none.csv"); }).find("No such file") !=
        std::string::npos);
}

TEST_CASE("text that comes in bits") {
  const Trained t;
  const std::string pipe = (t.folder.path() / "pipe").string();
  REQUIRE(mkfifo(pipe.c_str(), 0600) == 0);
  const std::string text = train_table();
  std::thread writer([&] {
    const int out = ::open(pipe.c_str(), O_WRONLY);
    for (std::size_t at = 0; at < text.size(); at += 5) {
      const std::string bit = text.substr(at, 5);
      if (::write(out, bit.data(), bit.size()) < 0) break;
    }
    ::close(out);
  });
  const auto stream = open_stream(t.data.encoding, pipe);
  const auto inputs = all_inputs(*stream);
  writer.join();
  CHECK(inputs == gathered<float>(*t.data.rows, 0, all_rows(*t.data.rows)));
}

TEST_CASE("files without a header go by position, with or without the target") {
  const Folder folder;
  std::string text, without;
  for (int i = 0; i < 40; ++i) {
    text += std::string(i % 2 ? "p" : "q") + "," + std::to_string(i % 7) + "," + std::to_string(i) + ".5\n";
    without += std::to_string(i % 7) + "," + std::to_string(i) + ".5\n";
  }
  const Dataset data = load(settings_for(folder.write("t.csv", text), {"column_1"}));
  const auto expected = gathered<float>(*data.rows, 0, all_rows(*data.rows));
  CHECK(all_inputs(*open_stream(data.encoding, folder.write("a.csv", text))) == expected);
  CHECK(all_inputs(*open_stream(data.encoding, folder.write("b.csv", without))) == expected);
  const std::string odd = folder.write("c.csv", "1\n2\n");
  CHECK(error_of([&] { open_stream(data.encoding, odd); }).find("it has 1 column, the training file had 3") !=
        std::string::npos);
}

TEST_CASE("rows of another file for scoring") {
  const Trained t;
  const std::string file = t.folder.write("new.csv", "y,colour,size\np,red,3\nr,green,4\n,red,?\n");
  const OtherRows other = load_rows(t.data.encoding, file, true);
  CHECK(other.rows->count() == 3);
  std::int32_t classes[3];
  other.rows->classes(0, all_rows(*other.rows), classes);
  CHECK((classes[0] == 0 && classes[1] == -1 && classes[2] == -1));
  CHECK(other.which == std::vector<std::int64_t>{0, 1});  // the last has no target
  REQUIRE(other.warnings.size() == 3);
  CHECK(other.warnings[2].message == "1 row without a target is left out");
  CHECK(other.rows->place(1).line == 3);
  const std::string untold = t.folder.write("untold.csv", "y,colour,size\n,red,3\n");
  CHECK(error_of([&] { load_rows(t.data.encoding, untold, true); }).find("no row has a target") !=
        std::string::npos);
  const std::string lacking = t.folder.write("lacking.csv", "colour,size\nred,3\n");
  CHECK(error_of([&] {
          load_rows(t.data.encoding, lacking, true);
        }).find("there is no column 'y', the target") != std::string::npos);
  CHECK(load_rows(t.data.encoding, lacking, false).rows->count() == 1);
}
