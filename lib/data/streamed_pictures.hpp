#pragma once
// Pictures that are too many for the memory: read again each time they are wanted. Those that are expected
// are read ahead by a thread of its own; those that it has not begun when they are wanted are read at once.

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <unordered_map>

#include "data/picture_reader.hpp"

namespace bpnet {

/// What is kept of a picture that is not.
struct PictureFacts {
  std::uint64_t print = 0;
  std::uint64_t sums[3] = {}, squares[3] = {};
};

class StreamedPictures final : public Pictures {
 public:
  /// As many bytes as `memory` wait for their turn at most.
  StreamedPictures(PictureReader reader, const ImageForm& form, Shape shape, std::vector<PictureFacts> facts,
                   std::uint64_t memory);
  ~StreamedPictures() override;
  bool kept() const override { return false; }
  const std::uint8_t* at(std::int64_t row, std::uint8_t* room) const override;
  std::uint64_t print(std::int64_t row) const override { return facts_[static_cast<std::size_t>(row)].print; }
  void add_sums(std::int64_t row, std::uint64_t* sums, std::uint64_t* squares) const override;
  void expect(std::span<const std::int64_t> rows) const override;
  void refuse(std::int64_t row) const override;

 private:
  enum class State : std::uint8_t { queued, begun, done };
  struct Waiting {
    State state = State::queued;
    std::vector<std::uint8_t> pixels;  // empty: it cannot be read
  };
  /// False: its size has changed. Throws PictureError, std::bad_alloc.
  bool read_or_throw(std::int64_t row, std::uint8_t* to) const;
  /// False: it cannot be read. Throws std::bad_alloc.
  bool read(std::int64_t row, std::uint8_t* to) const;
  void read_ahead() const;

  const PictureReader reader_;
  const ImageForm form_;
  const std::vector<PictureFacts> facts_;
  const std::size_t most_;  // pictures that wait
  mutable std::mutex mutex_;
  mutable std::condition_variable work_, done_;
  mutable std::unordered_map<std::int64_t, Waiting> waiting_;
  mutable std::deque<std::int64_t> order_;  // of those that are queued; others may be among them
  mutable bool ended_ = false;
  mutable std::thread thread_;
};

}  // namespace bpnet
