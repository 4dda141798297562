// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_TESTS_TRANSPORT_TLS_HOUSE_H_
#define GONGKAI_TESTS_TRANSPORT_TLS_HOUSE_H_

#include <memory>
#include <string>

#include "grpcpp/grpcpp.h"
#include "services/server/service.h"
#include "tests/accounts/account_house.h"
#include "tests/transport/certificates.h"

namespace gongkai::test {

// A folder of one test; gone with it.
class Folder {
 public:
  Folder();
  ~Folder();
  std::string Path(const std::string& name) const { return path_ + "/" + name; }
  // Puts a file there, whole, and its owner's alone unless told.
  std::string Put(const std::string& name, const std::string& text,
                  unsigned mode = 0600) const;

 private:
  std::string path_;
};

// Two servers over one database: one on loopback without TLS, where accounts
// are made, and one with TLS that asks clients for certificates.
class TlsHouse {
 public:
  TlsHouse();

  AccountHouse& home() { return home_; }
  server::Service& service() { return *service_; }
  Folder& folder() { return folder_; }
  Authority& authority() { return authority_; }
  // What the service trusts clients by.
  Authority& client_authority() { return client_authority_; }

  // A channel that trusts the authority; with a certificate of the client's.
  std::shared_ptr<grpc::Channel> Channel(const Issued* client = nullptr,
                                         int port = 0);
  std::shared_ptr<grpc::Channel> Plain(int port = 0);

  // A service account with the role and the certificate.
  void AddService(const Person& keeper, const std::string& name, v1::Role role,
                  const std::string& fingerprint);
  std::string Revoke(const Person& keeper, const std::string& name,
                     const std::string& fingerprint);

 private:
  AccountHouse home_;
  Folder folder_;
  Authority authority_{"authority of the service"};
  Authority client_authority_{"authority of the clients"};
  std::unique_ptr<server::Service> service_;
};

// The outcome of a list of cases over a channel; `token` may be empty.
std::string ListOver(const std::shared_ptr<grpc::Channel>& channel,
                     const std::string& token);
// UNAVAILABLE in words when no connection comes about.
std::string ReasonOrCode(const grpc::Status& status);

}  // namespace gongkai::test

#endif  // GONGKAI_TESTS_TRANSPORT_TLS_HOUSE_H_
