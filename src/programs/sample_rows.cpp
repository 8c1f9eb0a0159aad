#include "programs/sample_rows.h"

#include <fmt/format.h>

#include <cstdio>
#include <string>

#include "core/printable_json.h"
#include "core/utf8.h"
#include "data_io/describe.h"

namespace arf {
namespace {

constexpr std::size_t kShownTurns = 10;  // at either end of a long dialogue

void print(const std::string& text) { std::fputs(text.c_str(), stdout); }

const char* role_name(const Turn& turn) {
  return turn.role == TurnRole::kUser ? "user" : "assistant";
}

void print_turn(const Turn& turn) {
  std::string score;
  if (const auto& s = turn.satisfaction) {
    score = fmt::format("  [{:.2f} {:.2f} {:.2f}]", s->bad, s->neutral, s->good);
  }
  print(fmt::format("    {:<10} {}{}\n", role_name(turn), printable(turn.text), score));
}

Json to_json(const Satisfaction& score) { return {score.bad, score.neutral, score.good}; }

Json to_json(const Turn& turn) {
  Json json = {{"role", role_name(turn)}, {"text", turn.text}};
  if (turn.satisfaction) json["satisfaction"] = to_json(*turn.satisfaction);
  for (const Satisfaction& old : turn.history) json["history"].push_back(to_json(old));
  return json;
}

// The keys of a row before `turns`, and those behind them.
Json keys_before_turns(const Dialogue& row) {
  Json json = {{"id", row.id}, {"source", row.source}, {"task", row.task}};
  if (!row.system.empty()) json["system"] = row.system;
  return json;
}

Json keys_behind_turns(const Dialogue& row) {
  Json json = Json::object();
  if (row.rejected) json["rejected"] = *row.rejected;
  if (row.rejected_satisfaction) {
    json["rejected_satisfaction"] = to_json(*row.rejected_satisfaction);
  }
  json["provenance"] = {{"file", row.provenance.file}, {"row", row.provenance.row}};
  if (!row.provenance.parent.empty()) {
    json["provenance"]["parent"] = row.provenance.parent;
    json["provenance"]["augmentation"] = row.provenance.augmentation;
    json["provenance"]["random_key"] = row.provenance.random_key;
  }
  return json;
}

// An object that goes on, and one that goes on from there.
std::string opened(const Json& object, int indent = -1) {
  std::string text = printable_json(object, indent);
  text.pop_back();
  if (text.back() == '\n') text.pop_back();
  return text + ",";
}
std::string continued(const Json& object) { return "," + printable_json(object).substr(1); }

void print_json_row(const Dialogue& row) {
  print("\n    " + opened(keys_before_turns(row)) + "\"turns\":[");
  const char* before = "\n      ";
  for (const Turn& turn : row.turns) {
    print(before + printable_json(to_json(turn)));
    before = ",\n      ";
  }
  print("]" + continued(keys_behind_turns(row)));
}

}  // namespace

void print_row(const Dialogue& row) {
  print(fmt::format("\n  {} ({}, {})\n", printable(row.id), printable(row.source),
                    printable(row.task)));
  if (!row.system.empty()) print(fmt::format("    system     {}\n", printable(row.system)));
  const std::size_t turns = row.turns.size();
  const bool is_long = turns > 2 * kShownTurns + 1;
  for (std::size_t i = 0; i < turns; ++i) {
    if (is_long && i == kShownTurns) {
      i = turns - kShownTurns;
      print(fmt::format("    ...        {} turns, which --json shows, too\n", i - kShownTurns));
    }
    print_turn(row.turns[i]);
  }
  if (row.rejected) print(fmt::format("    rejected   {}\n", printable(*row.rejected)));
}

void print_json_with_rows(const Json& description, const std::filesystem::path& path,
                          std::uint64_t count) {
  print(opened(description, 2) + "\n  \"samples\": [");
  bool is_first = true;
  for_first_rows(path, count, [&](const Dialogue& row) {
    if (!is_first) print(",");
    is_first = false;
    print_json_row(row);
  });
  print("]\n}\n");
}

}  // namespace arf
