// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/usage.h"

#include <dirent.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>

namespace gongkai::bench {
namespace {

// What one line of /proc/PID/stat says, in clock ticks.
struct Stat {
  pid_t parent = 0;
  double own = 0;
  double children = 0;  // that have ended and been waited for
};

bool ReadStat(pid_t pid, Stat& stat) {
  std::ifstream in("/proc/" + std::to_string(pid) + "/stat");
  std::string line;
  if (!std::getline(in, line)) return false;
  // The name may hold blanks; fields are counted from behind it.
  std::istringstream fields(line.substr(line.rfind(')') + 1));
  std::string state, skipped;
  fields >> state >> stat.parent;
  for (int i = 0; i < 9; ++i) fields >> skipped;
  double user = 0, system = 0, child_user = 0, child_system = 0;
  fields >> user >> system >> child_user >> child_system;
  stat.own = user + system;
  stat.children = child_user + child_system;
  return !fields.fail();
}

double TreeTicks(pid_t root) {
  Stat stat;
  if (!ReadStat(root, stat)) return 0;
  double ticks = stat.own + stat.children;
  DIR* proc = opendir("/proc");
  if (proc == nullptr) return ticks;
  while (const dirent* entry = readdir(proc)) {
    const pid_t pid = static_cast<pid_t>(std::atoi(entry->d_name));
    if (pid > 0 && ReadStat(pid, stat) && stat.parent == root) {
      ticks += stat.own;
    }
  }
  closedir(proc);
  return ticks;
}

double OwnTicks(pid_t pid) {
  Stat stat;
  return pid > 0 && ReadStat(pid, stat) ? stat.own : 0;
}

}  // namespace

Usage operator-(const Usage& a, const Usage& b) {
  return {a.client - b.client, a.server - b.server, a.database - b.database};
}

Usage ReadUsage(pid_t client, pid_t server, pid_t postmaster) {
  const double per_second = static_cast<double>(sysconf(_SC_CLK_TCK));
  return {OwnTicks(client) / per_second, OwnTicks(server) / per_second,
          postmaster > 0 ? TreeTicks(postmaster) / per_second : 0};
}

}  // namespace gongkai::bench
