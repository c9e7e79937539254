#include <cli/bill_formats.hpp>

#include <openapi/error.hpp>
#include <openapi/json.hpp>

#include <cli/files.hpp>
#include <cli/printable.hpp>

#include <algorithm>
#include <array>
#include <optional>

namespace openapi::cli {
namespace {

/// Collects what is written, so that it is written in large pieces.
class Output {
 public:
  void add(std::string_view text) {
    buffer_ += text;
    if (buffer_.size() >= size) flush();
  }
  void flush() {
    writeOutput(buffer_);
    buffer_.clear();
  }

 private:
  static constexpr std::size_t size = 64UL * 1024;
  std::string buffer_;
};

// ---- jsonl

/// Amounts are fen; a charge, which has five decimals, and a rate are texts.
struct ToJson {
  Json operator()(std::monostate) const { return {}; }
  Json operator()(std::string_view text) const { return text; }
  Json operator()(Fen amount) const { return amount.count(); }
  Json operator()(bill::Fee amount) const { return amount.yuan(); }
  Json operator()(bill::Rate rate) const { return rate.percent(); }
  Json operator()(bill::Time time) const { return timeText(time); }
  Json operator()(std::int64_t number) const { return number; }
  Json operator()(std::uint64_t number) const { return static_cast<std::int64_t>(number); }
};

class JsonLines final : public RowFormat {
 public:
  explicit JsonLines(bool named) : named_{named} {}
  void begin(const bill::BillHeader&, std::string_view file) override { file_ = file; }
  void row(std::span<const RowCell> cells, std::span<const bill::Cell> extra) override {
    Fields line;
    line.reserve(cells.size() + 2);
    if (named_) line.append("file", file_);
    for (const auto& cell : cells) {
      if (!isAbsent(cell.value)) line.append(std::string{cell.name}, std::visit(ToJson{}, cell.value));
    }
    Fields others;
    for (const auto& cell : extra) others.append(std::string{cell.name}, cell.value);
    if (!others.empty()) line.append("extra", std::move(others));
    output_.add(safeJson(Json{std::move(line)}.json()) + "\n");
  }
  void end() override { output_.flush(); }

 private:
  bool named_;
  std::string file_;
  Output output_;
};

// ---- CSV

/// What spreadsheets take for the beginning of a formula, full-width forms too.
bool looksLikeFormula(std::string_view text) {
  constexpr std::array<std::string_view, 11> beginnings{"=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"};
  return std::any_of(beginnings.begin(), beginnings.end(), [&](std::string_view begin) { return text.starts_with(begin); });
}

std::string quoted(std::string text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  for (std::size_t at = 0; (at = text.find('"', at)) != std::string::npos; at += 2) text.insert(at, 1, '"');
  return '"' + text + '"';
}

class Csv final : public RowFormat {
 public:
  void begin(const bill::BillHeader& header, std::string_view file) override {
    const bool other = header_ && (header_->kind != header.kind || header_->platform != header.platform);
    if (other) {
      throw Error{Errc::invalidArgument, std::string{file} + ": a bill of another kind, which has other columns; show it alone"};
    }
    header_ = header;
  }
  void row(std::span<const RowCell> cells, std::span<const bill::Cell> extra) override {
    if (extra_ == none) writeNames(cells, extra);
    if (extra.size() != extra_) throw Error{Errc::invalidArgument, "the bills have different columns; show each alone"};
    std::string line;
    for (const auto& cell : cells) {
      if (isMemberOf(*header_, cell.name)) append(line, csvCell(cell.value));
    }
    for (const auto& cell : extra) append(line, csvCell(cell.value));
    write(line);
  }
  void end() override {
    if (header_ && extra_ == none) writeNames(namesOnly(), {});
    output_.flush();
  }

 private:
  static constexpr auto none = static_cast<std::size_t>(-1);

  static void append(std::string& line, const std::string& cell) {
    if (!line.empty()) line += ',';
    line += cell;
  }
  /// For a bill without rows.
  std::vector<RowCell> namesOnly() const {
    std::vector<RowCell> cells;
    switch (header_->kind) {
      case bill::BillKind::trade:
        takeCells(bill::TradeRow{}, cells);
        break;
      case bill::BillKind::flow:
        takeCells(bill::FlowRow{}, cells);
        break;
      default:
        takeCells(bill::TotalRow{}, cells);
    }
    return cells;
  }

