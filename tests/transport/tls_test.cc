// SPDX-License-Identifier: Apache-2.0
// What protects calls on the wire, and who is known by a certificate.

#include <openssl/ssl.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/transport/relay.h"
#include "tests/transport/tls_house.h"

namespace gongkai::test {
namespace {

using testing::HasSubstr;
using testing::Not;

class Tls : public ::testing::Test {
 protected:
  Tls() {
    sec_ = house_.home().Staff("sec", {v1::ROLE_SECURITY_ADMIN});
    li_ = house_.home().Staff("li", {v1::ROLE_HANDLER});
  }
  // What a program may do: hands in an application.
  std::string ReceiveOver(const std::shared_ptr<grpc::Channel>& channel) {
    grpc::ClientContext context;
    context.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(10)));
    v1::ReceiveApplicationResponse response;
    return ReasonOrCode(v1::CaseService::NewStub(channel)->ReceiveApplication(
        &context, house_.home().test().Application("申请公开清单。"),
        &response));
  }
  TlsHouse house_;
  Person sec_;
  Person li_;
};

TEST_F(Tls, PlaintextIsRefused) {
  EXPECT_EQ(ListOver(house_.Plain(), li_.token), "UNAVAILABLE");
  EXPECT_EQ(ListOver(house_.Plain(house_.service().admin_port()), li_.token),
            "UNAVAILABLE");
  EXPECT_EQ(ListOver(house_.Channel(), li_.token), "OK");
}

TEST_F(Tls, ATokenNeedsNoCertificate) {
  const auto channel = house_.Channel();
  EXPECT_EQ(ListOver(channel, li_.token), "OK");
  EXPECT_EQ(ListOver(channel, ""), "NOT_IDENTIFIED");
  EXPECT_EQ(ListOver(channel, li_.refresh), "NOT_IDENTIFIED");
}

TEST_F(Tls, AProgramIsKnownByItsCertificateUntilItIsRevoked) {
  const Issued robot = house_.client_authority().Issue("robot");
  const auto channel = house_.Channel(&robot);
  // Vouched for, but nobody's.
  EXPECT_EQ(ListOver(channel, ""), "NOT_IDENTIFIED");
  house_.AddService(sec_, "robot", v1::ROLE_PORTAL, robot.fingerprint);
  EXPECT_EQ(ReceiveOver(channel), "OK");
  const Issued twin = house_.client_authority().Issue("robot");
  EXPECT_EQ(ListOver(house_.Channel(&twin), ""), "NOT_IDENTIFIED");
  // Revoked at the other server, over a connection that is open.
  ASSERT_EQ(house_.Revoke(sec_, "robot", robot.fingerprint), "OK");
  const std::string after = ReceiveOver(channel);
  EXPECT_TRUE(after == "NOT_IDENTIFIED" || after == "SESSION_OVER") << after;
  EXPECT_EQ(ListOver(house_.Channel(&robot), ""), "NOT_IDENTIFIED");
}

TEST_F(Tls, ACertificateOfAnotherAuthorityMakesNoConnection) {
  Authority stranger("authority of the clients");
  const Issued forged = stranger.Issue("robot");
  house_.AddService(sec_, "robot", v1::ROLE_PORTAL, forged.fingerprint);
  EXPECT_EQ(ListOver(house_.Channel(&forged), ""), "UNAVAILABLE");
  EXPECT_EQ(ListOver(house_.Channel(&forged), li_.token), "UNAVAILABLE");
  const Issued over = house_.client_authority().Issue("robot", -1);
  EXPECT_EQ(ListOver(house_.Channel(&over), ""), "UNAVAILABLE");
}

TEST_F(Tls, OldVersionsOfTlsAreRefused) {
  for (const int version : {TLS1_VERSION, TLS1_1_VERSION, TLS1_2_VERSION}) {
    SSL_CTX* context = SSL_CTX_new(TLS_client_method());
    SSL_CTX_set_min_proto_version(context, version);
    SSL_CTX_set_max_proto_version(context, version);
    SSL_CTX_set_cipher_list(context, "ALL:@SECLEVEL=0");
    static const unsigned char kHttp2[] = "\x02h2";
    SSL_CTX_set_alpn_protos(context, kHttp2, 3);
    BIO* bio = BIO_new_ssl_connect(context);
    BIO_set_conn_hostname(
        bio, absl::StrCat("127.0.0.1:", house_.service().port()).c_str());
    EXPECT_EQ(BIO_do_handshake(bio) == 1, version == TLS1_2_VERSION) << version;
    BIO_free_all(bio);
    SSL_CTX_free(context);
  }
}

