// A TCP connection of short lines that never blocks: what cannot be sent now is kept and sent
// later.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace arf {

class LineSocket {
 public:
  LineSocket() = default;
  explicit LineSocket(int file) : file_(file) {}  // takes it over; not blocking from here on
  // Starts to connect; is_open() is false where that failed at once. address: numbers, v4 or v6.
  static LineSocket connect(const std::string& address, std::uint16_t port);
  LineSocket(LineSocket&& other) noexcept;
  LineSocket& operator=(LineSocket&& other) noexcept;
  ~LineSocket() { close(); }

  bool is_open() const { return file_ >= 0; }
  int file() const { return file_; }
  void send(const std::string& line);  // without its end
  // Sends what waits and returns the whole lines that have come. Closes where the other side has,
  // at an error, and where a line has no end.
  std::vector<std::string> exchange();
  void close();
  // Of what comes, no more than so many bytes are taken at one look.
  void take_at_most(std::size_t bytes) { most_read_ = bytes; }

 private:
  void flush();
  int file_ = -1;
  std::size_t most_read_ = 1 << 16;
  std::string in_, out_;
};

// Listens on a port of the system's choice, on all addresses.
class LineListener {
 public:
  LineListener();  // resource_error where that is impossible
  ~LineListener();
  LineListener(const LineListener&) = delete;
  LineListener& operator=(const LineListener&) = delete;
  std::uint16_t port() const { return port_; }
  int file() const { return file_; }
  std::optional<LineSocket> accept();  // none: nobody waits, or it is not possible now
  // Whether the last accept() failed for want of files or memory: who waits still does then, and
  // poll would not rest.
  bool is_short() const { return is_short_; }

 private:
  std::uint16_t port_ = 0;
  int file_;
  bool is_short_ = false;
};

// Numeric addresses of this host, the loopback's last.
std::vector<std::string> host_addresses();

}  // namespace arf
