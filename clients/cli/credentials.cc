// SPDX-License-Identifier: Apache-2.0
#include "clients/cli/credentials.h"

#include <string>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "clients/cli/fields.h"
#include "clients/cli/keyring.h"
#include "services/base/dates.h"
#include "services/base/status_macros.h"

namespace gongkai::cli {
namespace {

// `127.1.2.3`: an IPv4 address in full, for `127.example.cn` is a name.
bool IsLoopbackV4(std::string_view host) {
  const std::vector<std::string> parts = absl::StrSplit(ToAbsl(host), '.');
  if (parts.size() != 4 || parts[0] != "127") return false;
  for (const std::string& part : parts) {
    int value = -1;
    if (part.size() > 3 || !absl::SimpleAtoi(part, &value) || value < 0 ||
        value > 255) {
      return false;
    }
  }
  return true;
}

}  // namespace

bool IsLoopback(std::string_view address) {
  if (address.starts_with("unix:")) return true;
  for (const std::string_view scheme : {"ipv4:", "ipv6:", "dns:"}) {
    if (address.starts_with(scheme)) address.remove_prefix(scheme.size());
  }
  // Several addresses in one name.
  if (address.find(',') != std::string_view::npos) return false;
  const size_t colon = address.rfind(':');
  if (colon == std::string_view::npos) return false;
  const std::string_view host = address.substr(0, colon);
  return host == "localhost" || host == "[::1]" || IsLoopbackV4(host);
}

absl::StatusOr<std::shared_ptr<grpc::ChannelCredentials>> CredentialsFor(
    const Settings& settings, std::string_view address) {
  if (settings.insecure_loopback) {
    if (!IsLoopback(address)) {
      return UsageError(
          Say(settings.locale,
              "--insecure-loopback 只用于本机地址；其他地址必须用 TLS：",
              "--insecure-loopback is for addresses of this machine alone; TLS "
              "is needed for ") +
          std::string(address));
    }
    return grpc::InsecureChannelCredentials();
  }
  if (settings.cert.empty() != settings.key.empty()) {
    return UsageError(Say(settings.locale, "--cert 与 --key 须同时指定",
                          "--cert and --key go together"));
  }
  grpc::SslCredentialsOptions options;
  if (!settings.ca.empty()) {
    ASSIGN_OR_RETURN(options.pem_root_certs, ReadFile(settings.ca));
  }
  if (!settings.cert.empty()) {
    ASSIGN_OR_RETURN(options.pem_cert_chain, ReadFile(settings.cert));
    ASSIGN_OR_RETURN(options.pem_private_key, ReadSecretFile(settings.key));
  }
  return grpc::SslCredentials(options);
}

}  // namespace gongkai::cli
