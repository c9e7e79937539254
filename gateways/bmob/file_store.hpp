#pragma once

#include <gateways/temporary_folder.hpp>

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace openapi::gateway::bmob {

/// The bytes of files on disk, each under a name of 32 hex digits that no client chooses. A file is there whole or not at all.
class FileStore {
 public:
  /// An empty `folder`: a temporary one, made with the first file, that goes with the store.
  explicit FileStore(std::string folder) : folder_{std::move(folder)} {}

  /// Refuses with 150 when the disk does. Gone again with `rollBack`.
  void write(const std::string& name, std::string_view bytes);
  [[nodiscard]] std::optional<std::string> read(const std::string& name) const;
  /// Goes with `commit`: until the database has forgotten a file, it must be there.
  void remove(const std::string& name) { removed_.push_back(name); }
  /// To be called when the transaction of the request was written, or rolled back.
  void commit();
  void rollBack();
  /// Removes what is not in `names`: it was left by a process that was killed.
  void keepOnly(const std::set<std::string>& names) const;

 private:
  [[nodiscard]] std::string pathOf(const std::string& name) const { return folder_ + '/' + name; }

  void erase(const std::string& name) const;

  std::string folder_;
  std::vector<std::string> written_{};
  std::vector<std::string> removed_{};
  std::unique_ptr<TemporaryFolder> temporary_{};
};

}  // namespace openapi::gateway::bmob
