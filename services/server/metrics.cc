// SPDX-License-Identifier: Apache-2.0
#include "services/server/metrics.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "prometheus/collectable.h"
#include "prometheus/text_serializer.h"
#include "services/base/status_macros.h"

namespace gongkai::server {
namespace {

// Seconds; the middle is where an act on a quiet machine lies.
const std::vector<double>& Buckets() {
  static const auto* const buckets = new std::vector<double>{
      0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10};
  return *buckets;
}

std::string CodeName(grpc::StatusCode code) {
  return absl::StatusCodeToString(static_cast<absl::StatusCode>(code));
}

// Whether HOST:PORT, an IPv4 address, can be listened on: the exposer answers
// a taken port by an exception, and those end in the storage room alone.
absl::Status CheckFree(const std::string& address) {
  const size_t colon = address.rfind(':');
  const std::string host = address.substr(0, colon);
  int port = 0;
  sockaddr_in where{};
  where.sin_family = AF_INET;
  if (colon == std::string::npos ||
      !absl::SimpleAtoi(address.substr(colon + 1), &port) || port < 0 ||
      port > 65535 || inet_pton(AF_INET, host.c_str(), &where.sin_addr) != 1) {
    return absl::InvalidArgumentError(
        absl::StrCat("metrics need an IPv4 address and a port: ", address));
  }
  where.sin_port = htons(static_cast<uint16_t>(port));
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  const int yes = 1;
  const bool free =
      fd >= 0 &&
      setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) == 0 &&
      bind(fd, reinterpret_cast<sockaddr*>(&where), sizeof where) == 0;
  if (fd >= 0) close(fd);
  if (free) return absl::OkStatus();
  return absl::UnavailableError(absl::StrCat("cannot listen on ", address));
}

}  // namespace

// Gauges that are read when scraped.
class Metrics::Gauges : public prometheus::Collectable {
 public:
  struct Gauge {
    std::string lane;
    std::function<double()> read;
  };
  struct Group {
    std::string help;
    std::vector<Gauge> gauges;
  };

  std::vector<prometheus::MetricFamily> Collect() const override {
    absl::MutexLock lock(&mutex_);
    std::vector<prometheus::MetricFamily> families;
    for (const auto& [name, group] : groups_) {
      prometheus::MetricFamily family;
      family.name = name;
      family.help = group.help;
      family.type = prometheus::MetricType::Gauge;
      for (const Gauge& gauge : group.gauges) {
        prometheus::ClientMetric metric;
        if (!gauge.lane.empty()) {
          metric.label.push_back({"lane", gauge.lane});
        }
        metric.gauge.value = gauge.read();
        family.metric.push_back(std::move(metric));
      }
      families.push_back(std::move(family));
    }
    return families;
  }

  void Add(const std::string& name, const std::string& help, Gauge gauge) {
    absl::MutexLock lock(&mutex_);
    Group& group = groups_[name];
    group.help = help;
    group.gauges.push_back(std::move(gauge));
  }

  void Clear() {
    absl::MutexLock lock(&mutex_);
    groups_.clear();
  }

 private:
  mutable absl::Mutex mutex_;
  std::map<std::string, Group> groups_ ABSL_GUARDED_BY(mutex_);
};

Metrics::Metrics()
    : registry_(std::make_shared<prometheus::Registry>()),
      gauges_(std::make_shared<Gauges>()),
      calls_(prometheus::BuildCounter()
                 .Name("gongkai_calls_total")
                 .Help("Calls answered, by method, act and code.")
                 .Register(*registry_)),
      durations_(prometheus::BuildHistogram()
                     .Name("gongkai_call_seconds")
                     .Help("From entry to answer, by method.")
                     .Register(*registry_)) {}

Metrics::~Metrics() { Hide(); }

void Metrics::Finished(std::string_view method, std::string_view act,
                       grpc::StatusCode code, absl::Duration took) {
  prometheus::Counter* counter = nullptr;
  prometheus::Histogram* histogram = nullptr;
  {
    absl::MutexLock lock(&mutex_);
    auto& known = counters_[Key(method, act, code)];
    if (known == nullptr) {
      known = &calls_.Add({{"method", std::string(method)},
                           {"act", std::string(act)},
                           {"code", CodeName(code)}});
    }
    auto& timed = histograms_[method];
    if (timed == nullptr) {
      timed = &durations_.Add({{"method", std::string(method)}}, Buckets());
    }
    counter = known;
    histogram = timed;
  }
  counter->Increment();
  histogram->Observe(absl::ToDoubleSeconds(took));
}

void Metrics::AddGauge(const std::string& name, const std::string& help,
                       const std::string& lane, std::function<double()> read) {
  gauges_->Add(name, help, {lane, std::move(read)});
}

absl::Status Metrics::Expose(const std::string& address) {
  RETURN_IF_ERROR(CheckFree(address));
  exposer_ = std::make_unique<prometheus::Exposer>(address, 1);
  exposer_->RegisterCollectable(registry_);
  exposer_->RegisterCollectable(gauges_);
  return absl::OkStatus();
}

void Metrics::Hide() {
  exposer_.reset();
  gauges_->Clear();
}

std::string Metrics::Text() const {
  std::vector<prometheus::MetricFamily> families = registry_->Collect();
  for (auto& family : gauges_->Collect()) families.push_back(std::move(family));
  return prometheus::TextSerializer().Serialize(families);
}

}  // namespace gongkai::server
