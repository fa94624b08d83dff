#pragma once
// A folder of pictures: a sub-folder for each class, or pictures alone.

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace bpnet {

struct PictureFolder {
  std::vector<std::string> pictures;  // paths below the folder, sorted
  std::vector<std::string> labels;    // of each, the sub-folder's name; empty: there are no sub-folders
  std::vector<std::string> empty;     // sub-folders without files
  std::vector<std::string> beside;    // files beside sub-folders, which are not among the pictures
  std::vector<std::string> parts;     // the sub-folders, if they are train, test, ... with folders of classes
};

/// Files below each sub-folder, or, if there are no sub-folders, in the folder. Hidden ones (.name) are left
/// out. Throws Error(missing_input), Error(data) if there are none.
PictureFolder list_pictures(const std::filesystem::path& folder, const std::string& shown);

}  // namespace bpnet
