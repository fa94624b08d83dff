#include <algorithm>
#include <nlohmann/json.hpp>

#include "data/select.hpp"
#include "data/split.hpp"
#include "data/table_file.hpp"
#include "data/text.hpp"
#include "data/text_flow.hpp"
#include "data/text_rows.hpp"
#include "data/unread_texts.hpp"
#include "data/words.hpp"
#include "spec/spec.hpp"
#include "text/utf8.hpp"

namespace bpnet {

namespace {

namespace fs = std::filesystem;

constexpr const char* text_column = "text";  // what a text is called as if it were a column

bool looks_like_table(const fs::path& path) {
  const std::string end = unpacked_extension(path);
  return named_json_lines(path) || end == ".csv" || end == ".tsv";
}

/// A tokenizer that gives back any bytes may read any.
void refuse_other_encodings(std::string_view text, const Tokenizer& tokenizer, const fs::path& path) {
  const std::size_t at = find_no_utf8(text);
  if (at == std::string_view::npos) return;
  std::vector<std::int32_t> ids;
  tokenizer.encode("\xFF", ids);
  if (tokenizer.decode(ids) == "\xFF") return;
  const std::string_view before = text.substr(0, at);
  const auto line = std::count(before.begin(), before.end(), '\n') + 1;
  const std::size_t begin = before.rfind('\n') + 1;  // npos + 1 is 0
  Problem problem;
  problem.place = {path.string(), static_cast<int>(line), static_cast<int>(at - begin) + 1, 0, ""};
  problem.message = "the text is not UTF-8 here";
  problem.help = {"save it as UTF-8; or learn from its bytes as they are: tokenizer: bytes"};
  throw Error(Fault::data, {std::move(problem)});
}

/// A text without the byte order mark it may begin with.
std::string text_in(const fs::path& path, const Tokenizer& tokenizer) {
  std::string text = TextFlow(ByteFlow(path, path.string()), TextEncoding::utf_8, true).rest();
  refuse_other_encodings(text, tokenizer, path);
  return text;
}

std::string joined(const FileList& files, const char* key, const Tokenizer& any, Dataset& out, bool hash) {
  std::string all;
  for (const FileItem& item : files) {
    if (!item.alone())
      throw Error(Fault::configuration,
                  std::string(key) + ": a language model reads whole texts, not columns side by side",
                  {std::string("say ") + key + ": PATH, or a list of paths"});
    const fs::path path = item.files[0].second;
    if (std::error_code failed; !fs::exists(path, failed))
      throw Error(Fault::missing_input, std::string(key) + ": there is no file " + in_quotes(path.string()));
    all += text_in(path, any);
    const fs::path absolute = fs::absolute(path).lexically_normal();
    out.files.push_back({absolute.string(), hash ? hash_of_data(absolute) : "", ""});
  }
  return all;
}

// A cut at a byte, moved to where a character begins.
std::size_t at_character(std::string_view text, double share) {
  auto at = static_cast<std::size_t>(share * static_cast<double>(text.size()));
  while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80) ++at;
  return at;
}

double share_of(const Length& length, const char* key) {
  if (length.unit != Length::Unit::percent)
    throw Error(Fault::configuration, std::string(key) + ": a text is cut in shares of its length",
                {"say 10%"});
  return length.value / 100;
}

void check(const DataSettings& settings) {
  std::vector<Problem> problems;
  const auto refuse = [&](bool given, const char* key, const char* why) {
    if (given) problems.push_back({{}, std::string(key) + ": " + why, {"leave it out"}});
  };
  CsvSettings csv = settings.csv, plain;
  refuse(settings_to_json(csv) != settings_to_json(plain), "data.csv", "a text is read as it stands");
  refuse(settings.features != std::vector<std::string>{"*"}, "data.features", "a text has no columns");
  refuse(settings.split.stratify == SplitSettings::Stratify::yes, "data.split.stratify",
         "a text is cut in its own order");
  refuse(settings.windows, "data.series", "a text has no columns");
  refuse(!settings.target.empty(), "data.target", "a language model learns what comes next, not a column");
  refuse(!settings.weight.empty(), "data.weight", "a text has no columns");
  refuse(!settings.ignore.empty(), "data.ignore", "a text has no columns");
  refuse(!settings.split.group.empty(), "data.split.group", "a text has no columns");
  refuse(!settings.split.order.empty(), "data.split.order", "a text is cut in its own order");
  refuse(!settings.split.column.empty(), "data.split.column", "a text has no columns");
  if (!problems.empty()) throw Error(Fault::configuration, std::move(problems));
  check_split(settings.split);
}

/// How the text is cut: as the task says, or as the column `text` is declared.
DataRequest::Text way_of_cutting(const DataSettings& settings, const DataRequest& request) {
  constexpr std::int64_t usual_context = 128;
  DataRequest::Text out = *request.text;
  for (const auto& [pattern, choice] : settings.columns) {
    const auto refuse = [&place = choice.place](std::string message, std::string way_out) {
      throw Error(Fault::configuration, place, std::move(message), {std::move(way_out)});
    };
    if (!matches(pattern, text_column))
      refuse("data.columns." + pattern + ": a text has no columns",
             "leave it out, or call the text itself " + std::string(text_column));
    const auto text = choice.as<Text>();
    if (!text) refuse("a language model reads a text, not a " + choice.name(), "write text");
    if (out.tokenizer || out.context)
      refuse("the task says what tokens of the text are, or how many a window has, as well",
             "leave tokenizer and context of the task out, or this column");
    if (text->ngrams > 1)
      refuse("ngrams: a language model tells one token after the other", "leave ngrams out");
    out = {text->tokenizer_type(), text->max_length};
  }
  if (!out.tokenizer) out.tokenizer = choose(tokenizers, "characters").as<TokenizerType>();
  if (!out.context) out.context = usual_context;
  return out;
}

}  // namespace

