#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "bill/entry.hpp"

namespace openapi::bill {

/// Entries in a bounded amount of memory, found by their keys.
class EntryTable {
 public:
  /// Where an entry is; 0 is nowhere. Stays valid until `clear`.
  using Place = std::uint32_t;

  /// `memory`: bytes of all that it holds.
  explicit EntryTable(std::size_t memory);

  void clear();
  [[nodiscard]] bool empty() const { return count_ == 0; }

  /// Keeps the entry. Returns 0 when there is no room for it, and to find all of them.
  [[nodiscard]] Place store(const Entry& entry);
  [[nodiscard]] char* record(Place place) const {
    return chunks_[(place - 1) / unitsInChunk].get() + (place - 1) % unitsInChunk * recordUnit;
  }

  /// From now on entries can be linked, so that they are found by their keys. `expected`: how many there may be.
  void startLinking(std::size_t expected);
  void link(Place place);
  /// The linked entry with the same key, or 0.
  [[nodiscard]] Place find(const Entry& entry) const;

  /// Every entry in the order in which they were stored.
  template <class Visit>
  void forEach(Visit visit) const {
    for (std::size_t chunk = 0; chunk < ends_.size(); ++chunk) {
      for (std::size_t offset = 0; offset < ends_[chunk];) {
        const Entry entry = readRecord(chunks_[chunk].get() + offset);
        visit(placeOf(chunk, offset), entry);
        offset += recordSize(entry);
      }
    }
  }

 private:
  /// 0 in `place` for a free one.
  struct Slot {
    std::uint32_t tag = 0;
    Place place = 0;
  };
  static constexpr std::size_t chunkSize = 64UL * 1024;
  static constexpr std::size_t unitsInChunk = chunkSize / recordUnit;

  static Place placeOf(std::size_t chunk, std::size_t offset) {
    return static_cast<Place>(chunk * unitsInChunk + offset / recordUnit + 1);
  }
  static std::size_t slotBytes(std::size_t entries) { return (entries + entries / 2 + 1) * sizeof(Slot); }
  [[nodiscard]] std::size_t home(std::uint64_t hash) const;
  [[nodiscard]] bool growSlots();
  [[nodiscard]] bool roomFor(std::size_t size);
  void put(std::uint64_t hash, Place place);
  void relink();

  std::size_t memory_;
  std::vector<std::unique_ptr<char[]>> chunks_{};  ///< kept when the table is cleared
  std::vector<std::size_t> ends_{};                ///< bytes used of the chunks in use
  std::size_t count_ = 0;
  std::size_t capacity_ = 0;  ///< entries for which the slots are enough
  bool linking_ = false;
  std::vector<Slot> slots_{};
};

}  // namespace openapi::bill
