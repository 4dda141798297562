// SPDX-License-Identifier: Apache-2.0
#include "services/api/calendar_service.h"

#include <utility>

#include "gongkai/v1/calendar_service.grpc.pb.h"

namespace gongkai::api {
namespace {

using Bytes = grpc::ByteBuffer;
using Context = grpc::CallbackServerContext;
using Unary = grpc::ServerUnaryReactor;
using S = v1::CalendarService;

using Base = S::WithRawCallbackMethod_ListDays<
    S::WithRawCallbackMethod_PreviewNotice<S::WithRawCallbackMethod_LoadNotice<
        S::WithRawCallbackMethod_GetCalendarProgress<S::Service>>>>;

class CalendarService final : public Base {
 public:
  CalendarService(Desk& desk, act::Performer& performer, act::Reader& reader,
                  std::function<void()> loaded)
      : desk_(desk),
        performer_(performer),
        reader_(reader),
        loaded_(std::move(loaded)) {}

  Unary* ListDays(Context* context, const Bytes* request,
                  Bytes* reply) override {
    return ServeUnary<v1::ListDaysRequest>(
        desk_, "ListDays", Lane::kReads, context, request, reply,
        [this](const auto& caller, const auto& asked, absl::Time deadline) {
          return reader_.ListDays(caller, asked, deadline);
        });
  }

  Unary* PreviewNotice(Context* context, const Bytes* request,
                       Bytes* reply) override {
    return ServeUnary<v1::PreviewNoticeRequest>(
        desk_, "PreviewNotice", Lane::kReports, context, request, reply,
        [this](const auto& caller, const auto& asked, absl::Time deadline) {
          return reader_.PreviewNotice(caller, asked, deadline);
        });
  }

  Unary* LoadNotice(Context* context, const Bytes* request,
                    Bytes* reply) override {
    return ServeUnary<v1::LoadNoticeRequest>(
        desk_, "LoadNotice", Lane::kActs, context, request, reply,
        [this](const auto& caller, const auto& asked, absl::Time deadline) {
          auto response = performer_.LoadNotice(caller, asked, deadline);
          if (response.ok()) loaded_();
          return response;
        });
  }

  Unary* GetCalendarProgress(Context* context, const Bytes* request,
                             Bytes* reply) override {
    return ServeUnary<v1::GetCalendarProgressRequest>(
        desk_, "GetCalendarProgress", Lane::kReads, context, request, reply,
        [this](const auto& caller, const auto& asked, absl::Time deadline) {
          return reader_.GetCalendarProgress(caller, asked, deadline);
        });
  }

 private:
  Desk& desk_;
  act::Performer& performer_;
  act::Reader& reader_;
  const std::function<void()> loaded_;
};

}  // namespace

std::unique_ptr<grpc::Service> NewCalendarService(
    Desk& desk, act::Performer& performer, act::Reader& reader,
    std::function<void()> loaded) {
  return std::make_unique<CalendarService>(desk, performer, reader,
                                           std::move(loaded));
}

}  // namespace gongkai::api
