#include "page.hpp"

#include <array>
#include <cctype>

namespace reference {

using openapi::cli::MemberShape;
using openapi::cli::Method;
using openapi::cli::ProviderEntry;
using openapi::cli::Shape;

namespace {

constexpr std::array<std::array<std::string_view, 3>, 9> types{{
    {"text", "a JSON string", "字符串"},
    {"fen", "an amount: a whole number of fen", "金额：整数，单位为分"},
    {"integer", "a whole number of 64 bits", "64 位整数"},
    {"number", "a number that may have a fraction", "可带小数的数字"},
    {"boolean", "`true` or `false`", "`true` 或 `false`"},
    {"bytes", "`{\"$base64\":\"…\"}`", "`{\"$base64\":\"…\"}`"},
    {"object", "an object with the members below it", "对象，成员见其后各行"},
    {"list", "a list; `[]` stands for each element", "列表，`[]` 表示每个元素"},
    {"json", "any JSON value", "任意 JSON"},
}};

constexpr std::string_view englishIntro =
    "# Reference\n\n[中文](reference.zh.md). Every method with its inputs, outputs and error codes, under the names that C++ "
    "and\n"
    "`openapi call` share, but two: of `Bmob`, `user.register` is `user.registerUser` in C++, and `query.…` is `rows.…`, or a "
    "method\n"
    "of `query(table)`. `./dev reference` makes this page from the described structs; edit the comments in the headers and\n"
    "`tools/reference/*.tsv` instead.\n\n";
constexpr std::string_view chineseIntro =
    "# 参考\n\n[English](reference.md)。所有方法的入参、返回值和错误码，C++ 与 `openapi call` 使用相同的名称，只有两处例外：\n"
    "`Bmob` 的 `user.register` 在 C++ 中是 `user.registerUser`，`query.…` 是 `rows.…` 或 `query(table)` 的方法。\n"
    "本页由 `./dev reference` 根据结构体描述生成；请修改头文件中的注释和 `tools/reference/*.tsv`。\n\n";

class Writer {
 public:
  Writer(Texts& texts, Language language) : texts_{texts}, chinese_{language == Language::chinese} {}

  [[nodiscard]] std::string write(const std::vector<ProviderEntry>& providers) {
    out_ = say(englishIntro, chineseIntro);
    typeTable();
    configurations(providers);
    commonErrors();
    for (const auto& provider : providers) services(provider);
    payments(providers);
    return out_;
  }

 private:
  [[nodiscard]] std::string say(std::string_view english, std::string_view chinese) const {
    return std::string{chinese_ ? chinese : english};
  }
  [[nodiscard]] const std::string& say(const Meaning& meaning) const { return chinese_ ? meaning.chinese : meaning.english; }

  static std::string cell(std::string_view text) {
    std::string out;
    for (const char c : text) {
      if (c == '|') out += '\\';
      out += c;
    }
    return out;
  }

  void row(const std::vector<std::string>& cells) {
    for (const auto& text : cells) out_ += "| " + cell(text) + " ";
    out_ += "|\n";
  }

  void head(const std::vector<std::string>& cells) {
    row(cells);
    row(std::vector<std::string>(cells.size(), "---"));
  }

  void typeTable() {
    out_ += say("## Types\n\n", "## 类型\n\n");
    head({say("type", "类型"), say("as JSON", "JSON 中的形式")});
    for (const auto& type : types) row({std::string{type[0]}, say(type[1], type[2])});
    out_ += say(
        "\nAn input may hold any other parameter of the platform's own documents, and a result whatever else came back, where a\n"
        "table ends with `…`. A member that is not required may be left out. Inputs may also be spelt as the platform spells\n"
        "them: `out_trade_no`.\n\n",
        "\n表格以 `…` "
        "结尾时，入参可包含平台文档中的任何其他参数，返回值包含平台返回的其他内容。非必填的成员可以省略。入参也可用平台的写法，如"
        " `out_trade_no`。\n\n");
  }

  void configurations(const std::vector<ProviderEntry>& providers) {
    out_ += say("## Configuration\n\n", "## 配置\n\n");
    for (const auto& provider : providers) {
      const auto shape = provider.config();
      out_ += "### " + std::string{shape.structName} + "\n\n";
      table(shape, say("required", "必填"));
    }
  }

  void commonErrors() {
    out_ += say("## Error codes of every call with an access token\n\n", "## 使用接口调用凭证的方法共有的错误码\n\n");
    errorRows(texts_.errors("*"));
  }