// DB-03: what a listener on the wire hears of signing in and of work.
TEST_F(Tls, AListenerOnTheWireHearsNoSecret) {
  const std::string content = "申请公开金丝雀清单";
  const auto speak = [&](const std::shared_ptr<grpc::Channel>& channel) {
    const auto accounts = v1::AccountService::NewStub(channel);
    grpc::ClientContext sign_in;
    v1::SignInRequest request;
    request.set_agency(li_.agency);
    request.set_account(li_.name);
    request.set_password(li_.password);
    request.set_second_factor(house_.home().Totp(li_));
    v1::SignInResponse session;
    EXPECT_EQ(ReasonOrCode(accounts->SignIn(&sign_in, request, &session)),
              "OK");
    grpc::ClientContext receive;
    receive.AddMetadata("authorization", "Bearer " + session.access_token());
    v1::ReceiveApplicationResponse received;
    EXPECT_EQ(
        ReasonOrCode(v1::CaseService::NewStub(channel)->ReceiveApplication(
            &receive, house_.home().test().Application(content), &received)),
        "OK");
    return std::vector<std::string>{li_.password, session.access_token(),
                                    session.refresh_token(), content,
                                    li_.name + "\x1a"};
  };
  Relay covered(house_.service().port());
  const auto secrets = speak(house_.Channel(nullptr, covered.port()));
  const std::string heard = covered.Heard();
  EXPECT_GT(heard.size(), 2000u);
  for (const std::string& secret : secrets) {
    EXPECT_THAT(heard, Not(HasSubstr(secret)));
  }
  // The same ear hears all of it where there is no TLS.
  Relay open(house_.home().test().service().port());
  const auto spoken = speak(house_.Plain(open.port()));
  const std::string overheard = open.Heard();
  EXPECT_THAT(overheard, HasSubstr(spoken[0]));
  EXPECT_THAT(overheard, HasSubstr(spoken[2]));
  EXPECT_THAT(overheard, HasSubstr(spoken[3]));
}

// The serial of what the service shows now.
std::string Shown(TlsHouse& house) {
  SSL_CTX* context = SSL_CTX_new(TLS_client_method());
  static const unsigned char kHttp2[] = "\x02h2";
  SSL_CTX_set_alpn_protos(context, kHttp2, 3);
  BIO* bio = BIO_new_ssl_connect(context);
  BIO_set_conn_hostname(
      bio, absl::StrCat("127.0.0.1:", house.service().port()).c_str());
  std::string name;
  if (BIO_do_handshake(bio) == 1) {
    SSL* ssl = nullptr;
    BIO_get_ssl(bio, &ssl);
    X509* peer = SSL_get1_peer_certificate(ssl);
    char buffer[256] = "";
    X509_NAME_get_text_by_NID(X509_get_subject_name(peer), NID_commonName,
                              buffer, sizeof buffer);
    name = buffer;
    X509_free(peer);
  }
  BIO_free_all(bio);
  SSL_CTX_free(context);
  return name;
}

bool Eventually(const std::function<bool()>& holds) {
  const absl::Time end = absl::Now() + absl::Seconds(20);
  while (!holds()) {
    if (absl::Now() > end) return false;
    absl::SleepFor(absl::Milliseconds(50));
  }
  return true;
}

TEST_F(Tls, ANewCertificateIsServedWithoutARestart) {
  ASSERT_EQ(Shown(house_), "gongkai");
  const auto before = house_.Channel();
  ASSERT_EQ(ListOver(before, li_.token), "OK");
  // One file alone, as a careless renewal leaves them: the old goes on.
  const Issued next = house_.authority().Issue("gongkai next");
  house_.folder().Put("cert.pem", next.certificate);
  absl::SleepFor(absl::Milliseconds(1700));
  EXPECT_EQ(Shown(house_), "gongkai");
  EXPECT_EQ(ListOver(house_.Channel(), li_.token), "OK");
  house_.folder().Put("key.pem", next.key);
  EXPECT_TRUE(Eventually([&] { return Shown(house_) == "gongkai next"; }));
  EXPECT_EQ(ListOver(house_.Channel(), li_.token), "OK");
  // Who was connected stays so.
  EXPECT_EQ(ListOver(before, li_.token), "OK");
  // Rubbish, or nothing at all, changes nothing.
  house_.folder().Put("key.pem", "-----BEGIN PRIVATE KEY-----\nrubbish\n");
  unlink(house_.folder().Path("cert.pem").c_str());
  absl::SleepFor(absl::Milliseconds(1700));
  EXPECT_EQ(Shown(house_), "gongkai next");
}

TEST_F(Tls, AnAuthorityOfClientsThatIsTakenAwayVouchesNoMore) {
  const Issued robot = house_.client_authority().Issue("robot");
  house_.AddService(sec_, "robot", v1::ROLE_PORTAL, robot.fingerprint);
  ASSERT_EQ(ReceiveOver(house_.Channel(&robot)), "OK");
  Authority other("another authority");
  house_.folder().Put("clients.pem", other.certificate());
  EXPECT_TRUE(Eventually(
      [&] { return ListOver(house_.Channel(&robot), "") == "UNAVAILABLE"; }));
  EXPECT_EQ(ListOver(house_.Channel(), li_.token), "OK");
}

}  // namespace
}  // namespace gongkai::test
