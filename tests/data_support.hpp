#pragma once
// What the tests of the data room share.

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "data/category.hpp"
#include "data/csv_cells.hpp"
#include "data/csv_dialect.hpp"
#include "data/csv_records.hpp"
#include "data/dataset.hpp"
#include "data/date.hpp"
#include "data/number.hpp"

namespace data_test {

using namespace bpnet;
namespace fs = std::filesystem;

/// A folder that goes away.
class Folder {
 public:
  Folder() {
    std::string name = (fs::temp_directory_path() / "bpnet-data-XXXXXX").string();
    path_ = mkdtemp(name.data());
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() { fs::remove_all(path_); }
  const fs::path& path() const { return path_; }
  std::string write(const std::string& name, const std::string& text) const {
    std::ofstream(path_ / name, std::ios::binary) << text;
    return (path_ / name).string();
  }

 private:
  fs::path path_;
};

inline std::string text_of_file(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

/// All cells of a text below its header, cut one record after the other.
inline std::vector<std::vector<std::string>> cells_of(const std::string& text, const Dialect& dialect) {
  Records records;
  const std::string_view rest = std::string_view(text).substr(dialect.begin);
  cut_records(rest, true, dialect, dialect.names.size(), 1 << 20, records);
  std::vector<std::vector<std::string>> rows;
  std::string scratch;
  for (std::size_t r = 0; r < records.starts.size(); ++r) {
    rows.emplace_back();
    std::size_t begin = records.starts[r];
    for (std::size_t c = 0; c < dialect.names.size(); ++c) {
      const std::size_t end = records.ends[r * dialect.names.size() + c];
      rows.back().emplace_back(
          text_of(read_cell(rest.data() + begin, rest.data() + end, dialect.delimiter), scratch));
      begin = end + 1;
    }
  }
  return rows;
}

/// A column declared as a type with these options.
template <class Type>
std::pair<std::string, Choice> declare(std::string column, Type options = {}) {
  const char* name = std::is_same_v<Type, Number> ? "number"
                     : std::is_same_v<Type, Date> ? "date"
                                                  : "category";
  return {std::move(column), {column_types.find(name), std::make_shared<Type>(std::move(options)), {}}};
}

/// Settings for a file of these targets.
inline DataSettings settings_for(const std::string& file, std::vector<std::string> target) {
  DataSettings settings;
  settings.file = {file};
  settings.target = std::move(target);
  return settings;
}

/// A request of one stack that reads every feature.
inline DataRequest request_for_all() {
  DataRequest request;
  request.groups = {{"main", {"*"}, false}};
  request.hash_files = false;
  return request;
}

/// No rows are held out.
inline DataSettings all_training(DataSettings settings) {
  settings.split.validation = settings.split.test = {0, Length::Unit::percent};
  return settings;
}

inline Dataset load(const DataSettings& settings) { return load_dataset(settings, request_for_all()); }

/// What an Error that is thrown says; "" if none is.
template <class F>
std::string error_of(F f) {
  try {
    f();
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

inline std::string all_of(const std::vector<Problem>& problems) {
  std::string out;
  for (const Problem& problem : problems) out += render(problem);
  return out;
}

/// Inputs of the port at this position for these rows.
template <class T>
std::vector<T> gathered(const Rows& rows, std::size_t at, const std::vector<std::int64_t>& which) {
  const auto ports = rows.encoding().inputs();
  std::vector<std::vector<std::byte>> memory;
  std::vector<View> views;
  for (const InputPort& port : ports) {
    memory.emplace_back(port.port.bytes() * which.size() + 64);
    View view;
    view.data = memory.back().data();
    view.port = port.port;
    view.samples = static_cast<int>(which.size());
    views.push_back(view);
  }
  rows.gather(which, views);
  const auto* data = reinterpret_cast<const T*>(views[at].data);
  return {data, data + views[at].elements() * size_of(views[at].port.type) / sizeof(T)};
}

inline std::vector<std::int64_t> all_rows(const Rows& rows) {
  std::vector<std::int64_t> out;
  for (std::int64_t r = 0; r < rows.count(); ++r) out.push_back(r);
  return out;
}

}  // namespace data_test
