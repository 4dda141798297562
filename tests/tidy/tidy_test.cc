// SPDX-License-Identifier: Apache-2.0
// The rules of the house that a reader can see and a compiler cannot, each
// held against the sources as they are. self_test.cc shows that each can fail.

#include <cstdlib>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gongkai/v1/act.pb.h"
#include "gongkai/v1/event.pb.h"
#include "gongkai/v1/matter.pb.h"
#include "gongkai/v1/person.pb.h"
#include "gtest/gtest.h"
#include "tests/tidy/includes.h"
#include "tests/tidy/proto_rules.h"
#include "tests/tidy/source.h"
#include "tests/tidy/text_rules.h"

namespace gongkai::tidy {
namespace {

const std::vector<Source>& Tree() {
  static const auto* const tree = [] {
    const char* root = std::getenv("GONGKAI_SOURCE_DIR");
    return new std::vector<Source>(ReadTree(root == nullptr ? "." : root));
  }();
  return *tree;
}

// One finding a line, so that an editor can jump to each.
std::string Listed(const Findings& findings) {
  std::string text;
  for (const std::string& finding : findings) text += finding + "\n";
  return text;
}

TEST(Tidy, TheTreeIsThere) {
  std::vector<std::string> paths;
  for (const Source& source : Tree()) paths.push_back(source.path);
  EXPECT_THAT(paths, testing::IsSupersetOf({"CMakeLists.txt", "ops/up",
                                            "proto/gongkai/v1/act.proto",
                                            "services/law/limits.h"}));
}

TEST(Tidy, RoomsIncludeOnlyWhatTheyMay) {
  EXPECT_EQ(Listed(CheckIncludes(Tree())), "");
}

TEST(Tidy, EveryFileNamesItsLicence) {
  EXPECT_EQ(Listed(CheckLicence(Tree())), "");
}

TEST(Tidy, FilesAreShort) { EXPECT_EQ(Listed(CheckLength(Tree())), ""); }

TEST(Tidy, LinesAreShort) { EXPECT_EQ(Listed(CheckColumns(Tree())), ""); }

TEST(Tidy, NothingIsLeftForLaterOrTiedToOneMachine) {
  EXPECT_EQ(Listed(CheckWords(Tree())), "");
}

TEST(Tidy, SqlIsWrittenInStorageAlone) {
  EXPECT_EQ(Listed(CheckSql(Tree())), "");
}

TEST(Tidy, ExceptionsEndInTheSession) {
  EXPECT_EQ(Listed(CheckCatch(Tree())), "");
}

TEST(Tidy, LawAndCaseAskNoClock) { EXPECT_EQ(Listed(CheckPurity(Tree())), ""); }

TEST(Tidy, NamedDocumentsExist) {
  EXPECT_EQ(Listed(CheckDocuments(Tree())), "");
}

TEST(Tidy, TestsNamedForControlsExist) {
  EXPECT_EQ(Listed(CheckNamedTests(Tree())), "");
}

TEST(Tidy, NoWeakAlgorithmIsNamed) {
  EXPECT_EQ(Listed(CheckAlgorithms(Tree())), "");
}

TEST(Tidy, EveryFolderSaysWhatLivesThere) {
  EXPECT_EQ(Listed(CheckReadmes(Tree())), "");
}

TEST(Tidy, TheContractIsDocumented) {
  EXPECT_EQ(Listed(CheckContractComments(Tree())), "");
}

TEST(Tidy, EveryStringHasAFormOrIsPersonal) {
  for (const google::protobuf::Descriptor* message :
       {v1::Person::descriptor(), v1::Application::descriptor(),
        v1::Act::descriptor(), v1::Event::descriptor()}) {
    EXPECT_EQ(Listed(CheckPersonalStrings(*message->file())), "");
  }
}

TEST(Tidy, EveryActHasARowAndAProof) {
  EXPECT_EQ(Listed(CheckActsCovered(*v1::Act::descriptor(), Tree())), "");
}

TEST(Tidy, ActsAndEventsPairByNumber) {
  EXPECT_EQ(Listed(CheckActsMatchEvents(*v1::Act::descriptor(),
                                        *v1::Event::descriptor())),
            "");
}

}  // namespace
}  // namespace gongkai::tidy
