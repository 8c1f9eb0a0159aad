#include "guard/line_socket.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "core/error.h"

namespace arf {
namespace {

constexpr std::size_t kLongestLine = 4096, kMostWaiting = 1 << 20;  // bytes

void make_nonblocking(int file) {
  ::fcntl(file, F_SETFL, ::fcntl(file, F_GETFL) | O_NONBLOCK);
  ::fcntl(file, F_SETFD, FD_CLOEXEC);
  const int yes = 1;
  ::setsockopt(file, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
}

}  // namespace

LineSocket LineSocket::connect(const std::string& address, std::uint16_t port) {
  addrinfo hints{}, *found = nullptr;
  hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
  hints.ai_socktype = SOCK_STREAM;
  if (::getaddrinfo(address.c_str(), std::to_string(port).c_str(), &hints, &found) != 0) return {};
  LineSocket made(::socket(found->ai_family, SOCK_STREAM, 0));
  if (made.is_open()) {
    make_nonblocking(made.file_);
    const int status = ::connect(made.file_, found->ai_addr, found->ai_addrlen);
    if (status != 0 && errno != EINPROGRESS) made.close();
  }
  ::freeaddrinfo(found);
  return made;
}

LineSocket::LineSocket(LineSocket&& other) noexcept { *this = std::move(other); }

LineSocket& LineSocket::operator=(LineSocket&& other) noexcept {
  std::swap(file_, other.file_);
  std::swap(in_, other.in_);
  std::swap(out_, other.out_);
  std::swap(most_read_, other.most_read_);
  return *this;
}

void LineSocket::close() {
  if (file_ >= 0) ::close(file_);
  file_ = -1;
}

void LineSocket::send(const std::string& line) {
  if (!is_open()) return;
  out_ += line + "\n";
  flush();
}

void LineSocket::flush() {
  while (is_open() && !out_.empty()) {
    const ssize_t sent = ::send(file_, out_.data(), out_.size(), MSG_NOSIGNAL);
    if (sent > 0) {
      out_.erase(0, static_cast<std::size_t>(sent));
    } else if (errno == EINTR) {
      continue;
    } else if (errno == EAGAIN || errno == EINPROGRESS || errno == ENOTCONN) {
      break;  // ENOTCONN: a connection that is being made
    } else {
      close();
    }
  }
  if (out_.size() > kMostWaiting) close();
}

std::vector<std::string> LineSocket::exchange() {
  flush();
  char block[4096];
  while (is_open() && in_.size() < most_read_) {
    const ssize_t got = ::recv(file_, block, std::min(sizeof block, most_read_ - in_.size()), 0);
    if (got > 0) {
      in_.append(block, static_cast<std::size_t>(got));
    } else if (got == 0) {
      close();
    } else if (errno == EINTR) {
      continue;
    } else {
      if (errno != EAGAIN && errno != ENOTCONN) close();
      break;
    }
  }
  std::vector<std::string> lines;
  std::size_t begin = 0;
  for (std::size_t end; (end = in_.find('\n', begin)) != std::string::npos; begin = end + 1) {
    lines.push_back(in_.substr(begin, end - begin));
  }
  in_.erase(0, begin);
  if (in_.size() >= std::min(kLongestLine, most_read_)) close();
  return lines;
}

namespace {

// A socket that listens on a port of the system's choice, -1 where that is impossible.
int listen_on(int family, std::uint16_t* port) {
  sockaddr_storage address{};
  address.ss_family = static_cast<sa_family_t>(family);  // and the any-address, which is zeros
  socklen_t size = family == AF_INET6 ? sizeof(sockaddr_in6) : sizeof(sockaddr_in);
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  const int file = ::socket(family, SOCK_STREAM, 0);
  if (file < 0) return -1;
  const int no = 0;  // IPv4 comes to it, too
  if (family == AF_INET6) ::setsockopt(file, IPPROTO_IPV6, IPV6_V6ONLY, &no, sizeof no);
  if (::bind(file, generic, size) != 0 || ::listen(file, 1024) != 0 ||
      ::getsockname(file, generic, &size) != 0) {
    ::close(file);
    return -1;
  }
  *port = ntohs(family == AF_INET6 ? reinterpret_cast<sockaddr_in6*>(&address)->sin6_port
                                   : reinterpret_cast<sockaddr_in*>(&address)->sin_port);
  make_nonblocking(file);
  return file;
}

}  // namespace

LineListener::LineListener() : file_(listen_on(AF_INET6, &port_)) {
  if (file_ < 0) file_ = listen_on(AF_INET, &port_);
  if (file_ < 0) {
    resource_error("no port for the ranks' guardians to listen on: {}", std::strerror(errno));
  }
}

LineListener::~LineListener() {
  if (file_ >= 0) ::close(file_);
}

std::optional<LineSocket> LineListener::accept() {
  const int file = ::accept(file_, nullptr, nullptr);
  is_short_ =
      file < 0 && (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM);
  if (file < 0) return {};
  make_nonblocking(file);
  return LineSocket(file);
}

std::vector<std::string> host_addresses() {
  std::vector<std::string> outer, loopback;
  ifaddrs* all = nullptr;
  if (::getifaddrs(&all) != 0) return {"127.0.0.1"};
  for (const ifaddrs* at = all; at; at = at->ifa_next) {
    if (!at->ifa_addr || !(at->ifa_flags & IFF_UP)) continue;
    const int family = at->ifa_addr->sa_family;
    const socklen_t size = family == AF_INET    ? sizeof(sockaddr_in)
                           : family == AF_INET6 ? sizeof(sockaddr_in6)
                                                : 0;
    char text[NI_MAXHOST];
    if (size == 0 ||
        ::getnameinfo(at->ifa_addr, size, text, sizeof text, nullptr, 0, NI_NUMERICHOST) != 0) {
      continue;
    }
    if (std::strchr(text, '%')) continue;  // an address of one link only
    (at->ifa_flags & IFF_LOOPBACK ? loopback : outer).push_back(text);
  }
  ::freeifaddrs(all);
  outer.insert(outer.end(), loopback.begin(), loopback.end());
  return outer;
}

}  // namespace arf