  void services(const ProviderEntry& provider) {
    std::string group;
    for (const auto& method : provider.methods) {
      const std::string name{method.name};
      const auto prefix = name.substr(0, name.find('.'));
      if (prefix == "payment" && provider.name != "bmob") continue;
      if (prefix != group) out_ += "## " + std::string{provider.name} + " " + prefix + "\n\n";
      group = prefix;
      one(std::string{provider.name} + " " + name, name, commentOf(provider.name, name), method);
    }
  }

  void payments(const std::vector<ProviderEntry>& providers) {
    out_ += "## payment\n\n" + say("The same methods for WeChat Pay (`weixin`) and Alipay (`alipay`).\n\n",
                                   "微信支付（`weixin`）和支付宝（`alipay`）的方法相同。\n\n");
    for (const auto& method : providers.front().methods) {
      const std::string name{method.name};
      if (name.starts_with("payment.")) one(name, name, "Payment" + name.substr(name.find('.')), method);
    }
  }

  /// Where in the headers a method is explained: `bmob::User.login` for `user.login`.
  static std::string commentOf(std::string_view provider, const std::string& name) {
    constexpr std::array<std::array<std::string_view, 2>, 3> others{
        {{"query.", "bmob::Rows."}, {"file.", "bmob::Files."}, {"user.register", "bmob::User.registerUser"}}};
    for (const auto& [beginning, place] : others) {
      if (provider == "bmob" && name.starts_with(beginning)) return std::string{place} + name.substr(beginning.size());
    }
    const auto dot = name.find('.');
    return std::string{provider} + "::" + capital(name.substr(0, dot)) + name.substr(dot);
  }

  static std::string capital(std::string text) {
    text.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(text.front())));
    return text;
  }

  void one(const std::string& title, const std::string& name, const std::string& comment, const Method& method) {
    out_ += "### " + title + "\n\n" + say(texts_.method(title, comment)) + "\n\n";
    const auto input = method.input();
    out_ += say("Input:\n\n", "入参：\n\n");
    table(input, say("required", "必填"));
    out_ += say("Output:\n\n", "返回值：\n\n");
    table(method.output(), say("always there", "必有"));
    const bool isBmob = title.starts_with("bmob ");
    values(isBmob ? title : name);
    const auto errors = texts_.errors(isBmob || title.starts_with("alipay ") ? title : name);
    if (errors.empty()) return;
    out_ += say("Error codes:\n\n", "错误码：\n\n");
    errorRows(errors);
  }

  void table(const Shape& shape, const std::string& required) {
    if (shape.members.empty() && !shape.extra) {
      out_ += say("nothing.\n\n", "无。\n\n");
      return;
    }
    head({say("member", "名称"), say("type", "类型"), required, say("meaning", "说明")});
    members("", shape.structName, shape.members);
    if (shape.extra) row({"…", "", "", say("other members", "其他成员")});
    out_ += "\n";
  }

  void members(const std::string& path, std::string_view structName, const std::vector<MemberShape>& shapes) {
    for (const auto& member : shapes) {
      const auto name = path + std::string{member.name};
      row({"`" + name + "`", std::string{member.type}, member.required ? say("yes", "是") : "",
           say(texts_.member(structName, member.name))});
      members(name + (member.type == "list" ? "[]." : "."), member.structName, member.members);
    }
  }

  void values(const std::string& method) {
    std::string open;
    for (const auto& value : texts_.values(method)) {
      const auto title = "`" + value.member + "`" + (say(value.title).empty() ? "" : say(", ", "，") + say(value.title));
      if (title != open) {
        if (!open.empty()) out_ += "\n";
        out_ += say("Values of ", "取值：") + title + say(":\n\n", "\n\n");
        head({say("value", "值"), say("meaning", "说明")});
      }
      open = title;
      row({"`" + value.value + "`", say(value.meaning)});
    }
    if (!open.empty()) out_ += "\n";
  }

  void errorRows(const std::vector<ErrorCode>& errors) {
    head({say("code", "错误码"), say("meaning", "说明")});
    for (const auto& error : errors) row({"`" + error.code + "`", say(error.meaning)});
    out_ += "\n";
  }

  Texts& texts_;
  bool chinese_;
  std::string out_{};
};

}  // namespace

std::string page(Texts& texts, const std::vector<ProviderEntry>& providers, Language language) {
  auto text = Writer{texts, language}.write(providers);
  text.erase(text.find_last_not_of('\n') + 2);
  return text;
}

}  // namespace reference
