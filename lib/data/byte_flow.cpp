#include "data/byte_flow.hpp"

#include <fcntl.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <new>
#include <system_error>

#include "core/error.hpp"

namespace bpnet {

namespace {

constexpr std::size_t packed_piece = std::size_t{1} << 16;
constexpr unsigned char magic[] = {0x1F, 0x8B};

[[noreturn]] void cannot_read(const std::string& shown) {
  throw Error(Fault::missing_input, "cannot read '" + shown + "': " + std::generic_category().message(errno));
}

[[noreturn]] void damaged(const std::string& shown, std::string what) {
  Problem problem;
  problem.place.file = shown;
  problem.message = std::move(what);
  problem.help = {"fetch it again: gzip -t tells whether a file is whole"};
  throw Error(Fault::data, {std::move(problem)});
}

}  // namespace

/// Unpacks what a flow reads.
class ByteFlow::Inflater {
 public:
  explicit Inflater(std::vector<char> beginning) : packed_(std::move(beginning)) {
    constexpr int gzip_only = 16;
    if (inflateInit2(&stream_, MAX_WBITS + gzip_only) != Z_OK) throw std::bad_alloc();
    given_ = packed_.size();
    packed_.resize(std::max(packed_piece, given_));
    point_to_packed();
  }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;
  ~Inflater() { inflateEnd(&stream_); }

  std::size_t read(ByteFlow& flow, char* to, std::size_t room) {
    stream_.next_out = reinterpret_cast<Bytef*>(to);
    stream_.avail_out = static_cast<uInt>(std::min(room, std::size_t{1} << 30));
    const uInt asked = stream_.avail_out;
    while (stream_.avail_out == asked) {
      if (stream_.avail_in == 0 && !refill(flow)) {
        if (between_members_) break;
        damaged(flow.shown(), "the file is cut short: its gzip data has no end");
      }
      if (between_members_ && !begin_member(flow)) continue;
      const int result = inflate(&stream_, Z_NO_FLUSH);
      if (result == Z_MEM_ERROR) throw std::bad_alloc();
      if (result == Z_STREAM_END)
        between_members_ = true;
      else if (result != Z_OK && result != Z_BUF_ERROR)
        damaged(flow.shown(), std::string("the file is damaged: its gzip data cannot be unpacked") +
                                  (stream_.msg ? std::string(" (") + stream_.msg + ")" : ""));
    }
    return asked - stream_.avail_out;
  }

 private:
  void point_to_packed() {
    stream_.next_in = reinterpret_cast<Bytef*>(packed_.data());
    stream_.avail_in = static_cast<uInt>(given_);
  }
  bool refill(ByteFlow& flow) {
    given_ = flow.read_raw(packed_.data(), packed_.size());
    point_to_packed();
    return given_ > 0;
  }
  /// Behind a member another one may follow, or zeros that fill a block of a tape. False: look again.
  bool begin_member(ByteFlow& flow) {
    while (stream_.avail_in > 0 && *stream_.next_in == 0) {
      ++stream_.next_in;
      --stream_.avail_in;
    }
    if (stream_.avail_in == 0) return false;
    if (*stream_.next_in != magic[0])
      damaged(flow.shown(), "the file is damaged: something that is not gzip follows its gzip data");
    inflateReset(&stream_);
    between_members_ = false;
    return true;
  }

  z_stream stream_ = {};
  std::vector<char> packed_;
  std::size_t given_ = 0;
  bool between_members_ = false;
};

ByteFlow::ByteFlow(const std::filesystem::path& path, std::string shown) : shown_(std::move(shown)) {
  if (path == "-") return;
  file_ = Descriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file_) cannot_read(shown_);
}

ByteFlow::ByteFlow(std::shared_ptr<const std::string> text, std::string shown)
    : shown_(std::move(shown)), text_(std::move(text)), looked_(true) {}

ByteFlow::ByteFlow(ByteFlow&&) noexcept = default;
ByteFlow::~ByteFlow() = default;

std::size_t ByteFlow::read(char* to, std::size_t room) {
  if (!looked_) look_at_beginning();
  if (inflater_) return inflater_->read(*this, to, room);
  if (beginning_.empty()) return read_raw(to, room);
  const std::size_t n = std::min(room, beginning_.size());
  std::memcpy(to, beginning_.data(), n);
  beginning_.erase(beginning_.begin(), beginning_.begin() + static_cast<std::ptrdiff_t>(n));
  return n;
}

std::string ByteFlow::rest() { return rest_of(*this); }

std::size_t ByteFlow::read_raw(char* to, std::size_t room) {
  if (text_) {
    const std::size_t some = text_->copy(to, room, at_);
    at_ += some;
    return some;
  }
  ssize_t n = 0;
  do n = ::read(file_ ? file_.number() : STDIN_FILENO, to, room);
  while (n < 0 && errno == EINTR);
  if (n < 0) cannot_read(shown_);
  return static_cast<std::size_t>(n);
}

void ByteFlow::look_at_beginning() {
  looked_ = true;
  beginning_.resize(sizeof magic);
  std::size_t got = 0;
  while (got < sizeof magic) {
    const std::size_t n = read_raw(beginning_.data() + got, sizeof magic - got);
    if (n == 0) break;
    got += n;
  }
  beginning_.resize(got);
  if (got < sizeof magic || std::memcmp(beginning_.data(), magic, sizeof magic) != 0) return;
  inflater_ = std::make_unique<Inflater>(std::move(beginning_));
  beginning_.clear();
}

}  // namespace bpnet
