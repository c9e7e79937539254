#include "bill/entry_table.hpp"

#include <algorithm>

namespace openapi::bill {
namespace {

__extension__ using Wide = unsigned __int128;

/// A place has 32 bits.
constexpr std::size_t mostMemory = recordUnit << 32U;

}  // namespace

EntryTable::EntryTable(std::size_t memory) : memory_{std::min(memory, mostMemory)} {}

void EntryTable::clear() {
  ends_.clear();
  slots_.clear();
  count_ = 0;
  capacity_ = 0;
  linking_ = false;
}

EntryTable::Place EntryTable::store(const Entry& entry) {
  const std::size_t size = recordSize(entry);
  if (count_ == capacity_ && !growSlots()) return 0;
  if (!roomFor(size)) return 0;
  const std::size_t chunk = ends_.size() - 1;
  const std::size_t offset = ends_.back();
  writeRecord(entry, chunks_[chunk].get() + offset);
  ends_.back() += size;
  ++count_;
  return placeOf(chunk, offset);
}

/// By a half, but not beyond what the memory holds of entries like those that are there.
bool EntryTable::growSlots() {
  constexpr std::size_t fewest = 1024;
  const std::size_t perEntry = count_ == 0 ? 0 : ends_.size() * chunkSize / count_;
  const std::size_t most = count_ == 0 ? fewest : memory_ / (perEntry + slotBytes(1));
  const std::size_t wanted = std::min(std::max(count_ + count_ / 2, fewest), most);
  if (wanted <= count_ || ends_.size() * chunkSize + slotBytes(wanted) > memory_) return false;
  capacity_ = wanted;
  if (linking_) relink();
  return true;
}

bool EntryTable::roomFor(std::size_t size) {
  if (!ends_.empty() && ends_.back() + size <= chunkSize) return true;
  if ((ends_.size() + 1) * chunkSize + slotBytes(capacity_) > memory_) return false;
  if (chunks_.size() == ends_.size()) chunks_.push_back(std::make_unique_for_overwrite<char[]>(chunkSize));
  ends_.push_back(0);
  return true;
}

void EntryTable::startLinking(std::size_t expected) {
  const std::size_t used = ends_.size() * chunkSize;
  if (expected > capacity_ && used + slotBytes(expected) <= memory_ / 2) capacity_ = expected;
  linking_ = true;
  slots_.assign(slotBytes(capacity_) / sizeof(Slot), Slot{});
}

void EntryTable::relink() {
  slots_ = {};  // before the larger one is there
  slots_.assign(slotBytes(capacity_) / sizeof(Slot), Slot{});
  forEach([this](Place place, const Entry& entry) {
    if (!entry.dropped) put(entry.hash, place);
  });
}

std::size_t EntryTable::home(std::uint64_t hash) const { return static_cast<std::size_t>(Wide{hash} * slots_.size() >> 64U); }

void EntryTable::put(std::uint64_t hash, Place place) {
  std::size_t at = home(hash);
  while (slots_[at].place != 0) at = at + 1 == slots_.size() ? 0 : at + 1;
  slots_[at] = {static_cast<std::uint32_t>(hash), place};
}

void EntryTable::link(Place place) { put(readRecord(record(place)).hash, place); }

EntryTable::Place EntryTable::find(const Entry& entry) const {
  const auto tag = static_cast<std::uint32_t>(entry.hash);
  for (std::size_t at = home(entry.hash); slots_[at].place != 0; at = at + 1 == slots_.size() ? 0 : at + 1) {
    if (slots_[at].tag == tag && readRecord(record(slots_[at].place)).sameKey(entry)) return slots_[at].place;
  }
  return 0;
}

}  // namespace openapi::bill
