#include "data/picture_folder.hpp"

#include <algorithm>
#include <system_error>

#include "core/error.hpp"
#include "core/hash.hpp"
#include "data/dataset.hpp"

namespace bpnet {

namespace {

namespace fs = std::filesystem;

bool hidden(const fs::path& path) { return path.filename().native().starts_with('.'); }

/// Files below a folder, by their paths from `from`.
void add_files(const fs::path& folder, const fs::path& from, std::vector<std::string>& out) {
  for (auto at = fs::recursive_directory_iterator(folder); at != fs::recursive_directory_iterator(); ++at) {
    if (hidden(at->path())) {
      if (at->is_directory()) at.disable_recursion_pending();
      continue;
    }
    if (!at->is_directory()) out.push_back(at->path().lexically_relative(from).string());
  }
}

bool has_folders(const fs::path& folder) {
  return std::any_of(fs::directory_iterator(folder), fs::directory_iterator(),
                     [](const fs::directory_entry& e) { return e.is_directory() && !hidden(e.path()); });
}

/// Whether these hold classes each and are called like parts of a data set.
bool are_parts(const std::vector<fs::path>& folders) {
  constexpr std::string_view known[] = {"train", "training", "validation", "val",
                                        "valid", "dev",      "test",       "testing"};
  return folders.size() > 1 && std::all_of(folders.begin(), folders.end(), [&](const fs::path& folder) {
           const std::string name = folder.filename().string();
           return std::find(std::begin(known), std::end(known), name) != std::end(known) &&
                  has_folders(folder);
         });
}

}  // namespace

PictureFolder list_pictures(const fs::path& folder, const std::string& shown) try {
  PictureFolder out;
  std::vector<fs::path> classes;
  std::vector<std::string> loose;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
    if (hidden(entry.path())) continue;
    if (entry.is_directory())
      classes.push_back(entry.path());
    else
      loose.push_back(entry.path().filename().string());
  }
  std::sort(classes.begin(), classes.end());
  for (const fs::path& of_class : classes) {
    std::vector<std::string> files;
    add_files(of_class, folder, files);
    std::sort(files.begin(), files.end());
    if (files.empty()) out.empty.push_back(of_class.filename().string());
    out.labels.insert(out.labels.end(), files.size(), of_class.filename().string());
    std::move(files.begin(), files.end(), std::back_inserter(out.pictures));
  }
  std::sort(loose.begin(), loose.end());
  (classes.empty() ? out.pictures : out.beside) = std::move(loose);
  if (are_parts(classes))
    for (const fs::path& part : classes) out.parts.push_back(part.filename().string());
  if (!out.pictures.empty()) return out;
  Problem problem;
  problem.place.file = shown;
  problem.message = "the folder has no pictures";
  problem.help = {"each class has a sub-folder with its pictures"};
  throw Error(Fault::data, {std::move(problem)});
} catch (const fs::filesystem_error& error) {
  throw Error(Fault::missing_input, "cannot read the folder '" + shown + "': " + error.code().message());
}

namespace {
/// Of a picture that cannot be read, nothing: whether rows may miss theirs is asked elsewhere.
std::string hash_of_picture(const fs::path& path) try { return hash128_of_file(path); } catch (const Error&) {
  return "";
}
}  // namespace

std::string hash_of_data(const fs::path& path) {
  if (!fs::is_directory(path)) return hash128_of_file(path);
  Hash128 hash;
  for (const std::string& picture : list_pictures(path, path.string()).pictures) {
    const std::string line = picture + '\0' + hash_of_picture(path / picture) + '\n';
    hash.add(std::as_bytes(std::span(line)));
  }
  return hash.text();
}

std::uintmax_t bytes_of_data(const fs::path& path) {
  if (!fs::is_directory(path)) return fs::file_size(path);
  std::uintmax_t bytes = 0;
  for (const std::string& picture : list_pictures(path, path.string()).pictures) {
    std::error_code unread;
    if (const std::uintmax_t size = fs::file_size(path / picture, unread); !unread) bytes += size;
  }
  return bytes;
}

}  // namespace bpnet
