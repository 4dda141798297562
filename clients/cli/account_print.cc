// SPDX-License-Identifier: Apache-2.0
#include "clients/cli/account_print.h"

#include <map>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/clock.h"
#include "clients/cli/connect.h"
#include "clients/cli/fields.h"
#include "clients/cli/print.h"
#include "clients/cli/sessions.h"
#include "services/base/dates.h"
#include "services/base/status_macros.h"

namespace gongkai::cli {
namespace {

constexpr int kLabelColumns = 14;

// `label  value` on a line; nothing for an empty value.
class Lines {
 public:
  explicit Lines(const Run& run) : run_(run) {}
  void Add(std::string_view zh, std::string_view en, const std::string& value) {
    if (value.empty()) return;
    run_.out << Padded(run_.Say(zh, en), kLabelColumns) << "  " << value
             << '\n';
  }

 private:
  const Run& run_;
};

// `3 working days before  handling officer`.
std::string RuleText(const v1::ReminderRule& rule, Locale locale) {
  const int days = rule.days();
  std::string when = Say(locale, "最后一日", "the last day");
  if (days > 0) {
    when = absl::StrCat(Say(locale, "前 ", ""), days,
                        Say(locale, " 个工作日", " working days before"));
  } else if (days < 0) {
    when = absl::StrCat(Say(locale, "后 ", ""), -days,
                        Say(locale, " 个工作日", " working days after"));
  }
  std::vector<std::string> kinds;
  for (const int kind : rule.kinds()) {
    kinds.push_back(TermOf(static_cast<v1::LimitKind>(kind), locale));
  }
  return absl::StrCat(when, "  ", TermOf(rule.to(), locale),
                      kinds.empty() ? "" : "  ",
                      absl::StrJoin(kinds, Say(locale, "、", ", ")));
}

template <typename Grants>
std::string GrantsText(const Grants& grants, Locale locale) {
  std::vector<std::string> texts;
  for (const v1::Grant& grant : grants) {
    texts.push_back(GrantText(grant, locale));
  }
  return absl::StrJoin(texts, Say(locale, "、", ", "));
}

std::string RolesText(const v1::Delegation& delegation, Locale locale) {
  std::vector<std::string> roles;
  for (const int role : delegation.roles()) {
    roles.push_back(TermOf(static_cast<v1::Role>(role), locale));
  }
  return absl::StrJoin(roles, Say(locale, "、", ", "));
}

std::string DelegationText(const v1::Delegation& delegation, Locale locale) {
  return absl::StrCat(Say(locale, "代理 ", "for "), delegation.principal(),
                      "  ", delegation.from_date(), Say(locale, " 至 ", " to "),
                      delegation.to_date(), "  ",
                      RolesText(delegation, locale));
}

std::string StateText(const v1::Account& account, Locale locale) {
  if (!account.active()) return Say(locale, "已停用", "closed");
  if (ShanghaiMinute(account.locked_until_time()) >
      ShanghaiMinute(absl::Now())) {
    return Say(locale, "锁定至 ", "locked until ") +
           ShanghaiMinute(account.locked_until_time());
  }
  if (account.kind() == v1::STAFF && !account.set_up() && !account.linked()) {
    return Say(locale, "待启用", "not set up");
  }
  if (account.stale()) return Say(locale, "久未登录", "stale");
  return Say(locale, "启用", "active");
}

// What an account's events are called.
std::string EventTerm(const std::string& name, Locale locale) {
  static const auto* const terms =
      new std::map<std::string, std::pair<const char*, const char*>>{
          {"account_opened", {"开立账号", "account opened"}},
          {"account_state_set", {"停用或启用", "state set"}},
          {"credential_changed", {"凭证变更", "means of proof changed"}},
          {"granted", {"授权", "role granted"}},
          {"grant_proposed", {"提议授权", "grant proposed"}},
          {"grant_decided", {"决定授权", "grant decided"}},
          {"grant_withdrawn", {"撤销授权", "grant withdrawn"}},
          {"delegated", {"设立代理", "delegated"}},
          {"delegation_ended", {"终止代理", "delegation ended"}}};
  const auto it = terms->find(name);
  if (it == terms->end()) return name;
  return Say(locale, it->second.first, it->second.second);
}

}  // namespace

absl::StatusOr<OwnName> OwnNameOf(const Run& run) {
  const std::string& named = run.settings.account;
  const size_t slash = named.find('/');
  OwnName name;
  name.account = slash == std::string::npos ? named : named.substr(slash + 1);
  if (named.empty() || named == kUsual) {
    return UsageError(
        run.Say("请用 --account 指明账号", "name the account by --account"));
  }
  if (slash != std::string::npos) {
    name.agency = named.substr(0, slash);
    return name;
  }
  ASSIGN_OR_RETURN(name.agency, NeedAgency(run.settings));
  return name;
}

std::string ShanghaiMinute(absl::Time time) {
  // No summer time since 1991.
  return absl::FormatTime("%Y-%m-%d %H:%M", time,
                          absl::FixedTimeZone(8 * 60 * 60));
}

std::string ShanghaiMinute(const std::string& instant) {
  const auto time = ParseInstant(instant);
  return time.ok() ? ShanghaiMinute(*time) : "";
}

std::string GrantText(const v1::Grant& grant, Locale locale) {
  const std::string role = TermOf(grant.role(), locale);
  if (grant.department().empty()) return role;
  return absl::StrCat(role, Say(locale, "（", " ("), grant.department(),
                      Say(locale, "）", ")"));
}

void PrintWhoAmI(const Run& run, const v1::WhoAmIResponse& who) {
  const Locale locale = run.settings.locale;
  Lines lines(run);
  lines.Add("账号", "account", who.agency() + "/" + who.account());
  lines.Add("类别", "kind", TermOf(who.kind(), locale));
  lines.Add("自然人", "person", who.person());
  lines.Add("角色", "roles", GrantsText(who.grants(), locale));
  for (const v1::HeldDelegation& held : who.delegations()) {
    lines.Add("代理", "deputises",
              absl::StrCat("#", held.seq(), "  ",
                           DelegationText(held.delegation(), locale)));
  }
  lines.Add("登录方式", "signed in by", who.sign_in());
  lines.Add("会话至", "session until",
            ShanghaiMinute(who.session_expires_time()));
  if (who.must_change_password()) {
    lines.Add("口令", "password",
              run.Say("已过期，请更换：gongkai password",
                      "over; set another one: gongkai password"));
  }
}

void PrintAccount(const Run& run, const v1::Account& account) {
  if (run.settings.output == Output::kJson) {
    PrintJson(run.out, account);
    return;
  }
  const Locale locale = run.settings.locale;
  Lines lines(run);
  lines.Add("账号", "account", account.agency() + "/" + account.account());
  lines.Add("类别", "kind", TermOf(account.kind(), locale));
  lines.Add("姓名", "name", account.display_name());
  lines.Add("自然人", "person", account.person());
  lines.Add("状态", "state", StateText(account, locale));
  lines.Add("角色", "roles", GrantsText(account.grants(), locale));
  for (const v1::PendingGrant& pending : account.proposed()) {
    lines.Add("待确认", "proposed",
              absl::StrCat("#", pending.proposal(), "  ",
                           GrantText(pending.grant(), locale),
                           run.Say("，提议人 ", ", by "), pending.proposer()));
  }
  for (const v1::Delegation& delegation : account.delegations()) {
    lines.Add("代理", "deputises", DelegationText(delegation, locale));
  }
  for (const std::string& certificate : account.certificates()) {
    lines.Add("证书", "certificate", certificate);
  }
  if (account.linked()) {
    lines.Add("统一身份", "provider", run.Say("已关联", "linked"));
  }
  lines.Add("上次登录", "last sign-in",
            ShanghaiMinute(account.last_sign_in_time()));
  lines.Add("版本", "version", absl::StrCat(account.version()));
}

void PrintAccountHistory(const Run& run,
                         const v1::GetAccountResponse& response) {
  const Locale locale = run.settings.locale;
  Table table({run.Say("序", "seq"), run.Say("记录时间", "recorded"),
               run.Say("身份", "capacity"), run.Say("账号", "by"),
               run.Say("散列", "hash"), run.Say("事实", "fact")});
  for (const v1::RecordedEvent& event : response.history()) {
    const auto* reflection = event.event().GetReflection();
    const auto* field = reflection->GetOneofFieldDescriptor(
        event.event(), v1::Event::descriptor()->FindOneofByName("body"));
    if (field == nullptr) continue;
    table.Add(
        {absl::StrCat(event.seq()), ShanghaiMinute(event.recorded_time()),
         TermOf(event.actor().capacity(), locale), event.actor().account(),
         event.hash().substr(0, 8),
         absl::StrCat(
             EventTerm(field->name(), locale), "  ",
             Summary(reflection->GetMessage(event.event(), field), locale))});
  }
  run.out << '\n';
  table.Print(run.out, 100);
}

void PrintAccounts(const Run& run, const v1::ListAccountsResponse& response) {
  if (run.settings.output == Output::kJson) {
    PrintJson(run.out, response);
    return;
  }
  const Locale locale = run.settings.locale;
  Table table({run.Say("账号", "account"), run.Say("类别", "kind"),
               run.Say("姓名", "name"), run.Say("状态", "state"),
               run.Say("上次登录", "last sign-in"), run.Say("角色", "roles"),
               run.Say("待确认", "proposed")});
  for (const v1::Account& account : response.accounts()) {
    std::vector<std::string> pending;
    for (const v1::PendingGrant& one : account.proposed()) {
      pending.push_back(absl::StrCat("#", one.proposal(), " ",
                                     GrantText(one.grant(), locale)));
    }
    table.Add({account.account(), TermOf(account.kind(), locale),
               account.display_name(), StateText(account, locale),
               ShanghaiMinute(account.last_sign_in_time()),
               GrantsText(account.grants(), locale),
               absl::StrJoin(pending, run.Say("、", ", "))});
  }
  table.Print(run.out);
  if (response.more() && response.accounts_size() > 0) {
    run.out << run.Say("还有：--after ", "more: --after ")
            << response.accounts().rbegin()->account() << '\n';
  }
}

void PrintTerms(const Run& run, const v1::AgencyTermsResponse& response) {
  if (run.settings.output == Output::kJson) {
    PrintJson(run.out, response);
    return;
  }
  const v1::AgencyTerms& terms = response.terms();
  const Locale locale = run.settings.locale;
  const auto days = [&](int n) {
    return n == 0 ? run.Say("按规则", "the rulebook's") : absl::StrCat(n);
  };
  Lines lines(run);
  lines.Add("名称", "name", terms.name());
  lines.Add("复议机关", "review organ", terms.review_organ());
  lines.Add("法院", "court", terms.court());
  lines.Add("补正工作日", "correction", days(terms.correction_days()));
  lines.Add("登记日", "registration", days(terms.registration_days()));
  lines.Add("他机关意见", "other agencies",
            days(terms.other_agency_cap_days()));
  lines.Add("预警工作日", "warning days",
            absl::StrCat(terms.warning_days() == 0 ? 3 : terms.warning_days()));
  lines.Add("紧急工作日", "urgent days",
            absl::StrCat(terms.urgent_days() == 0 ? 1 : terms.urgent_days()));
  lines.Add("催办时间", "reminders from",
            terms.reminder_time().empty() ? "08:30" : terms.reminder_time());
  lines.Add("邮件域名", "mail domain", terms.mail_domain());
  lines.Add("上级机关", "superior", terms.superior());
  for (const v1::ReminderRule& rule : terms.reminder_rules()) {
    lines.Add("催办", "reminder", RuleText(rule, locale));
  }
  if (terms.county()) {
    lines.Add("县级", "county", run.Say("是", "yes"));
  }
  for (const v1::RetentionRow& row : terms.retention_table()) {
    lines.Add("保管期限", "retention",
              absl::StrCat(TermOf(row.outcome(), locale), "  ",
                           TermOf(row.retention(), locale)));
  }
  lines.Add("版本", "version", absl::StrCat(response.version()));
}

}  // namespace gongkai::cli
