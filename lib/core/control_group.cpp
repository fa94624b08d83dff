#include "core/control_group.hpp"

#include <fstream>
#include <string>

namespace bpnet {

std::vector<GroupFolder> group_folders(const std::filesystem::path& membership,
                                       const std::filesystem::path& mount, std::string_view controller) {
  std::vector<GroupFolder> out;
  const auto add = [&](const std::filesystem::path& top, std::filesystem::path group, bool version_2) {
    out.push_back({top, version_2});
    for (; !group.empty() && group != group.root_path(); group = group.parent_path())
      out.push_back({top / group.relative_path(), version_2});
  };
  std::ifstream file(membership);
  for (std::string line; std::getline(file, line);) {  // "0::/path" in version 2, "4:cpu,cpuacct:/path" in 1
    const auto first = line.find(':'), second = line.find(':', first + 1);
    if (first == std::string::npos || second == std::string::npos) continue;
    const std::string controllers = line.substr(first + 1, second - first - 1),
                      path = line.substr(second + 1);
    if (controllers.empty()) {
      add(mount, path, true);
    } else if (("," + controllers + ",").find("," + std::string(controller) + ",") != std::string::npos) {
      add(mount / controllers, path, false);
      if (controllers != controller) add(mount / controller, path, false);
    }
  }
  return out;
}

}  // namespace bpnet