  void writeNames(std::span<const RowCell> cells, std::span<const bill::Cell> extra) {
    extra_ = extra.size();
    std::string line;
    for (const auto& cell : cells) {
      if (isMemberOf(*header_, cell.name)) append(line, std::string{cell.name});
    }
    for (const auto& cell : extra) append(line, csvCell(cell.name));
    write(line);
  }
  void write(const std::string& line) { output_.add((terminal_ ? printable(line) : line) + "\r\n"); }

  bool terminal_ = standardOutputIsTerminal();
  std::optional<bill::BillHeader> header_;
  std::size_t extra_ = none;
  Output output_;
};

// ---- table

/// The first rows decide how wide the columns are. Later ones may be wider: only texts that strangers wrote are shortened.
class Table final : public RowFormat {
 public:
  explicit Table(bool named) : named_{named} {}

  void begin(const bill::BillHeader& header, std::string_view file) override {
    members_ = tableMembers(header);
    widths_.assign(members_.size(), 0);
    lines_.clear();
    decided_ = false;
    lines_.push_back({members_.begin(), members_.end()});
    if (named_) output_.add((first_ ? "" : "\n") + printable(file) + ":\n");
    first_ = false;
  }
  void row(std::span<const RowCell> cells, std::span<const bill::Cell>) override {
    std::vector<std::string> line;
    for (const auto name : members_) line.push_back(textOf(cells, name));
    if (decided_) return writeLine(line);
    lines_.push_back(std::move(line));
    if (lines_.size() > sample) decide();
  }
  void end() override {
    decide();
    output_.flush();
  }

 private:
  static constexpr std::size_t sample = 100;
  static constexpr std::size_t mostTextColumns = 24;

  static bool isNumber(std::string_view name) {
    return name.ends_with("Fee") || name == "fee" || name.ends_with("mount") || name == "balance" || name.ends_with("Count") ||
           name == "income" || name == "expense";
  }
  static bool isFreeText(std::string_view name) { return name == "body" || name == "remark" || name == "storeName"; }

  static std::string textOf(std::span<const RowCell> cells, std::string_view name) {
    const auto found = std::find_if(cells.begin(), cells.end(), [&](const auto& cell) { return cell.name == name; });
    auto text = printable(cellText(found->value));
    return isFreeText(name) ? clipped(text, mostTextColumns) : text;
  }
  void decide() {
    if (decided_) return;
    decided_ = true;
    for (const auto& line : lines_) {
      for (std::size_t at = 0; at < line.size(); ++at) widths_[at] = std::max(widths_[at], columnsOf(line[at]));
    }
    for (const auto& line : lines_) writeLine(line);
    lines_.clear();
  }
  void writeLine(const std::vector<std::string>& line) {
    std::string text;
    for (std::size_t at = 0; at < line.size(); ++at) {
      const std::string blanks(widths_[at] - std::min(widths_[at], columnsOf(line[at])), ' ');
      text += isNumber(members_[at]) ? blanks + line[at] : line[at] + blanks;
      text += "  ";
    }
    text.erase(text.find_last_not_of(' ') + 1);
    output_.add(text + "\n");
  }

  bool named_;
  bool first_ = true;
  bool decided_ = false;
  std::vector<std::string_view> members_;
  std::vector<std::size_t> widths_;
  std::vector<std::vector<std::string>> lines_;
  Output output_;
};

}  // namespace

std::string csvCell(const CellValue& value) {
  auto text = cellText(value);
  const bool written = std::holds_alternative<std::string_view>(value);
  return quoted(written && looksLikeFormula(text) ? "'" + text : std::move(text));
}

std::string safeJson(std::string json) { return isPrintable(json) ? json : withJsonEscapes(json); }

std::unique_ptr<RowFormat> makeRowFormat(std::string_view name, bool named) {
  if (name == "table") return std::make_unique<Table>(named);
  if (name == "csv") return std::make_unique<Csv>();
  if (name == "jsonl") return std::make_unique<JsonLines>(named);
  return nullptr;
}

}  // namespace openapi::cli
