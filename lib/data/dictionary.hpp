#pragma once
// Texts and their codes.

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>

namespace bpnet {

/// Different texts, numbered from 0 in the order added.
class Dictionary {
 public:
  /// The code of a text, which is added if it is new.
  std::int32_t add(std::string_view text) {
    if (last_ >= 0 && text == texts_[static_cast<std::size_t>(last_)]) return last_;
    if (const auto found = codes_.find(text); found != codes_.end()) return last_ = found->second;
    const std::string& kept = texts_.emplace_back(text);
    last_ = static_cast<std::int32_t>(texts_.size()) - 1;
    codes_.emplace(kept, last_);
    return last_;
  }
  /// -1 if the text is not there.
  std::int32_t find(std::string_view text) const {
    const auto found = codes_.find(text);
    return found == codes_.end() ? -1 : found->second;
  }
  std::size_t size() const { return texts_.size(); }
  const std::string& operator[](std::size_t code) const { return texts_[code]; }

 private:
  std::deque<std::string> texts_;  // stay where they are when more come
  std::unordered_map<std::string_view, std::int32_t> codes_;
  std::int32_t last_ = -1;
};

}  // namespace bpnet