Dataset load_text(const DataSettings& settings, const DataRequest& request) {
  check(settings);
  const DataRequest::Text way = way_of_cutting(settings, request);
  Dataset out;
  const bool cut = !settings.file.empty(), hash = request.hash_files;
  const auto any = way.tokenizer->train(std::vector<std::string_view>{"\xFF"});  // knows all bytes, or none
  std::array<std::string, 3> texts;
  texts[0] = joined(cut ? settings.file : settings.train, cut ? "data.file" : "data.train", *any, out, hash);
  texts[1] = joined(settings.validation, "data.validation", *any, out, hash);
  texts[2] = joined(settings.test, "data.test", *any, out, hash);
  const double test = cut && settings.test.empty() ? share_of(settings.split.test, "data.split.test") : 0;
  const double validation =
      settings.validation.empty() ? share_of(settings.split.validation, "data.split.validation") : 0;
  if (test > 0) {
    const std::size_t at = at_character(texts[0], 1 - test);
    texts[2] = texts[0].substr(at);
    texts[0].resize(at);
  }
  if (validation > 0) {
    const std::size_t at = at_character(texts[0], (1 - test - validation) / (1 - test));
    texts[1] = texts[0].substr(at);
    texts[0].resize(at);
  }
  for (const Dataset::File& file : out.files)
    if (looks_like_table(file.path))
      out.warnings.push_back({{},
                              file.path +
                                  " looks like a table: a language model reads its lines as they are, names "
                                  "of columns and all",
                              {"write the texts alone to a file, one behind the other"},
                              Severity::warning});
  const auto tokenizer = way.tokenizer->train(std::vector<std::string_view>{texts[0]});
  std::vector<std::int32_t> tokens;
  std::vector<TextPart> parts;
  std::vector<std::int64_t> counts(static_cast<std::size_t>(tokenizer->size()));
  static constexpr const char* names[] = {"training", "validation", "test"};
  for (std::size_t p = 0; p < 3; ++p) {
    const std::size_t first = tokens.size();
    tokenizer->encode(texts[p], tokens);
    parts.push_back({first, tokens.size() - first});
    std::int64_t unknown = 0;
    for (std::size_t i = first; i < tokens.size(); ++i) {
      unknown += tokens[i] == Tokenizer::unknown;
      if (p == 0) ++counts[static_cast<std::size_t>(tokens[i])];
    }
    if (p > 0 && unknown > 0)
      out.warnings.push_back({{},
                              "the " + std::string(names[p]) + " text has " + count_of(unknown, "token") +
                                  " that the " + place_of_known(counts) + " has not",
                              {},
                              Severity::warning});
  }
  if (parts[0].count < 2)
    throw Error(Fault::data,
                out.files[0].path + ": the training text has fewer than two tokens, so nothing follows",
                {"a language model needs a text, better one that is longer than its context"});
  const std::int64_t unknown = counts[Tokenizer::unknown];
  if (auto problem =
          mostly_unknown("the text", unknown, static_cast<std::int64_t>(parts[0].count), tokenizer->size()))
    out.warnings.push_back(std::move(*problem));
  const auto encoding =
      std::make_shared<TextWindows>(tokenizer, static_cast<int>(*way.context), std::move(counts));
  const auto rows = std::make_shared<TextRows>(encoding, std::move(tokens), parts, out.files[0].path);
  for (std::size_t p = 0; p < 3; ++p) out.parts[p] = rows->rows_of(p);
  ColumnReport column;
  column.name = text_column;
  column.type = "text";
  column.why = "read as one text";
  column.detail = count_of(tokenizer->size(), "token") + "; read are " + std::to_string(parts[0].count) +
                  " in training, " + std::to_string(parts[1].count) + " in validation, " +
                  std::to_string(parts[2].count) + " in the test";
  out.columns.push_back(std::move(column));
  out.encoding = encoding;
  out.rows = rows;
  return out;
}

OtherRows load_other_text(const std::shared_ptr<const TextWindows>& encoding, const FileItem& item) {
  if (!item.alone())
    throw Error(Fault::command_line, "this model reads a whole text, not columns side by side",
                {"name one file"});
  const fs::path file = item.files[0].second;
  OtherRows out;
  std::vector<std::int32_t> tokens;
  encoding->tokenizer().encode(text_in(file, encoding->tokenizer()), tokens);
  const std::size_t count = tokens.size();
  if (const auto unknown = std::count(tokens.begin(), tokens.end(), Tokenizer::unknown); unknown > 0)
    out.warnings.push_back({{file.string(), 0, 0, 0, ""},
                            count_of(unknown, "token") + " that the " +
                                place_of_known(encoding->targets()[0].counts) + " has not, of " +
                                std::to_string(count),
                            {},
                            Severity::warning});
  const auto rows = std::make_shared<TextRows>(encoding, std::move(tokens), std::vector<TextPart>{{0, count}},
                                               file.string());
  out.which = rows->rows_of(0);
  if (out.which.empty())
    throw Error(Fault::data, file.string() + ": the text has fewer than two tokens, so nothing follows");
  out.rows = rows;
  return out;
}

}  // namespace bpnet
