// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_SERVER_METRICS_H_
#define GONGKAI_SERVICES_SERVER_METRICS_H_

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <tuple>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "prometheus/counter.h"
#include "prometheus/exposer.h"
#include "prometheus/family.h"
#include "prometheus/histogram.h"
#include "prometheus/registry.h"
#include "services/api/call.h"

namespace gongkai::server {

// What an operator scrapes: calls by method, act and code, how long they took,
// and gauges that are read when asked for. No label ever holds what a caller
// wrote. Thread-safe.
class Metrics : public api::CallMetrics {
 public:
  Metrics();
  ~Metrics() override;

  void Finished(std::string_view method, std::string_view act,
                grpc::StatusCode code, absl::Duration took) override;

  // Adds a gauge that is read at each scrape, with an optional label `lane`.
  // Before Expose only.
  void AddGauge(const std::string& name, const std::string& help,
                const std::string& lane, std::function<double()> read);

  // Answers scrapes of `/metrics` on HOST:PORT.
  absl::Status Expose(const std::string& address);
  // Answers no more: what gauges read may go away.
  void Hide();

  // What a scrape would read.
  std::string Text() const;

 private:
  class Gauges;
  using Key = std::tuple<std::string_view, std::string_view, int>;

  std::shared_ptr<prometheus::Registry> registry_;
  std::shared_ptr<Gauges> gauges_;
  prometheus::Family<prometheus::Counter>& calls_;
  prometheus::Family<prometheus::Histogram>& durations_;
  absl::Mutex mutex_;
  // Views of names that live as long as the program.
  std::map<Key, prometheus::Counter*> counters_ ABSL_GUARDED_BY(mutex_);
  std::map<std::string_view, prometheus::Histogram*> histograms_
      ABSL_GUARDED_BY(mutex_);
  std::unique_ptr<prometheus::Exposer> exposer_;
};

}  // namespace gongkai::server

#endif  // GONGKAI_SERVICES_SERVER_METRICS_H_
