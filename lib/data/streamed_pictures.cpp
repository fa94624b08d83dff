#include "data/streamed_pictures.hpp"

#include <algorithm>
#include <cstring>
#include <system_error>

#include "core/error.hpp"

namespace bpnet {

StreamedPictures::StreamedPictures(PictureReader reader, const ImageForm& form, Shape shape,
                                   std::vector<PictureFacts> facts, std::uint64_t memory)
    : Pictures(shape),
      reader_(std::move(reader)),
      form_(form),
      facts_(std::move(facts)),
      most_(static_cast<std::size_t>(memory) / size()) {}

StreamedPictures::~StreamedPictures() {
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
  }
  work_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void StreamedPictures::add_sums(std::int64_t row, std::uint64_t* sums, std::uint64_t* squares) const {
  const PictureFacts& facts = facts_[static_cast<std::size_t>(row)];
  for (int c = 0; c < shape()[2]; ++c) {
    sums[c] += facts.sums[c];
    squares[c] += facts.squares[c];
  }
}

bool StreamedPictures::read_or_throw(std::int64_t row, std::uint8_t* to) const {
  Picture picture = reader_.read(row);
  form_.apply(picture);
  if (picture.height != shape()[0] || picture.width != shape()[1]) return false;
  std::memcpy(to, picture.pixels.data(), size());
  return true;
}

bool StreamedPictures::read(std::int64_t row, std::uint8_t* to) const try {
  return read_or_throw(row, to);
} catch (const PictureError&) {
  return false;
}

const std::uint8_t* StreamedPictures::at(std::int64_t row, std::uint8_t* room) const {
  std::unique_lock lock(mutex_);
  auto found = waiting_.find(row);
  while (found != waiting_.end() && found->second.state == State::begun) {
    done_.wait(lock);
    found = waiting_.find(row);
  }
  std::vector<std::uint8_t> pixels;
  const bool done = found != waiting_.end() && found->second.state == State::done;
  if (done) pixels = std::move(found->second.pixels);
  if (found != waiting_.end()) waiting_.erase(found);
  lock.unlock();
  if (!done) try {
      return read(row, room) ? room : nullptr;
    } catch (const std::bad_alloc&) {
      return nullptr;
    }
  if (pixels.empty()) return nullptr;
  std::memcpy(room, pixels.data(), size());
  return room;
}

void StreamedPictures::expect(std::span<const std::int64_t> rows) const {
  const std::lock_guard lock(mutex_);
  if (waiting_.size() > 2 * rows.size()) {  // nobody came for those of before
    order_.clear();
    std::erase_if(waiting_, [](const auto& entry) { return entry.second.state != State::begun; });
  }
  for (const std::int64_t row : rows) {
    if (waiting_.size() >= most_) break;
    if (waiting_.try_emplace(row).second) order_.push_back(row);
  }
  if (!thread_.joinable()) try {
      thread_ = std::thread([this] { read_ahead(); });
    } catch (const std::system_error&) {  // no memory for one: they are read when they are asked for
      waiting_.clear();
      order_.clear();
    }
  work_.notify_one();
}

void StreamedPictures::read_ahead() const {
  std::unique_lock lock(mutex_);
  while (true) {
    work_.wait(lock, [&] { return ended_ || !order_.empty(); });
    if (ended_) return;
    const std::int64_t row = order_.front();
    order_.pop_front();
    const auto found = waiting_.find(row);
    if (found == waiting_.end() || found->second.state != State::queued) continue;
    found->second.state = State::begun;  // it stays until it is done and fetched
    lock.unlock();
    std::vector<std::uint8_t> pixels;
    bool room = true;
    try {
      pixels.resize(size());
      if (!read(row, pixels.data())) pixels.clear();
    } catch (const std::bad_alloc&) {
      room = false;
    }
    lock.lock();
    if (!room) {  // who asks for it reads it
      waiting_.erase(row);
      done_.notify_all();
      continue;
    }
    Waiting& waiting = waiting_.at(row);
    waiting.pixels = std::move(pixels);
    waiting.state = State::done;
    done_.notify_all();
  }
}

void StreamedPictures::refuse(std::int64_t row) const {
  const std::string picture = "picture '" + reader_.text(row) + "'";
  std::string why = "it has changed";
  try {
    std::vector<std::uint8_t> pixels(size());
    if (read_or_throw(row, pixels.data())) throw std::bad_alloc();  // now there is room for it
  } catch (const PictureError& error) {
    why = error.what();
  } catch (const std::bad_alloc&) {
    throw Error(Fault::configuration, "memory ran out while " + picture + " was read",
                {"make train.batch_size or the model smaller, or the pictures (resize, in their image "
                 "column); fewer threads (--threads) take less, too"});
  }
  throw Error(Fault::data, picture + " cannot be read any more: " + why);
}

}  // namespace bpnet
